"""Where a page may lead to next."""

import pytest

from shoptrack_admin.redirects import parse_safe_path


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/categories/?q=%E8%82%89&o=-name",
        "/admin/a/#b",
        "/admin/?q=/../",
        "/admin/a..b/",
        "/admin/" + "a" * 2041,
    ],
)
def test_pages_of_the_administration_are_fine(path):
    assert parse_safe_path(path, "") == path


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "/",
        "/api/",
        "admin/",
        "https://evil.example",
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "///evil.example/admin/",
        "/\\evil.example/admin/",
        "\\/admin/",
        "/admin/\\evil",
        "http:evil.example",
        "http:/admin/",
        "javascript:alert(1)",
        " /admin/",
        "\t/admin/",
        "\x00/admin/",
        "/admin/ ",
        "/admin/\r\nSet-Cookie: a=b",
        "/admin/\N{IDEOGRAPHIC SPACE}",
        "https://localhost@evil.example/admin/",
        "/admin/" + "a" * 2042,
        "/admin/..//evil.example",
        "/admin/../api/",
        "/admin/..",
        "/admin/./",
        "/admin/.?q=1",
        "/admin/..#b",
        "/admin/%2e%2e//evil.example",
        "/admin/%2E./api/",
        "/admin/.%2e/api/",
        "/admin/a/../../api/",
        "/admin/%2e%2e%2fapi/",
        "/admin/..%5capi/",
        "/admin/..\\\\evil.example",
        "/admin/.\t./api/",
    ],
)
def test_everything_else_is_passed_over(address):
    assert parse_safe_path(address, "") is None
