"""From the ``Authorization`` header to who is asking: one decoding and one statement a request.

Where a household shares everything, a second statement is made for the few permissions that must have been given.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from shoptrack.contributions import Contributions
from shoptrack.errors import NotAuthenticated
from shoptrack_auth.holders import holder
from shoptrack_auth.permissions import given, granted
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.tokens import ACCESS, TokenRefused, Tokens

BAD_HEADER = {
    "detail": "Authorization header must contain two space-delimited values",
    "code": "bad_authorization_header",
}


@dataclass(frozen=True)
class UserIdentity:
    """Somebody who is signed in.

    :param given: returns what the user and the user's groups were given; called once, when asked for
    :param shared: permissions that everybody who is signed in holds here
    """

    id: int
    username: str
    email: str
    is_staff: bool
    is_superuser: bool
    sign_in_id: int
    given: Callable[[], frozenset[str]]
    shared: Collection[str] = ()

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Return what the user and the user's groups were given."""
        return self.given()

    def has_permission(self, permission: str) -> bool:
        """Tell whether the user holds a permission."""
        return self.is_superuser or permission in self.shared or permission in self.permissions


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
    model = AuthSettings.of(request.registry).api_permissions == "model"
    try:
        claims = request.registry[Tokens].read(token, ACCESS)
        row = holder(request.reader, claims, permissions=model)
    except TokenRefused as refused:
        raise NotAuthenticated(refused.account or _not_valid(refused)) from None
    # Where a household shares everything, hardly a request asks what its user was given.
    return UserIdentity(
        row.id,
        row.username,
        row.email,
        row.is_staff,
        row.is_superuser,
        row.sign_in_id,
        given=lambda: granted(row) if model else given(request.reader, row.id),
        shared=() if model else Contributions.of(request.registry).shared_permissions,
    )


def _not_valid(refused: TokenRefused) -> dict:
    message = {"token_class": "AccessToken", "token_type": ACCESS, "message": str(refused)}
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [message],
    }
