"""Who gets in, and from where a request may come."""

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

LOGIN = "https://localhost/admin/login/"


@pytest.fixture
def token(admin):
    return admin.get("/admin/").forms[0]["csrf_token"].value


@pytest.fixture
def switch(admin, token):
    """Post to a page that changes something: the language."""

    def switch(status=403, **headers):
        fields = {"csrf_token": headers.pop("csrf_token", token), "language": "ja"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = admin.post("/admin/language/", fields, headers=given, status=status)
        assert ("Set-Cookie" in answer.headers) is (status == 303)
        return answer

    return switch


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/account/", "/admin/nothing/", "/admin/%E3%81%82"]
)
def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(visitor, path):
    answer = visitor.get(path, status=302)
    assert answer.location.startswith(f"{LOGIN}?next=%2Fadmin%2F")


def test_the_sign_in_page_leads_back(visitor):
    answer = visitor.get("/admin/categories/?q=a&q=%E8%82%89", status=302)
    assert answer.location == (
        f"{LOGIN}?next=%2Fadmin%2Fcategories%2F%3Fq%3Da%26q%3D%25E8%2582%2589"
    )


def test_a_page_for_staff_says_so_to_others(browser_of, user):
    page = browser_of(user).get("/admin/users/?search=a", status=403)
    sentence = (
        "Your account has no access to “Users”, which is for staff. Ask a user administrator."
    )
    assert sentence in page
    assert page.html.find(class_="menu").find("a").text == "Enter a receipt"


@pytest.mark.model_permissions
def test_a_page_without_the_permission_says_so(browser_of, user):
    client = browser_of(user)
    sentence = (
        "Your account has no access to “Stores”. Ask a user administrator for the permission."
    )
    assert sentence in client.get("/admin/stores/", status=403)
    assert sentence in client.get("/admin/stores/add/", status=403)
    assert "Your account has no access to “History”" in client.get(
        "/admin/stores/1/history/", status=403
    )


def test_whoever_signs_in_to_a_page_for_staff_reads_why_it_stays_shut(visitor, user):
    form = visitor.get("/admin/groups/").follow().forms[0]
    form["username"], form["password"] = user.username, PASSWORD
    page = form.submit(status=303).follow(status=403)
    assert "Your account has no access to “Groups”" in page


def test_a_bearer_token_opens_no_page(visitor, auth_headers, superuser):
    visitor.get("/admin/", headers=auth_headers(superuser), status=302)


def test_a_session_opens_nothing_of_the_api(admin):
    admin.get("/api/categories/", status=401)


def test_a_page_with_its_token_is_believed(switch):
    switch(status=303)


@pytest.mark.parametrize("wrong", ["", "x", "あ", "a" * 5000])
def test_a_wrong_token_is_refused(switch, wrong):
    page = switch(csrf_token=wrong)
    assert "Nothing was changed" in page


def test_a_form_has_a_thousand_fields_at_most(admin, token):
    fields = [("csrf_token", token), ("language", "ja"), *[("more", "")] * 998]
    admin.post("/admin/language/", fields, status=303)
    page = admin.post("/admin/language/", [*fields, ("more", "")], status=400)
    assert "More than 1000 fields." in page


def test_a_token_that_was_altered_is_refused(switch, token):
    switch(csrf_token=token[:-2] + ("A=" if token[-2] != "A" else "E="))
    switch(csrf_token=("b" if token[0] != "b" else "c") + token[1:])


def test_a_token_of_another_session_is_refused(switch, browser_of, staff):
    other = browser_of(staff).get("/admin/").forms[0]["csrf_token"].value
    switch(csrf_token=other)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://localhost.evil.example",
        "https://localhost:8443",
        "http://localhost",
        "null",
        "https://localhost@evil.example",
    ],
)
def test_another_origin_is_refused_whatever_token_it_sends(switch, origin):
    switch(Origin=origin)
    switch(Origin="", Referer=f"{origin}/admin/")


def test_a_proxy_that_the_server_does_not_know_is_named_as_the_reason(switch):
    assert "SHOPTRACK_TRUSTED_PROXIES" in switch(Origin="http://localhost")
    assert "SHOPTRACK_TRUSTED_PROXIES" not in switch(Origin="http://localhost:81")


def test_where_the_browser_names_no_origin_the_page_counts(switch):
    switch(status=303, Origin="", Referer="https://localhost/admin/?a=b")
    switch(Origin="", Referer="")
    switch(Origin="", Referer="https://[")


def test_the_origin_is_asked_for_on_plain_http_too(app, hasher):
    from webtest import TestApp

    client = TestApp(app)
    client.post("/admin/language/", {}, headers={"Origin": "http://evil.example"}, status=403)


def test_a_browser_without_the_cookie_is_told_what_it_needs(visitor):
    page = visitor.post("/admin/language/", {"csrf_token": "x"}, status=403)
    assert "Allow cookies" in page


def test_a_token_is_never_twice_the_same(admin):
    tokens = {admin.get("/admin/").forms[0]["csrf_token"].value for _ in range(3)}
    assert len(tokens) == 3


def test_other_methods_are_guarded_as_well(admin):
    for method in ("PUT", "PATCH", "DELETE"):
        admin.request("/admin/language/", method=method, status=403)
