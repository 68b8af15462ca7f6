"""Safe repeats: a request with the header ``Idempotency-Key`` has its effect once, however often a client sends it.

The response is stored in the transaction of the change. So a repeat after a lost connection or a crash gets the first
response if the change was committed, and otherwise changes the data now. Refused requests are not stored, since they
changed nothing. The rules are those of the IETF's draft "The Idempotency-Key HTTP Header Field".
"""

import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from hashlib import blake2b, sha256
from typing import Any

from pyramid.response import Response
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    LargeBinary,
    String,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from shoptrack.db import Base, UtcDateTime
from shoptrack.db.sessions import get_database
from shoptrack.errors import Conflict, DomainError, ValidationError
from shoptrack.i18n.translation import _
from shoptrack.rest.description import Parameter
from shoptrack.rest.render import dumps
from shoptrack.settings import Settings

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255  # characters
KEEP = timedelta(days=1)
KEY = re.compile(
    rf'"[\x20-\x21\x23-\x7e]{{1,{MAX_KEY_LENGTH}}}"|[\x21\x23-\x7e]{{1,{MAX_KEY_LENGTH}}}'
)
PARAMETER = Parameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH + 2},
    "A text that no other request has, such as a UUID. A repeat with the same key gets the first response, for a day.",
)


class StoredResponse(Base):
    """The response to a request with a key."""

    __tablename__ = "idempotency_keys"
    __table_args__ = {"info": {"backup": False}}

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the request
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = mapped_column(JSON)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class IdempotencyKeyReused(DomainError):
    """Another request had the same key."""

    status = 422
    code = "idempotency_key_reused"
    detail = _("Another request has used this Idempotency-Key. Send a new key.")


class RequestInProgress(Conflict):
    """The first request with the same key is not finished."""

    code = "request_in_progress"
    detail = _("The first request with this Idempotency-Key is in progress. Try again.")


ERRORS = (IdempotencyKeyReused, RequestInProgress)

_own_key = (
    StoredResponse.user_id == bindparam("user_id", type_=BigInteger),
    StoredResponse.key == bindparam("key"),
)
_by_key = select(StoredResponse.__table__).where(
    *_own_key,
    StoredResponse.at >= bindparam("since"),
)


def repeat_safely(view: Callable[[Any], Any], content: bytes | None = None) -> Callable[[Any], Any]:
    """Return the view, which stores its response under the key of the request.

    :param content: what stands for the body of the one request that the view gets; by default the body itself
    """

    @wraps(view)
    def wrapped(request: Any) -> Any:
        key = _read_key(request)
        if key is None or request.identity is None:
            return view(request)
        sent = request.body if content is None else content
        stored = find_stored_response(request, key, sent)
        if stored is not None:
            return _make_response(request, stored)
        document = view(request)
        response = request.response
        stored = store_response(
            request,
            key,
            sent,
            StoredResponse(
                status=response.status_int,
                headers=[[name, value] for name, value in response.headerlist if name == "ETag"],
                body=dumps(document),
            ),
        )
        return _make_response(request, stored)

    return wrapped


def find_stored_response(
    request: Any, key: str, content: bytes, *, wait: bool = False
) -> StoredResponse | None:
    """Return the stored response of a repeat, and keep other repeats out until the transaction ends.

    :param key: of this request, among those of its user
    :param content: what is the same in repeats, beside the path
    :param wait: whether a repeat waits for the first request, on PostgreSQL too
    :raises IdempotencyKeyReused: the key is that of another request
    :raises RequestInProgress: another request with this key is not finished
    """
    db, user_id = request.db, request.identity.id
    _lock(db, f"{user_id} {key}", wait)
    # Only the own key: the rows of others would stay locked as long as the request takes.
    expired = StoredResponse.at < datetime.now(UTC) - KEEP
    db.execute(delete(StoredResponse).where(*_own_key, expired), {"user_id": user_id, "key": key})
    return _read_stored_response(request, db.connection(), key, content)


def peek_response(request: Any, content: bytes) -> Response | None:
    """Return the stored response of a repeat, without a lock.

    For a view that does much before its transaction begins. `repeat_safely` decides, within the transaction.

    :raises IdempotencyKeyReused: the key is that of another request
    """
    key = _read_key(request)
    if key is None or request.identity is None:
        return None
    stored = _read_stored_response(request, request.reader, key, content)
    return None if stored is None else _make_response(request, stored)


def _read_stored_response(
    request: Any, connection: Connection, key: str, content: bytes
) -> StoredResponse | None:
    found = {"user_id": request.identity.id, "key": key, "since": datetime.now(UTC) - KEEP}
    row = connection.execute(_by_key, found).first()
    if row is None:
        return None
    if row.fingerprint != _make_fingerprint(request, content):
        raise IdempotencyKeyReused
    return StoredResponse(**row._mapping)


def store_response(
    request: Any, key: str, content: bytes, response: StoredResponse
) -> StoredResponse:
    """Store the status, headers and body of a response for repeats, in the transaction of the change, and return it."""
    response.user_id = request.identity.id
    response.key = key
    response.fingerprint = _make_fingerprint(request, content)
    response.at = datetime.now(UTC)
    request.db.add(response)
    request.db.flush()
    return response


def _read_key(request: Any) -> str | None:
    """Return the key of a request, ``None`` without one.

    :raises ValidationError: the key is too long, or has other characters than those of ASCII
    """
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if not KEY.fullmatch(text.strip()):
        raise ValidationError(
            {HEADER: [f"Send up to {MAX_KEY_LENGTH} ASCII characters, in quotation marks."]}
        )
    return text.strip().strip('"')


def _lock(db: Session, name: str, wait: bool) -> None:
    if get_database(db).is_sqlite:
        db.connection()  # one transaction at a time can write, and the repeat waits
        return
    number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
    if wait:
        db.execute(select(func.pg_advisory_xact_lock(number)))
    elif not db.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise RequestInProgress


def _make_response(request: Any, stored: StoredResponse) -> Response:
    response = request.response
    response.status_int = stored.status
    response.content_type = "application/json"
    for name, value in stored.headers:
        response.headers[name] = value
    response.body = stored.body
    return response


def _make_fingerprint(request: Any, content: bytes) -> str:
    """Return a digest of everything that makes two requests the same.

    It needs the secret key, so that nobody who reads the database can guess what was sent, such as a password.
    """
    secret = Settings.of(request.registry).secret_key.get_secret_value().encode()
    parts = (request.method, request.path_qs, request.content_type or "")
    digest = hmac.new(secret, "\n".join(parts).encode() + b"\n" + content, sha256)
    return digest.hexdigest()


def purge(db: Session) -> None:
    """Delete responses that are older than a day."""
    db.execute(delete(StoredResponse).where(StoredResponse.at < datetime.now(UTC) - KEEP))


def purge_regularly(run: Any) -> None:
    """Delete responses that are older than a day, as a job."""
    with run.session() as db:
        purge(db)


def includeme(config):
    """Delete old responses each night, also if nobody sends keys."""
    config.add_job("idempotency.purge", purge_regularly, at="04:00")
