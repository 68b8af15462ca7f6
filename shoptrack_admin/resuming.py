"""Forms that arrive when the session is over: they wait until their sender has signed in again.

A form travels along in a hidden field of the sign-in page, and whoever signed in is asked before it is sent: that may
be somebody else. Who has signed in anew in another window is asked as well. Only forms of these pages wait, as browsers
say by their origin, and passwords never do.
"""

from urllib.parse import parse_qsl, urlencode

from pyramid.renderers import render_to_response
from pyramid.response import Response

from shoptrack.errors import DomainError, NotAuthenticated
from shoptrack_admin.guard import FIELD, StaleForm, check_origin

SIGN_IN = "shoptrack_admin:templates/sign_in.jinja2"
RESUME = "shoptrack_admin:templates/resume.jinja2"
LEFT_OUT = frozenset({FIELD, "current", "password", "password2"})


def interrupted(request, error: DomainError) -> Response | None:
    """Return the page that keeps the form which was sent; ``None`` where there is none to keep.

    :param error: why it was refused
    """
    fields = _fields(request)
    if not fields:
        return None
    if isinstance(error, NotAuthenticated):
        values = {"errors": {}, "username": "", "next": request.path_qs}
        response = render_to_response(SIGN_IN, {**values, "waiting": urlencode(fields)}, request)
    elif isinstance(error, StaleForm) and request.identity:
        response = resume(request, request.path_qs, urlencode(fields))
    else:
        return None
    response.status_int = 403
    return response


def resume(request, path: str, waiting: str) -> Response:
    """Return the page that asks whether a form that waited shall be sent."""
    fields = parse_qsl(waiting, keep_blank_values=True)
    return render_to_response(RESUME, {"path": path, "fields": fields}, request)


def _fields(request) -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    try:
        check_origin(request)
        return [(name, value) for name, value in request.form.items() if name not in LEFT_OUT]
    except DomainError:
        return []
