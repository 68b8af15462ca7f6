"""Issue and decode JSON Web Tokens.

pyramid_jwt issues the tokens. It would accept too many (of any kind, without expiry), so they are decoded here, with a
reason for each error.
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
MAX_CACHED_TOKENS = 1000
SID = re.compile(f"[A-Za-z0-9_-]{{{SID_LENGTH}}}")
MAX_TIMESTAMP = 253_402_300_799  # the end of the year 9999, Python's last

INVALID = "Token is invalid"
EXPIRED = "Token is expired"
WRONG_TYPE = "Token has wrong type"
BLACKLISTED = "Token is blacklisted"
USER_INACTIVE = {"detail": "User is inactive", "code": "user_inactive"}


class InvalidToken(Exception):
    """A token is invalid. The text is simplejwt's message, which clients know.

    :param account_error: the body of a protected endpoint's 401, where the account is the reason
    """

    def __init__(self, message: str, account_error: dict[str, str] | None = None):
        super().__init__(message)
        self.account_error = account_error


def make_token_error(error: InvalidToken) -> dict[str, str]:
    """Return the body of a 401 from the endpoints for tokens."""
    return {"detail": str(error), "code": "token_not_valid"}


@dataclass(frozen=True)
class Claims:
    """The claims of a token with a valid signature."""

    kind: str
    user_id: int
    sid: str
    begins: int  # seconds since 1970
    expires: int

    @property
    def session_id(self) -> int | None:
        """Return the session's id, if the claim ``sid`` is an id."""
        return None if len(self.sid) == SID_LENGTH else int(self.sid)


class Tokens(JWTAuthenticationPolicy):
    """Issues and decodes the application's tokens.

    :param access_seconds: lifetime of an access token
    :param fallback_keys: verify old tokens, and sign no new ones (as Django's ``SECRET_KEY_FALLBACKS``)
    :param leeway_seconds: a token may be issued so much in the future, by a server whose clock is ahead. Expiry has no
        leeway, because clients can refresh a token that expires too early.
    """

    def __init__(
        self,
        key: str,
        access_seconds: int,
        fallback_keys: Sequence[str] = (),
        leeway_seconds: int = 0,
    ):
        super().__init__(key, algorithm=ALGORITHM, leeway=leeway_seconds)
        self.access_seconds = access_seconds
        self._keys = (key, *fallback_keys)
        # A client sends the same token with many requests, and keys do not change while the application runs. Invalid
        # tokens raise, and so are not cached: they cannot fill the cache.
        self._verified = lru_cache(MAX_CACHED_TOKENS)(self._verify)

    @classmethod
    def from_settings(cls, registry, settings: AuthSettings) -> "Tokens":
        """Return the tokens for the application's settings."""
        core = Settings.of(registry)
        fallback_keys = [key.get_secret_value() for key in core.secret_key_fallbacks]
        key = core.secret_key.get_secret_value()
        return cls(key, settings.access_token_seconds, fallback_keys, settings.token_leeway_seconds)

    def issue_access(self, user_id: int, sid: str, left: float = inf) -> str:
        """Return a new access token, which expires no later than its session.

        :param sid: `UserSession.claim`
        :param left: seconds until the session expires
        """
        return self._issue(ACCESS, user_id, sid, min(self.access_seconds, left))

    def issue_refresh(self, user_id: int, sid: str, seconds: int) -> str:
        """Return a new refresh token that expires after ``seconds``."""
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

    def decode(self, token: str, kind: str | None = None, *, with_expired: bool = False) -> Claims:
        """Return a token's claims.

        :param kind: ``access`` or ``refresh``; ``None`` for either
        :param with_expired: accept expired tokens, too
        :raises InvalidToken: the token is invalid, expired or of another kind
        """
        claims = self._verified(token)
        # On every call: the cached claims were verified earlier.
        if claims.begins > time.time() + self.leeway:
            raise InvalidToken(INVALID)
        if claims.expires <= time.time() and not with_expired:
            raise InvalidToken(EXPIRED)
        if kind is not None and claims.kind != kind:
            raise InvalidToken(WRONG_TYPE)
        return claims

    def _verify(self, token: str) -> Claims:
        return _parse_claims(self._decode_payload(token))

    def _decode_payload(self, token: str) -> dict[str, Any]:
        options: Any = {
            "require": CLAIMS,
            "verify_exp": False,  # `decode` checks all times, after everything else
            "verify_iat": False,
            "verify_nbf": False,
            "verify_aud": False,
            "verify_sub": False,
        }
        for key in self._keys:
            try:
                return jwt.decode(token, key, algorithms=[ALGORITHM], options=options)
            except jwt.InvalidSignatureError:
                continue  # a fallback key may have signed the token
            # Some releases of PyJWT raise other errors for signed nonsense, such as an infinite number.
            except (jwt.PyJWTError, ArithmeticError, RecursionError, TypeError, ValueError):
                break
        raise InvalidToken(INVALID)


def _parse_claims(payload: dict[str, Any]) -> Claims:
    kind, issued, expires = payload["token_type"], payload["iat"], payload["exp"]
    not_before = payload.get("nbf", issued)  # other issuers may set it
    if kind not in (ACCESS, REFRESH) or any(
        type(instant) is not int for instant in (issued, not_before, expires)
    ):
        raise InvalidToken(INVALID)
    if expires > MAX_TIMESTAMP:
        raise InvalidToken(INVALID)
    return Claims(
        kind,
        _parse_id(payload["user_id"]),
        _parse_sid(payload["sid"]),
        max(issued, not_before),
        expires,
    )


def _parse_sid(value: Any) -> str:
    """Return the session's random sid, or the digits of its id in tokens of earlier releases."""
    if isinstance(value, str) and SID.fullmatch(value):
        return value
    return str(_parse_id(value))


def _parse_id(value: Any) -> int:
    """Return a row's id. Django's simplejwt wrote numbers."""
    digits = isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value)
    if digits or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    if type(value) is not int or not 0 < value < 2**63:
        raise InvalidToken(INVALID)
    return value
