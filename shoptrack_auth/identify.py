"""From the ``Authorization`` header to who is asking: one decoding and one statement a request.

Where a household shares everything, a second statement is made for the few permissions that must have been given. On
the administration's pages a browser's session counts, and the header does not.
"""

from shoptrack.contributions import Contributions
from shoptrack.errors import NotAuthenticated
from shoptrack_auth import browser
from shoptrack_auth.holders import holder
from shoptrack_auth.identity import UserIdentity
from shoptrack_auth.permissions import given, granted
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.tokens import ACCESS, TokenRefused, Tokens

BAD_HEADER = {
    "detail": "Authorization header must contain two space-delimited values",
    "code": "bad_authorization_header",
}


def bearer(request) -> str | None:
    """Return the token of the ``Authorization`` header, ``None`` without one or for another scheme.

    :raises NotAuthenticated: the header is of the scheme, but not of its form
    """
    parts = request.headers.get("Authorization", "").split()
    if not parts or parts[0].lower() != "bearer":
        return None
    if len(parts) != 2:
        raise NotAuthenticated(BAD_HEADER)
    return parts[1]


def identify(request) -> UserIdentity | None:
    """Return who is asking. ShopTrack calls this where a permission is needed.

    :raises NotAuthenticated: a token was sent that does not hold
    """
    if browser.is_page(request):
        return browser.identify(request)
    token = bearer(request)
    if token is None:
        return None
    model = AuthSettings.of(request.registry).api_permissions == "model"
    try:
        claims = request.registry[Tokens].read(token, ACCESS)
        row = holder(request.reader, claims, permissions=model)
    except TokenRefused as refused:
        raise NotAuthenticated(refused.account or not_valid_access(refused)) from None
    # Where a household shares everything, hardly a request asks what its user was given.
    return UserIdentity.of(
        row,
        given=lambda: granted(row) if model else given(request.reader, row.id),
        shared=() if model else Contributions.of(request.registry).shared_permissions,
    )


def not_valid_access(refused: TokenRefused) -> dict:
    """Return how a protected address answers a token that does not hold."""
    message = {"token_class": "AccessToken", "token_type": ACCESS, "message": str(refused)}
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [message],
    }
