"""Errors as pages of the administration; whoever has to sign in first is led there."""

from pyramid.httpexceptions import HTTPException, HTTPFound
from pyramid.renderers import render_to_response
from pyramid.response import Response

from shoptrack.errors import DomainError, NotAuthenticated, NotFound
from shoptrack.rest.error_views import convert_to_domain_error, error_view
from shoptrack_admin.guard import SAFE_METHODS, NotStaff, check_staff
from shoptrack_admin.resuming import interrupted
from shoptrack_admin.translation import _
from shoptrack_auth import browser_sessions

TEMPLATE = "shoptrack_admin:templates/error.jinja2"
PATHS = f"^{browser_sessions.COOKIE_PATH}"
TITLES = {
    400: _("This request cannot be read"),
    403: _("You may not do this"),
    404: _("There is no such page"),
    405: _("This page does not work like that"),
    409: _("This contradicts what is stored"),
    412: _("Somebody else was faster"),
    413: _("This is too much at once"),
    415: _("This request cannot be read"),
    429: _("Too many attempts"),
    503: _("Not available at the moment"),
}


def error_page(error: Exception, request) -> Response:
    """Answer an exception by a page, and log it as any other."""
    return error_view(error, request, page_about)


def page_about(request, error: BaseException) -> Response:
    """Return the page about an error."""
    known = convert_to_domain_error(request, error)
    if isinstance(known, NotFound):
        # Whether there is a page at an address is told to members of the staff alone.
        try:
            check_staff(request)
        except DomainError as refusal:
            known = refusal
    if kept := interrupted(request, known):
        return kept
    if isinstance(known, NotAuthenticated):
        return HTTPFound(sign_in_path(request), headers=list(known.headers().items()))
    request.frame.alone = known.status >= 500
    values = {
        "title": TITLES.get(known.status, _("Something went wrong")),
        "sentence": known.detail,
        "request_id": request.request_id if known.status >= 500 else None,
        "not_staff": isinstance(known, NotStaff),
    }
    response = render_to_response(TEMPLATE, values, request)
    response.status_int = known.status
    response.headers.update(known.headers())
    return response


def sign_in_path(request) -> str:
    """Return the address of the sign-in page, which leads back here afterwards."""
    here = request.path_qs if request.method in SAFE_METHODS else request.path
    return request.route_path("admin:sign-in", _query={"next": here})


def includeme(config):
    """Answer what goes wrong under ``/admin/``; everything else is still the core's."""
    for context in (Exception, HTTPException):
        config.add_exception_view(error_page, context=context, path_info=PATHS)
    config.add_notfound_view(error_page, path_info=PATHS)
    config.add_forbidden_view(error_page, path_info=PATHS)
