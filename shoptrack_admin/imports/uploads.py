"""Storing uploaded files until they are confirmed, for a day at most."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from shoptrack.errors import NotFound
from shoptrack.i18n import clean_text
from shoptrack_admin.imports.models import MAX_NAME_LENGTH, Upload, UploadPart
from shoptrack_admin.translation import _

PART_BYTES = 256 * 1024
KEEP = timedelta(days=1)


class UploadGone(NotFound):
    """The file was imported or deleted, or it is another user's."""

    detail = _(
        "This file is no longer here. It was imported already, or is too old. Upload it again."
    )


def store_upload(
    db: Session,
    user_id: int,
    path: str,
    name: str,
    file: IO[bytes],
    options: dict[str, Any],
    report: dict[str, Any],
) -> int:
    """Store a file, and return its id."""
    values = {
        "user_id": user_id,
        "at": datetime.now(UTC),
        "path": path,
        "name": clean_text(name, MAX_NAME_LENGTH),
        "options": options,
        "report": report,
    }
    id: int = db.execute(insert(Upload).returning(Upload.id), values).scalar_one()
    file.seek(0)
    number = 0
    while content := file.read(PART_BYTES):
        db.execute(insert(UploadPart), {"upload_id": id, "number": number, "content": content})
        number += 1
    return id


def find_upload(connection: Connection, user_id: int, path: str, id: int) -> Any:
    """Return a user's upload for a resource.

    :raises UploadGone: there is none
    """
    table = Upload.__table__
    found = select(table).where(table.c.id == id, table.c.user_id == user_id, table.c.path == path)
    row = connection.execute(found).first()
    if row is None:
        raise UploadGone
    return row


@contextmanager
def open_upload(connection: Connection, id: int) -> Iterator[IO[bytes]]:
    """Return the file of an upload, copied to a temporary one.

    :raises UploadGone: somebody has deleted it
    """
    content = select(UploadPart.content).where(UploadPart.upload_id == id)
    with TemporaryFile() as file:
        number = 0
        while part := connection.scalar(content.where(UploadPart.number == number)):
            file.write(part)
            number += 1
        if not number:
            raise UploadGone
        file.seek(0)
        yield file


def delete_upload(db: Session, id: int) -> None:
    """Delete an upload. Of two that confirm it at once, one gets no further.

    :raises UploadGone: another request has deleted it
    """
    if db.scalar(delete(Upload).where(Upload.id == id).returning(Upload.id)) is None:
        raise UploadGone


def purge_regularly(run: Any) -> None:
    """Delete files that are older than a day, as a job."""
    with run.session() as db:
        db.execute(delete(Upload).where(Upload.at < datetime.now(UTC) - KEEP))
