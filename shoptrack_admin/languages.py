"""The language of pages: the selected one, else the browser's, else English."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.permissions import is_page_request
from shoptrack.settings import Settings
from shoptrack_admin.pages import add_page
from shoptrack_admin.redirects import parse_safe_path
from shoptrack_auth import browser_sessions

COOKIE = "shoptrack-language"
COOKIE_SECONDS = 365 * 86_400
LANGUAGE_NAMES = {"en": "English", "ja": "日本語"}  # each in its own language


def negotiate_language(request) -> str:
    """Return the language of a request's pages, such as ``ja``."""
    if not is_page_request(request):
        return "en"
    language = request.cookies.get(browser_sessions.add_cookie_prefix(request, COOKIE))
    if language in LANGUAGE_NAMES:
        return language
    return request.accept_language.lookup(list(LANGUAGE_NAMES), default="en")


def set_language(request) -> HTTPSeeOther:
    """Store the selected language in a cookie, and redirect to the page."""
    following = parse_safe_path(request.form.get("next"), request.script_name)
    response = HTTPSeeOther(following or request.route_path("admin:index"))
    language = request.form.get("language")
    if language in LANGUAGE_NAMES:
        response.set_cookie(
            browser_sessions.add_cookie_prefix(request, COOKIE),
            language,
            max_age=COOKIE_SECONDS,
            path=browser_sessions.get_cookie_path(request),
            httponly=True,
            samesite="Strict",
            secure=not Settings.of(request.registry).debug,
        )
    return response


def includeme(config):
    """Set the locale negotiator, and serve the selection of a language."""
    config.set_locale_negotiator(negotiate_language)
    add_page(config, "language", "language/", post=set_language, permission=NO_PERMISSION_REQUIRED)
