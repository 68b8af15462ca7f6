"""The user's own API tokens: creating one, which is shown once, and revoking."""

from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Conflict, Forbidden, TooManyRequests, ValidationError
from shoptrack.resources import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.sign_in import make_retry_message
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_auth import api_tokens
from shoptrack_auth.api_token_views import NEW_TOKEN
from shoptrack_auth.api_tokens import DEFAULT_TOKEN_DAYS, NewToken
from shoptrack_auth.models import MAX_TOKEN_NAME_LENGTH, TokenScope, get_utc_now
from shoptrack_auth.password_confirmation import confirm_password, has_password

# Days until a token expires, as a form sends them.
LIFETIMES = {
    "30": _("in 30 days"),
    "90": _("in 90 days"),
    str(DEFAULT_TOKEN_DAYS): _("in a year"),
    "": _("never"),
}
SCOPES = {TokenScope.READ: _("only read"), TokenScope.WRITE: _("read and write")}
LABELS = {
    "name": _("Name"),
    "scope": _("The token may"),
    "expires_at": _("Expires"),
    "permissions": _("Permissions"),
    "password": _("Current password"),
}


def show_form(request) -> dict[str, Any]:
    """Show the form for a new token."""
    return _page(request)


def create(request) -> dict[str, Any]:
    """Create a token, and show it once."""
    try:
        new, password = _parse_form(request)
        version = confirm_password(request, password)
        token, secret = api_tokens.create_token(
            request.db,
            request.identity.id,
            new,
            password_version=version,
            address=request.client_addr or "",
        )
    except ValidationError as invalid:
        return _page(request, invalid.errors)
    except TooManyRequests as refusal:
        request.response.headers.update(refusal.headers())
        return _page(request, {"": [make_retry_message(refusal.retry_after)]}, refusal.status)
    except (Conflict, Forbidden) as refusal:
        return _page(request, {"": [refusal.detail]}, refusal.status)
    return _page(request) | {"secret": secret, "created": token}


def _parse_form(request) -> tuple[NewToken, str | None]:
    """Return the new token, and the current password.

    :raises ValidationError: errors by field
    """
    form = request.form
    days = form.get("expires_at", str(DEFAULT_TOKEN_DAYS))
    if days not in LIFETIMES:
        days = str(DEFAULT_TOKEN_DAYS)
    expires_at = get_utc_now() + timedelta(days=int(days)) if days else None
    values = NEW_TOKEN.validate(
        {
            "name": form.get("name", ""),
            "scope": form.get("scope", TokenScope.READ),
            "permissions": form.getall("permissions") or None,
            "password": form.get("password") or None,
        }
    )
    new = NewToken(values["name"], TokenScope(values["scope"]), expires_at, values["permissions"])
    return new, values["password"]


def revoke(request) -> HTTPSeeOther:
    """Revoke one of the user's own tokens, or all."""
    count = revoke_chosen(request, request.identity.id)
    request.messages.add(_("Revoked API tokens: ${count}.", count=count))
    return HTTPSeeOther(request.route_path("admin:account"))


def revoke_chosen(request, user_id: int) -> int:
    """Revoke the user's token that a form names, or all, and return how many there were."""
    ids: list[int] | None = None
    if "all" not in request.form:
        try:
            ids = [parse_id(request.form.get("token") or "0")]
        except InvalidValue:
            ids = []
    return api_tokens.revoke_tokens(request.db, user_id, ids, address=request.client_addr or "")


def _page(request, errors: Any = None, status: int = 400) -> dict[str, Any]:
    """Return the template's values.

    :param errors: of the rejected form, if there is any
    """
    form, is_rejected = request.form, bool(errors)
    if errors:
        request.response.status_int = status
    return {
        "errors": errors or {},
        "labels": LABELS,
        "scopes": SCOPES,
        "lifetimes": LIFETIMES,
        "name": form.get("name", "") if is_rejected else "",
        "scope": form.get("scope") if is_rejected else TokenScope.READ,
        "lifetime": form.get("expires_at") if is_rejected else str(DEFAULT_TOKEN_DAYS),
        "selected": set(form.getall("permissions")) if is_rejected else set(),
        "subjects": _get_subjects(request),
        "has_password": has_password(request),
        "max_length": MAX_TOKEN_NAME_LENGTH,
        "secret": None,
    }


def _get_subjects(request) -> dict[str, list[queries.PermissionChoice]]:
    """Return the permissions that the user has in the API, by subject."""
    available = api_tokens.get_api_permissions(request.reader, request.registry, request.identity)
    subjects = queries.get_permissions_by_subject(request).items()
    chosen = {
        subject: [permission for permission in permissions if permission.name in available]
        for subject, permissions in subjects
    }
    return {subject: permissions for subject, permissions in chosen.items() if permissions}


def includeme(config):
    """Serve the pages to every user."""
    add_page(
        config,
        "new-token",
        "account/tokens/add/",
        get=show_form,
        post=create,
        template="shoptrack_admin:templates/new_token.jinja2",
        staff_only=False,
    )
    add_page(config, "tokens", "account/tokens/", post=revoke, staff_only=False)
