"""Who is asking, and signing in."""

import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from benchmarks.peers.fastapi.database import session
from benchmarks.peers.fastapi.documents import Credentials, Tokens
from benchmarks.peers.fastapi.models import SignIn, User

KEY = os.environ["SHOPTRACK_SECRET_KEY"]
ACCESS_SECONDS = 300
REFRESH_SECONDS = 86_400
CLAIMS = ["token_type", "exp", "iat", "jti", "user_id", "sid"]

hasher = PasswordHasher()


def current_user(
    sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
    db: Annotated[Session, Depends(session)],
) -> User:
    """Return who is asking."""
    try:
        claims = jwt.decode(
            sent.credentials, KEY, algorithms=["HS256"], options={"require": CLAIMS}
        )
    except jwt.PyJWTError:
        raise HTTPException(401) from None
    if claims["token_type"] != "access":
        raise HTTPException(401)
    mine = and_(SignIn.sid == claims["sid"], SignIn.user_id == User.id)
    statement = select(User, SignIn).outerjoin(SignIn, mine)
    row = db.execute(statement.where(User.id == int(claims["user_id"]))).first()
    if row is None:
        raise HTTPException(401)
    user, sign_in = row
    if (
        not user.is_active
        or sign_in is None
        or sign_in.password_version != user.password_version
        or sign_in.ended_at is not None
    ):
        raise HTTPException(401)
    return user


def sign_in(db: Session, credentials: Credentials) -> Tokens:
    """Return a pair of tokens for the right password."""
    name = credentials.username.casefold()
    user = db.scalar(select(User).where(User.username_key == name, User.is_active))
    try:
        if user is None or not hasher.verify(user.password, credentials.password):
            raise HTTPException(401)
    except VerifyMismatchError:
        raise HTTPException(401) from None
    now = datetime.now(UTC)
    user.last_login_at = now
    started = SignIn(
        user_id=user.id,
        password_version=user.password_version,
        created_at=now,
        last_used_at=now,
        expires_at=now + timedelta(seconds=REFRESH_SECONDS),
        address="127.0.0.1",
        device="",
        sid=secrets.token_urlsafe(16),
    )
    db.add(started)
    db.commit()
    return Tokens(
        refresh=_token("refresh", started, REFRESH_SECONDS),
        access=_token("access", started, ACCESS_SECONDS),
    )


def _token(kind: str, started: SignIn, seconds: int) -> str:
    now = int(time.time())
    claims = {
        "token_type": kind,
        "iat": now,
        "exp": now + seconds,
        "jti": uuid4().hex,
        "user_id": str(started.user_id),
        "sub": str(started.user_id),
        "sid": started.sid,
    }
    return jwt.encode(claims, KEY, algorithm="HS256")
