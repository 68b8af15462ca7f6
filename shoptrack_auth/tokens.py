"""Writing and reading JSON Web Tokens.

pyramid_jwt issues them and holds the key; what it accepts is too much (tokens without an end, of any kind), so that
reading is done here, with a reason for each refusal.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any
from uuid import uuid4

import jwt
from pyramid_jwt.policy import JWTAuthenticationPolicy

from shoptrack.settings import Settings
from shoptrack_auth.models import SID_LENGTH
from shoptrack_auth.settings import AuthSettings

ACCESS, REFRESH = "access", "refresh"
ALGORITHM = "HS256"
CLAIMS = ("token_type", "exp", "iat", "jti", "user_id", "sid")
KEPT = 1000  # tokens whose signature was found good
SID = re.compile(f"[A-Za-z0-9_-]{{{SID_LENGTH}}}")
LAST_SECOND = 253_402_300_799  # of the year 9999; no calendar has a later one

INVALID = "Token is invalid"
EXPIRED = "Token is expired"
WRONG_TYPE = "Token has wrong type"
ENDED = "Token is blacklisted"


class TokenRefused(Exception):
    """A token does not hold; the text is the sentence that clients know.

    :param account: the whole answer of a protected address where the account is to blame
    """

    def __init__(self, sentence: str, account: dict[str, str] | None = None):
        super().__init__(sentence)
        self.account = account


def not_valid(refused: TokenRefused) -> dict[str, str]:
    """Return how the endpoints of tokens answer one that does not hold."""
    return {"detail": str(refused), "code": "token_not_valid"}


@dataclass(frozen=True)
class Claims:
    """What a token says whose signature holds."""

    kind: str
    user_id: int
    sid: str
    begins: int  # seconds since 1970
    expires: int

    @property
    def session_id(self) -> int | None:
        """Return the session's id, if that is what the token names it by."""
        return None if len(self.sid) == SID_LENGTH else int(self.sid)


class Tokens(JWTAuthenticationPolicy):
    """The application's tokens.

    :param access_seconds: how long an access token lives
    :param replaced: keys that sign no more tokens, while those that they signed go on
    :param leeway_seconds: so long before it begins a token holds already, since another server, whose clock is
        ahead, may have issued it, or this one before its clock was set back. None holds longer than it says: that one
        too early is over is mended by refreshing.
    """

    def __init__(
        self, key: str, access_seconds: int, replaced: Sequence[str] = (), leeway_seconds: int = 0
    ):
        super().__init__(key, algorithm=ALGORITHM, leeway=leeway_seconds)
        self.access_seconds = access_seconds
        self._keys = (key, *replaced)
        # A token is sent with every request, and its signature stays what it is: keys do not change while
        # the application runs. What does not hold is checked each time, so that nobody can fill this.
        self._verified = lru_cache(KEPT)(self._verify)

    @classmethod
    def configured(cls, registry, settings: AuthSettings) -> "Tokens":
        """Return those of the application's settings."""
        core = Settings.of(registry)
        replaced = [key.get_secret_value() for key in core.secret_key_fallbacks]
        key = core.secret_key.get_secret_value()
        return cls(key, settings.access_token_seconds, replaced, settings.token_leeway_seconds)

    def access(self, user_id: int, sid: str, left: float = inf) -> str:
        """Return a new access token, which does not outlive its session.

        :param sid: what tokens name the session by (`SignIn.claim`)
        :param left: the seconds for which the session goes on
        """
        return self._issue(ACCESS, user_id, sid, min(self.access_seconds, left))

    def refresh(self, user_id: int, sid: str, seconds: int) -> str:
        """Return a new refresh token that lives for ``seconds``."""
        return self._issue(REFRESH, user_id, sid, seconds)

    def _issue(self, kind: str, user_id: int, sid: str, seconds: float) -> str:
        return self.create_token(
            str(user_id),
            expiration=seconds,
            token_type=kind,
            jti=uuid4().hex,
            user_id=str(user_id),
            sid=sid,
        )

    def read(self, token: str, kind: str | None = None, *, expired: bool = False) -> Claims:
        """Return what a token says.

        :param kind: ``access`` or ``refresh``; ``None`` takes either
        :param expired: whether one that has expired is taken too
        :raises TokenRefused: it does not hold
        """
        claims = self._verified(token)
        # By the clock of now, of which the signature that was found good knows nothing.
        if claims.begins > time.time() + self.leeway:
            raise TokenRefused(INVALID)
        if claims.expires <= time.time() and not expired:
            raise TokenRefused(EXPIRED)
        if kind is not None and claims.kind != kind:
            raise TokenRefused(WRONG_TYPE)
        return claims

    def _verify(self, token: str) -> Claims:
        return _claims(self._decode(token))

    def _decode(self, token: str) -> dict[str, Any]:
        options: Any = {
            "require": CLAIMS,
            "verify_exp": False,  # all instants are checked each time, and last: what else is wrong comes first
            "verify_iat": False,
            "verify_nbf": False,
            "verify_aud": False,
            "verify_sub": False,
        }
        for key in self._keys:
            try:
                return jwt.decode(token, key, algorithms=[ALGORITHM], options=options)
            except jwt.InvalidSignatureError:
                continue  # an older key may have signed it
            # Signed nonsense, such as an endless number, breaks some PyJWTs in more ways than their own error.
            except (jwt.PyJWTError, ArithmeticError, RecursionError, TypeError, ValueError):
                break
        raise TokenRefused(INVALID)


def _claims(payload: dict[str, Any]) -> Claims:
    kind, issued, expires = payload["token_type"], payload["iat"], payload["exp"]
    not_before = payload.get("nbf", issued)  # of other issuers
    if kind not in (ACCESS, REFRESH) or any(
        type(instant) is not int for instant in (issued, not_before, expires)
    ):
        raise TokenRefused(INVALID)
    if expires > LAST_SECOND:
        raise TokenRefused(INVALID)
    return Claims(
        kind, _id(payload["user_id"]), _sid(payload["sid"]), max(issued, not_before), expires
    )


def _sid(value: Any) -> str:
    """Return what a session is named by: a random text, or the digits of its id in tokens of before."""
    if isinstance(value, str) and SID.fullmatch(value):
        return value
    return str(_id(value))


def _id(value: Any) -> int:
    """Return a row's id; issuers before this one wrote numbers."""
    digits = isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value)
    if digits or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    if type(value) is not int or not 0 < value < 2**63:
        raise TokenRefused(INVALID)
    return value
