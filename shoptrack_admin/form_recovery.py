"""Recovery of forms that were sent after the session had expired.

The sign-in page carries the form's values in a hidden field. After the sign-in, which may be another user's, the user
has to confirm the resubmission. So does a user who signed in again in another window, or who sends a form again with
other values. Only forms of this origin are recovered, and never passwords.
"""

from urllib.parse import parse_qsl, urlencode

from pyramid.renderers import render_to_response
from pyramid.response import Response

from shoptrack.errors import DomainError, NotAuthenticated
from shoptrack_admin.form_keys import KEY_FIELD, FormAlreadySent
from shoptrack_admin.guard import CSRF_FIELD, BadCsrfToken, check_csrf_origin
from shoptrack_admin.translation import _

SIGN_IN = "shoptrack_admin:templates/sign_in.jinja2"
RESUME = "shoptrack_admin:templates/resume.jinja2"
EXCLUDED_FIELDS = frozenset({CSRF_FIELD, "current", "password", "password2"})
SIGNED_IN_AGAIN = _(
    "You have signed in again since you opened this form. Nothing was changed yet. Your input was kept."
)


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
    elif isinstance(error, FormAlreadySent):
        response = confirm_resubmission(request, request.path_qs, urlencode(fields), error.detail)
    else:
        return None
    response.status_int = error.status if isinstance(error, FormAlreadySent) else 403
    return response


def confirm_resubmission(
    request, path: str, saved_form: str, reason: str = SIGNED_IN_AGAIN
) -> Response:
    """Return the page that asks whether to send the saved form."""
    sent = parse_qsl(saved_form, keep_blank_values=True)
    fields = [(name, value) for name, value in sent if name != KEY_FIELD]
    # The same key again would stand for the form that was sent first.
    values = {"path": path, "fields": fields, "has_key": fields != sent, "reason": reason}
    return render_to_response(RESUME, values, request)


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
