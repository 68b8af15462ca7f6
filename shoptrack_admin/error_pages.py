"""Errors as pages, and the redirect to the sign-in page."""

from pyramid.httpexceptions import HTTPException, HTTPFound
from pyramid.renderers import render_to_response
from pyramid.response import Response

from shoptrack.errors import DomainError, Forbidden, NotAuthenticated, NotFound
from shoptrack.permissions import SIGNED_IN
from shoptrack.web import convert_to_domain_error, error_view
from shoptrack_admin.access import NotStaff, check_signed_in, get_access
from shoptrack_admin.form_recovery import recover_form
from shoptrack_admin.guard import SAFE_METHODS
from shoptrack_admin.menu import Menu
from shoptrack_admin.pages import PATH
from shoptrack_admin.templating import capfirst
from shoptrack_admin.translation import _, translate_for_request

TEMPLATE = "shoptrack_admin:templates/error.jinja2"
PATHS = f"^{PATH}"
TITLES = {
    400: _("Bad request"),
    403: _("Permission denied"),
    404: _("Page not found"),
    405: _("Method not allowed"),
    409: _("Conflict with stored data"),
    412: _("Edit conflict"),
    413: _("Request too large"),
    415: _("Bad request"),
    429: _("Too many attempts"),
    503: _("Not available at the moment"),
}


def error_page(error: Exception, request) -> Response:
    """Respond to an exception with a page, and log it like any other."""
    return error_view(error, request, render_error_page)


def render_error_page(request, error: BaseException) -> Response:
    """Return the error page, or the redirect to the sign-in page."""
    converted = convert_to_domain_error(request, error)
    if isinstance(converted, NotFound):
        # Only signed-in users learn whether a page exists.
        try:
            check_signed_in(request)
        except DomainError as refusal:
            converted = refusal
    if recovered := recover_form(request, converted):
        return recovered
    if isinstance(converted, NotAuthenticated):
        return HTTPFound(sign_in_path(request), headers=list(converted.headers().items()))
    request.layout.is_bare = converted.status >= 500
    values = {
        "title": TITLES.get(converted.status, _("Something went wrong")),
        "message": _make_message(request, converted),
        "request_id": request.request_id if converted.status >= 500 else None,
    }
    response = render_to_response(TEMPLATE, values, request)
    response.status_int = converted.status
    response.headers.update(converted.headers())
    return response


def _make_message(request, error: DomainError) -> str:
    """Return the error's sentence; for a page that the user may not open, with the page's name."""
    page = _find_label(request) if request.identity and type(error) in (Forbidden, NotStaff) else ""
    if not page or error.detail != type(error).detail:
        return error.detail
    if isinstance(error, NotStaff):
        return _(
            "Your account has no access to “${page}”, which is for staff. Ask a user administrator.",
            page=page,
        )
    return _(
        "Your account has no access to “${page}”. Ask a user administrator for the permission.",
        page=page,
    )


def _find_label(request) -> str:
    """Return the name of the menu's entry with the page's permission, else of that whose path leads to the page."""
    if request.matched_route is None:
        return ""
    permission = get_access(request, request.matched_route.name).permission
    entries = Menu.of(request.registry).entries
    found = [entry for entry in entries if entry.permission == permission != SIGNED_IN]
    found += [
        entry
        for entry in entries
        if entry.route != "admin:index" and request.path.startswith(request.route_path(entry.route))
    ]
    return capfirst(translate_for_request(request, found[0].label)) if found else ""


def sign_in_path(request) -> str:
    """Return the URL of the sign-in page, with the current page as ``next``."""
    here = request.path_qs if request.method in SAFE_METHODS else request.path
    return request.route_path("admin:sign-in", _query={"next": here})


def includeme(config):
    """Handle errors under ``/admin/``; the core handles all others."""
    for context in (Exception, HTTPException):
        config.add_exception_view(error_page, context=context, path_info=PATHS)
    config.add_notfound_view(error_page, path_info=PATHS)
    config.add_forbidden_view(error_page, path_info=PATHS)
