"""Forms have their effect once, however often they are sent: by impatient clicks, or after going back.

Each form has a key, under which the redirect after its effect is stored, as for requests with an ``Idempotency-Key``.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPRedirection, HTTPSeeOther

from shoptrack.errors import Conflict
from shoptrack.permissions import is_page_request
from shoptrack.rest import (
    IdempotencyKeyReused,
    StoredResponse,
    find_stored_response,
    store_response,
)
from shoptrack_admin.guard import CSRF_FIELD
from shoptrack_admin.messages import serialize_warning
from shoptrack_admin.translation import _

KEY_FIELD = "form_key"
KEY_BYTES = 16
MAX_KEY_LENGTH = 100  # characters


class FormAlreadySent(Conflict):
    """The form had its effect with other values."""

    detail = _(
        "You have sent this form already, with other values. Nothing was changed now. Your input was kept."
    )


def make_form_key(request) -> str:
    """Return a key for one form."""
    return secrets.token_urlsafe(KEY_BYTES)


def send_once(view, info):
    """Wrap a view, so that a repeated form gets the redirect of the first one."""
    if info.exception_only:
        return view

    def wrapped(context, request):
        if request.method != "POST" or not is_page_request(request) or request.identity is None:
            return view(context, request)
        key = request.form.get(KEY_FIELD, "")[:MAX_KEY_LENGTH]
        if not key or not key.isascii():
            return view(context, request)
        return _respond_once(request, f"form {key}", lambda: view(context, request))

    return wrapped


def _respond_once(request, key: str, respond: Any) -> Any:
    """Return the stored redirect, or respond and store the redirect.

    :raises FormAlreadySent: the form was sent with other values
    """
    excluded = (CSRF_FIELD, KEY_FIELD)
    content = urlencode([(k, v) for k, v in request.form.items() if k not in excluded]).encode()
    try:
        stored = find_stored_response(request, key, content, wait=True)
    except IdempotencyKeyReused:
        raise FormAlreadySent from None
    if stored is not None:
        request.messages.restore(stored.body)
        return HTTPSeeOther(dict(stored.headers)["Location"])
    response = respond()
    # A form that is shown again has had no effect.
    if isinstance(response, HTTPRedirection):
        request.repeated_form = (response.location, request.messages.serialize())
    if repeated := getattr(request, "repeated_form", None):
        location, body = repeated
        headers = [["Location", location]]
        store_response(
            request, key, content, StoredResponse(status=303, headers=headers, body=body)
        )
    return response


def redirect_repeats(request, location: str, message: str) -> None:
    """Redirect the form if it is sent again, with a message. Its response itself is shown once, as with a secret."""
    request.repeated_form = (location, serialize_warning(request, message))


def includeme(config):
    """Add the view deriver and ``request.make_form_key``."""
    config.add_view_deriver(send_once, "administration_form_keys")
    config.add_request_method(make_form_key)
