"""The language of pages: the user's, else the one selected in this browser, else the browser's, else English.

The user’s is stored with the account, so it is the same on every device. The cookie is for visitors, as on the sign-in
page.
"""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.permissions import get_cached_identity, is_page_request
from shoptrack.settings import Settings
from shoptrack_admin.pages import add_page
from shoptrack_admin.redirects import parse_safe_path
from shoptrack_auth import browser_sessions
from shoptrack_auth.own_profile import set_own_language

COOKIE = "shoptrack-language"
COOKIE_SECONDS = 365 * 86_400
LANGUAGE_NAMES = {"en": "English", "ja": "日本語"}  # each in its own language


def negotiate_language(request) -> str:
    """Return the language of a request's pages, such as ``ja``."""
    if not is_page_request(request):
        return "en"
    user: Any = get_cached_identity(request)
    if user and user.language in LANGUAGE_NAMES:
        return user.language
    language = request.cookies.get(browser_sessions.add_cookie_prefix(request, COOKIE))
    if language in LANGUAGE_NAMES:
        return language
    return request.accept_language.lookup(list(LANGUAGE_NAMES), default="en")


def set_language(request) -> HTTPSeeOther:
    """Store the selected language with the account and in a cookie, and redirect to the page."""
    following = parse_safe_path(request.form.get("next"), request.script_name)
    response = HTTPSeeOther(following or request.route_path("admin:index"))
    language = request.form.get("language")
    if language in LANGUAGE_NAMES:
        if request.identity:
            set_own_language(request, language)
        store_language(request, response, language)
    return response


def store_language(request, response: Response, language: str) -> None:
    """Store the language in a cookie, or delete the cookie for an empty language."""
    response.set_cookie(
        browser_sessions.add_cookie_prefix(request, COOKIE),
        language or None,
        max_age=COOKIE_SECONDS,
        path=browser_sessions.get_cookie_path(request),
        httponly=True,
        samesite="Strict",
        secure=not Settings.of(request.registry).debug,
    )


def includeme(config):
    """Set the locale negotiator, and serve the selection of a language."""
    config.set_locale_negotiator(negotiate_language)
    add_page(config, "language", "language/", post=set_language, permission=NO_PERMISSION_REQUIRED)
