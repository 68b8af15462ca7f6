"""Who is asking: one decoding and one statement a request, as the contract wants it."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from benchmarks.peers.floor.database import PostgreSQL, Sqlite

ACCESS_SECONDS = 300
REFRESH_SECONDS = 86_400
CLAIMS = ["token_type", "exp", "iat", "jti", "user_id", "sid"]


class Users:
    """The users of a database, and the key that signs their tokens."""

    def __init__(self, database: Sqlite | PostgreSQL, key: str):
        self._database = database
        self._key = key
        self._hasher = PasswordHasher()

    def known(self, authorization: str) -> bool:
        """Tell whether a header names an active user whose sign-in goes on."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return False
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"], options={"require": CLAIMS})
        except jwt.PyJWTError:
            return False
        if claims["token_type"] != "access":
            return False
        row = self._database.one(
            """
            SELECT u.is_active, u.password_version, s.password_version, s.ended_at
            FROM shoptrack_auth_users u
            LEFT JOIN shoptrack_auth_sign_ins s ON s.sid = :sid AND s.user_id = u.id
            WHERE u.id = :user_id
            """,
            user_id=int(claims["user_id"]),
            sid=claims["sid"],
        )
        if row is None:
            return False
        is_active, version, sign_in_version, ended_at = row
        return bool(is_active) and version == sign_in_version and ended_at is None

    def sign_in(self, username: str, password: str) -> dict[str, str] | None:
        """Return a pair of tokens for the right password."""
        row = self._database.one(
            """
            SELECT id, password, password_version FROM shoptrack_auth_users
            WHERE username_key = :username AND is_active
            """,
            username=username.casefold(),
        )
        if row is None:
            return None
        user_id, hashed, version = row
        try:
            self._hasher.verify(hashed, password)
        except VerifyMismatchError:
            return None
        sid = self._start(user_id, version)
        return {
            "refresh": self._token("refresh", user_id, sid, REFRESH_SECONDS),
            "access": self._token("access", user_id, sid, ACCESS_SECONDS),
        }

    def _start(self, user_id: int, version: int) -> str:
        sid = secrets.token_urlsafe(16)
        now = datetime.now(UTC)
        with self._database.transaction():
            self._database.one(
                "UPDATE shoptrack_auth_users SET last_login_at = :now WHERE id = :id RETURNING id",
                now=str(now),
                id=user_id,
            )
            self._database.one(
                """
                INSERT INTO shoptrack_auth_sign_ins (user_id, password_version, created_at,
                    last_used_at, expires_at, address, device, sid)
                VALUES (:user_id, :version, :now, :now, :until, '127.0.0.1', '', :sid) RETURNING id
                """,
                user_id=user_id,
                version=version,
                now=str(now),
                until=str(now + timedelta(seconds=REFRESH_SECONDS)),
                sid=sid,
            )
        return sid

    def _token(self, kind: str, user_id: int, sid: str, seconds: int) -> str:
        now = int(time.time())
        claims = {
            "token_type": kind,
            "iat": now,
            "exp": now + seconds,
            "jti": uuid4().hex,
            "user_id": str(user_id),
            "sub": str(user_id),
            "sid": sid,
        }
        return jwt.encode(claims, self._key, algorithm="HS256")
