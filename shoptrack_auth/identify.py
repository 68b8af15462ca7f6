"""From the ``Authorization`` header to who is asking: one decoding and one statement a request."""

from dataclasses import dataclass

from shoptrack.errors import NotAuthenticated
from shoptrack_auth.holders import holder
from shoptrack_auth.tokens import ACCESS, TokenRefused, Tokens

BAD_HEADER = {
    "detail": "Authorization header must contain two space-delimited values",
    "code": "bad_authorization_header",
}


@dataclass(frozen=True)
class UserIdentity:
    """Somebody who is signed in."""

    id: int
    username: str
    email: str
    is_superuser: bool
    sign_in_id: int

    def has_permission(self, permission: str) -> bool:
        """Grant everything that a package declares: a household shares what it records."""
        return True


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
    token = bearer(request)
    if token is None:
        return None
    try:
        row = holder(request.reader, request.registry[Tokens].read(token, ACCESS))
    except TokenRefused as refused:
        raise NotAuthenticated(refused.account or _not_valid(refused)) from None
    return UserIdentity(row.id, row.username, row.email, row.is_superuser, row.sign_in_id)


def _not_valid(refused: TokenRefused) -> dict:
    message = {"token_class": "AccessToken", "token_type": ACCESS, "message": str(refused)}
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [message],
    }
