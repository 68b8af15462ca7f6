"""Recovery of forms that were sent after the session had expired.

The sign-in page carries the form's values in a hidden field. After the sign-in, which may be another user's, the user
has to confirm the resubmission. So does a user who signed in again in another window. Only forms of this origin are
recovered, and never passwords.
"""

from urllib.parse import parse_qsl, urlencode

from pyramid.renderers import render_to_response
from pyramid.response import Response

from shoptrack.errors import DomainError, NotAuthenticated
from shoptrack_admin.guard import CSRF_FIELD, BadCsrfToken, check_csrf_origin

SIGN_IN = "shoptrack_admin:templates/sign_in.jinja2"
RESUME = "shoptrack_admin:templates/resume.jinja2"
EXCLUDED_FIELDS = frozenset({CSRF_FIELD, "current", "password", "password2"})


def recover_form(request, error: DomainError) -> Response | None:
    """Return the page that keeps the values of the sent form; ``None`` if there are none to keep.

    :param error: the reason why the form was rejected
    """
    fields = _fields(request)
    if not fields:
        return None
    if isinstance(error, NotAuthenticated):
        values = {"errors": {}, "username": "", "next": request.path_qs}
        response = render_to_response(SIGN_IN, {**values, "saved_form": urlencode(fields)}, request)
    elif isinstance(error, BadCsrfToken) and request.identity:
        response = confirm_resubmission(request, request.path_qs, urlencode(fields))
    else:
        return None
    response.status_int = 403
    return response


def confirm_resubmission(request, path: str, saved_form: str) -> Response:
    """Return the page that asks whether to send the saved form."""
    fields = parse_qsl(saved_form, keep_blank_values=True)
    return render_to_response(RESUME, {"path": path, "fields": fields}, request)


def _fields(request) -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    try:
        check_csrf_origin(request)
        return [
            (name, value) for name, value in request.form.items() if name not in EXCLUDED_FIELDS
        ]
    except DomainError:
        return []
