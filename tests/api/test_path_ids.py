"""Ids in paths: numbers that no row has, and what is no number."""

import pytest

pytestmark = pytest.mark.database("sqlite")

MODELS = {
    "categories": "Category",
    "units": "Unit",
    "manufacturers": "Manufacturer",
    "origins": "Origin",
    "stores": "Store",
    "products": "Product",
    "shopping-records": "ShoppingRecord",
}


@pytest.fixture
def details(api):
    """Return a function that asks for an address by each verb of a row, and returns what is said."""

    def details(address, status=404):
        return {
            api.request(address, method=method, status=status).json["detail"]
            for method in ("GET", "PUT", "PATCH", "DELETE")
        }

    return details


def test_a_missing_row_is_answered_by_the_models_name(details, path, url):
    assert details(f"{url}999/") == {f"No {MODELS[path]} matches the given query."}


@pytest.mark.database("sqlite", "postgresql")
def test_any_number_is_the_id_of_a_row_that_may_be_missing(details, make):
    make.unit()
    for id in (
        "0",
        "-1",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "9999999999999999999",
        "9" * 30,
        "-" + "9" * 30,
        "9" * 5000,
    ):
        assert details(f"/api/units/{id}/") == {"No Unit matches the given query."}, id[:25]


@pytest.mark.parametrize(
    "id",
    [
        "abc",
        "1.0",
        "1e0",
        "+1",
        "--1",
        "-",
        "1_0",
        "0x1",
        "%201",
        "1%20",
        "1%0A",
        "%EF%BC%91",  # a full-width digit
        "%C2%B2",  # a superscript
        "1%00",
        "%00",
        "None",
        "%25",
        "1;2",
        "1,2",
        "'%20OR%201=1",
        "%F0%9F%8D%95",
        "{id}",
    ],
)
def test_what_is_no_number_is_not_found(details, make, id):
    make.unit()
    assert details(f"/api/units/{id}/") == {"Not found."}


@pytest.mark.parametrize("path", ["1%2F2/", "1/2/", "/", "1//", "../units/1/", "%2E%2E/"])
def test_a_path_of_more_parts_or_none_is_not_found(details, path):
    assert details(f"/api/units/{path}") == {"Not found."}


@pytest.mark.parametrize("path", ["%ff/", "1%ff/", "%ED%A0%80/", "%C0%80/", "%E7%89/"])
def test_a_path_that_is_no_utf8_is_refused(details, path):
    assert details(f"/api/units/{path}", status=400) == {"The address is not valid UTF-8."}


def test_leading_zeros_do_not_matter(api, make):
    unit = make.unit()
    assert api.get(f"/api/units/000{unit.id}/", status=200).json["id"] == unit.id


@pytest.mark.parametrize(
    "path", ["/api/nothing/", "/api/nothing/1/", "/api/categories/1/products/"]
)
def test_an_unknown_path_is_not_found_by_anybody(client, path):
    for method in ("GET", "POST", "DELETE", "TRACE"):
        assert client.request(path, method=method, status=404).json == {"detail": "Not found."}
