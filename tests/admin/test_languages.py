"""In which language a page speaks."""

import pytest
from pyramid.request import Request

from shoptrack.catalog.resources import CategoryResource
from shoptrack_admin.testing import ENVIRON
from shoptrack_admin.translation import translate_for_request

pytestmark = pytest.mark.database("sqlite")


def language(page):
    assert page.headers["Content-Language"] == page.html.html["lang"]
    return page.html.html["lang"]


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("ja", "ja"),
        ("ja-JP,en;q=0.5", "ja"),
        ("de,ja;q=0.1", "ja"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        ("ja;q=0, en", "en"),
        ("\N{LATIN SMALL LETTER E WITH ACUTE};;q=x", "en"),
    ],
)
def test_the_browsers_preference_counts(visitor, accepted, spoken):
    visitor.extra_environ["HTTP_ACCEPT_LANGUAGE"] = accepted
    page = visitor.get("/admin/login/")
    assert language(page) == spoken
    assert page.html.h1.text == {"en": "Sign in", "ja": "サインイン"}[spoken]


def test_the_switch_counts_more_and_leads_back(visitor):
    page = visitor.get("/admin/login/?next=/admin/account/")
    answer = page.forms[1].submit("language", value="ja")
    assert answer.location == "https://localhost/admin/login/?next=/admin/account/"
    page = answer.follow()
    assert language(page) == "ja"
    marked = page.html.footer.find(attrs={"aria-current": "true"})
    assert (marked.text, marked["lang"]) == ("日本語", "ja")
    assert language(page.forms[1].submit("language", value="en").follow()) == "en"


def test_an_unknown_language_changes_nothing(admin, submit):
    answer = submit(admin, "/admin/language/", {"language": "xx", "next": "//evil.example"})
    assert answer.location == "https://localhost/admin/"
    assert "Set-Cookie" not in answer.headers


def test_the_choice_is_kept_for_a_year_for_these_pages_alone(admin, submit):
    answer = submit(admin, "/admin/language/", {"language": "ja"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("shoptrack-language=ja; Max-Age=31536000; Path=/admin/; ")
    assert cookie.endswith("; secure; HttpOnly; SameSite=Strict")


def test_errors_are_told_in_the_language_too(admin):
    admin.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "ja"}
    assert admin.get("/admin/nothing/", status=404).html.h1.text == "ページが見つかりません"


def test_what_people_wrote_is_never_translated(admin, make):
    make.record(product_id=make.product(name="stores").id, store_id=make.store(name="Password").id)
    admin.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "ja"}
    text = admin.get("/admin/").html.find(id="newest").parent.tbody.text
    assert "stores" in text
    assert "Password" in text


def test_marked_texts_alone_pass_the_filter(app):
    with app.request_context(Request.blank("/admin/").environ) as request:
        request.accept_language = "ja"
        assert translate_for_request(request, CategoryResource.noun()) == "カテゴリー"
        assert translate_for_request(request, str(CategoryResource.noun())) == "category"
