"""In which language a page speaks: the one that was chosen, else the browser's, else English."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.settings import Settings
from shoptrack_admin.addresses import safe_path
from shoptrack_admin.pages import add_page
from shoptrack_auth import browser_sessions

COOKIE = "shoptrack-language"
COOKIE_SECONDS = 365 * 86_400
NAMES = {"en": "English", "ja": "日本語"}  # each in its own language


def chosen(request) -> str:
    """Return the language of a request's pages, as in ``ja``."""
    if not browser_sessions.is_admin_request(request):
        return "en"
    language = request.cookies.get(browser_sessions.add_cookie_prefix(request, COOKIE))
    if language in NAMES:
        return language
    return request.accept_language.lookup(list(NAMES), default="en")


def choose(request) -> HTTPSeeOther:
    """Remember a language, and lead back to the page."""
    following = safe_path(request.form.get("next"), request.script_name)
    answer = HTTPSeeOther(following or request.route_path("admin:index"))
    language = request.form.get("language")
    if language in NAMES:
        answer.set_cookie(
            browser_sessions.add_cookie_prefix(request, COOKIE),
            language,
            max_age=COOKIE_SECONDS,
            path=browser_sessions.get_cookie_path(request),
            httponly=True,
            samesite="Strict",
            secure=not Settings.of(request.registry).debug,
        )
    return answer


def includeme(config):
    """Choose the language of each request, and serve the switch to everybody."""
    config.set_locale_negotiator(chosen)
    add_page(config, "language", "language/", post=choose, permission=NO_PERMISSION_REQUIRED)
