"""Forms that arrive when the session is over: they wait until their sender has signed in again.

A form travels along in a hidden field of the sign-in page, and is shown once more before it is sent: somebody else may
have signed in meanwhile. Only forms of these pages wait, and passwords never do.
"""

from urllib.parse import parse_qsl, urlencode

from pyramid.renderers import render_to_response
from pyramid.response import Response

from shoptrack.errors import DomainError
from shoptrack_admin.guard import FIELD, check_source

SIGN_IN = "shoptrack_admin:templates/sign_in.jinja2"
RESUME = "shoptrack_admin:templates/resume.jinja2"
LEFT_OUT = frozenset({FIELD, "current", "password", "password2"})


def interrupted(request) -> Response | None:
    """Return the sign-in page that keeps the form which was sent; ``None`` where there is none to keep."""
    if request.method != "POST":
        return None
    try:
        check_source(request)
    except DomainError:
        return None
    fields = [(name, value) for name, value in request.form.items() if name not in LEFT_OUT]
    if not fields:
        return None
    values = {"errors": {}, "username": "", "next": request.path_qs, "waiting": urlencode(fields)}
    response = render_to_response(SIGN_IN, values, request)
    response.status_int = 403
    return response


def resume(request, path: str, waiting: str) -> Response:
    """Return the page from which a form that waited is sent after all."""
    fields = parse_qsl(waiting, keep_blank_values=True)
    return render_to_response(RESUME, {"path": path, "fields": fields}, request)
