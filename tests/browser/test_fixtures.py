"""The fixtures themselves: what they notice, and what they can be asked for."""

import shutil

import pytest
from playwright.sync_api import expect

from .accessibility import SCRIPTS_ARE_OFF, violations
from .chromium import program
from .watch import Watch


@pytest.fixture
def watch(site) -> Watch:
    """A watch that fails nobody at the end."""
    return Watch(site)


def test_the_application_is_there(page, watch):
    answer = page.goto("/api/")
    assert answer.json()["categories"].endswith("/api/categories/")
    assert watch.problems() == []


def test_another_host_is_noticed_and_not_reached(page, watch):
    page.set_content("<img src='https://example.com/a.png' onerror='document.title=`failed`'>")
    expect(page).to_have_title("failed")
    assert "asked another host: https://example.com/a.png" in watch.problems()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("console.error('broken')", "the console says: broken"),
        ("missing()", "the console says: missing is not defined"),
        ("fetch('http://example.com/')", "asked another host: http://example.com/"),
    ],
)
def test_what_scripts_do_wrong_is_noticed(page, watch, script, error):
    page.set_content(f"<script>{script}</script>")
    assert any(problem.startswith(error) for problem in watch.problems())


def test_a_broken_policy_is_noticed(page, watch):
    page.goto("/healthz")
    page.evaluate("document.body.innerHTML = '<p style=\"color: red\">InvalidValue</p>'")
    assert any("Content Security Policy" in problem for problem in watch.problems())


def test_an_error_can_be_expected_and_must_come(page, watch):
    watch.expect_error("status of 404")
    page.goto("/nothing/")
    assert watch.problems() == []
    watch.expect_error("status of 418")
    assert watch.problems() == ["no error matched: status of 418"]


def test_a_page_has_the_language_and_the_size_that_were_asked_for(new_page):
    page = new_page(locale="ja-JP", width=360, height=640)
    page.goto("/api/")
    asked = "[navigator.language, innerWidth, innerHeight]"
    assert page.evaluate(asked) == ["ja-JP", 360, 640]


def test_scripts_can_be_switched_off(new_page):
    page = new_page(javascript=False)
    page.set_content("<p>before</p><script>document.querySelector('p').remove()</script>")
    expect(page.get_by_text("before")).to_be_visible()


def test_pages_share_no_cookies(new_page, site):
    first, second = new_page(), new_page()
    first.context.add_cookies([{"name": "a", "value": "b", "url": site}])
    assert second.context.cookies() == []


@pytest.mark.parametrize("javascript", [True, False])
def test_inaccessible_pages_are_noticed(new_page, javascript):
    page = new_page(javascript=javascript)
    page.set_content("<title>A page</title><main><h1>A page</h1><img src='data:,'></main>")
    found = [violation.partition(" ")[0] for violation in violations(page)]
    assert found == ["html-has-lang", "image-alt"]
    assert violations(page, leave_out=["img"], rules_off=["html-has-lang"]) == []


def test_looking_for_violations_switches_no_scripts_on(new_page):
    page = new_page(javascript=False)
    page.goto("/api/")
    violations(page)
    page.set_content("<p>before</p><script>document.querySelector('p').remove()</script>")
    expect(page.get_by_text("before")).to_be_visible()
    page.goto("/api/")
    assert page.evaluate(SCRIPTS_ARE_OFF)


def test_without_a_browser_tests_are_skipped(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        program()
