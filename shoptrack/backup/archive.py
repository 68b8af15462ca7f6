"""The file: what it says about itself, writing it, and reading it with every doubt."""

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import orjson
from pydantic import BaseModel, ValidationError

from shoptrack.errors import DomainError

FORMAT = 1
MANIFEST = "manifest.json"
LEVEL = 6  # of 9


class BackupError(DomainError):
    """A backup cannot be made or taken back; nothing was changed."""


class ColumnPart(BaseModel):
    """A column of a table."""

    name: str
    kind: str


class TablePart(BaseModel):
    """A table, and the member that holds its rows."""

    name: str
    columns: list[ColumnPart]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """Return the name of its member."""
        return member(self.name)


class Manifest(BaseModel):
    """What the file says about itself."""

    format: int
    release: str
    made_at: str
    revisions: dict[str, str | None]  # lineage → revision
    tables: list[TablePart]  # in an order in which no row comes before one that it refers to


def member(table: str) -> str:
    """Return the name of the member that holds a table's rows."""
    return f"tables/{table}.jsonl"


@contextmanager
def writing(path: Path) -> Iterator[ZipFile]:
    """Open a file that is there when it is whole, and not before. Only its owner may read it."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def write_rows(archive: ZipFile, table: str, rows: Iterable[list[Any]]) -> str:
    """Write the rows of a table, and return their digest."""
    digest = sha256()
    with archive.open(member(table), "w", force_zip64=True) as file:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            digest.update(line)
            file.write(line)
    return digest.hexdigest()


def opened(path: Path) -> tuple[ZipFile, Manifest]:
    """Open a file, read every byte of it, and return it if nothing is wrong with it.

    :raises BackupError: it is no backup, it is damaged, or it is of a later format
    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(ZipFile(path))
            manifest = _manifest(archive)
            for table in manifest.tables:
                _check(archive, table)
        except (BadZipFile, zlib.error, EOFError, KeyError, ValidationError, NotImplementedError):
            raise BackupError(f"{path} is no backup of ShopTrack's, or it is damaged.") from None
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error.strerror}.") from None
        stack.pop_all()
    return archive, manifest


def read_rows(archive: ZipFile, table: TablePart) -> Iterator[list[Any]]:
    """Yield the rows of a table."""
    with archive.open(table.member) as file:
        for line in file:
            yield orjson.loads(line)


def _manifest(archive: ZipFile) -> Manifest:
    text = archive.read(MANIFEST)
    try:
        number = orjson.loads(text)["format"]
    except (ValueError, TypeError):
        raise BadZipFile from None
    if number != FORMAT:
        raise BackupError(
            f"The backup has the format {number}, and this release reads {FORMAT}. "
            "Take it back with the release that made it."
        )
    return Manifest.model_validate_json(text)


def _check(archive: ZipFile, table: TablePart) -> None:
    digest, rows = sha256(), 0
    with archive.open(table.member) as file:
        while part := file.read(1 << 20):
            digest.update(part)
            rows += part.count(b"\n")
    if digest.hexdigest() != table.sha256 or rows != table.rows:
        raise BadZipFile
