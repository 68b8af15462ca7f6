"""The backup file: its manifest, writing it, and reading it with every byte checked."""

import os
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import orjson
from pydantic import BaseModel, Field, PositiveInt, model_validator

from shoptrack.cli.backup.columns import KINDS
from shoptrack.cli.backup.signature import BackupError, check_signature, sign

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SIGNATURE = "signature"
COMPRESSION_LEVEL = 6  # of 9
# Larger than any real manifest. Compressed data can grow a thousandfold when it is read.
MAX_MANIFEST_BYTES = 16 * 1024**2
MAX_LINE_BYTES = 64 * 1024**2
ENCRYPTED_FLAG = 1  # a flag bit of a zip member

# Error messages repeat these values, so control characters of terminals are excluded.
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:+!-]{1,100}$")]


class ColumnManifest(BaseModel):
    """A column of a table."""

    name: Name
    kind: str

    @model_validator(mode="after")
    def _is_known(self) -> "ColumnManifest":
        if self.kind not in KINDS:
            raise ValueError(f"there is no kind {self.kind!r}")
        return self


class TableManifest(BaseModel):
    """A table, and the archive member with its rows."""

    name: Name
    columns: list[ColumnManifest]
    rows: int
    sha256: str
    lineage: Name | None = None  # absent in backups of earlier releases

    @property
    def member(self) -> str:
        """Return the name of the archive member."""
        return get_member_name(self.name)

    @model_validator(mode="after")
    def _has_each_column_once(self) -> "TableManifest":
        _check_duplicates(column.name for column in self.columns)
        return self


class Manifest(BaseModel):
    """The contents of the archive: release, revisions and tables."""

    format: int
    release: Label
    made_at: Label
    revisions: dict[Name, Label | None]  # lineage → revision
    tables: list[TableManifest]  # referenced tables first
    last_ids: dict[Name, PositiveInt] = {}  # table → the largest ID that it ever assigned

    @model_validator(mode="after")
    def _has_each_table_once(self) -> "Manifest":
        _check_duplicates(table.name for table in self.tables)
        return self


def _check_duplicates(names: Iterable[str]) -> None:
    if any(times > 1 for times in Counter(names).values()):
        raise ValueError("a name comes twice")


def get_member_name(table: str) -> str:
    """Return the name of the archive member with a table's rows."""
    return f"tables/{table}.jsonl"


@contextmanager
def create_archive(path: Path) -> Iterator[ZipFile]:
    """Open a new file that appears under its name only once it is complete. Only its owner may read it."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def write_rows(archive: ZipFile, table: str, rows: Iterable[list[Any]]) -> str:
    """Write the rows of a table, and return the SHA-256 digest of the member."""
    digest = sha256()
    with archive.open(get_member_name(table), "w", force_zip64=True) as file:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            digest.update(line)
            file.write(line)
    return digest.hexdigest()


def write_manifest(archive: ZipFile, manifest: Manifest, key: bytes | None) -> None:
    """Write the manifest, and its signature if there is a key."""
    text = manifest.model_dump_json(indent=2).encode()
    archive.writestr(MANIFEST, text)
    if key:
        archive.writestr(SIGNATURE, sign(key, text))


def open_archive(
    path: Path, key: bytes | None = None, *, is_trusted: bool
) -> tuple[ZipFile, Manifest]:
    """Open a backup, check every byte, and return the archive and its manifest.

    :param key: the key that must have signed it
    :param is_trusted: whether to accept it without checking a signature
    :raises BackupError: it is no backup, is damaged, was changed, or has a later format
    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(ZipFile(path))
            text = _read_member(archive, MANIFEST)
            if not is_trusted:
                signature = SIGNATURE in archive.namelist() and _read_member(archive, SIGNATURE)
                check_signature(path, key, text, signature or None)
            manifest = _parse_manifest(text)
            for table in manifest.tables:
                _check_table(archive, table)
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error.strerror}.") from None
        # zipfile and zlib raise these for invalid data; an invalid manifest is a ValueError.
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            struct.error,
            LookupError,
            ValueError,
            RuntimeError,
        ):
            raise BackupError(f"{path} is no backup of ShopTrack's, or it is damaged.") from None
        stack.pop_all()
    return archive, manifest


def read_lines(archive: ZipFile, table: TableManifest) -> Iterator[bytes]:
    """Yield the lines of a table; each should be a row.

    :raises BackupError: a line is longer than any row
    """
    with archive.open(table.member) as file:
        while line := file.readline(MAX_LINE_BYTES):
            # `readline` of a zip member may return a little more than requested.
            if len(line) >= MAX_LINE_BYTES:
                raise BackupError(
                    f"The table {table.name} of the backup has a line of more than {MAX_LINE_BYTES:,} bytes."
                )
            yield line


def _parse_manifest(text: bytes) -> Manifest:
    try:
        number = orjson.loads(text)["format"]
    except TypeError:
        raise BadZipFile from None
    if type(number) is not int:
        raise BadZipFile
    if number != FORMAT_VERSION:
        raise BackupError(
            f"The backup has the format {number}, and this release reads {FORMAT_VERSION}. "
            "Take it back with the release that made it."
        )
    return Manifest.model_validate_json(text)


def _open_member(archive: ZipFile, name: str):
    """Open a member that is compressed as in `create_archive`: other methods use unbounded memory."""
    info = archive.getinfo(name)
    if info.compress_type not in (ZIP_DEFLATED, ZIP_STORED) or info.flag_bits & ENCRYPTED_FLAG:
        raise BadZipFile
    return archive.open(info)


def _read_member(archive: ZipFile, name: str) -> bytes:
    with _open_member(archive, name) as file:
        text = file.read(MAX_MANIFEST_BYTES + 1)
    if len(text) > MAX_MANIFEST_BYTES:
        raise BadZipFile
    return text


def _check_table(archive: ZipFile, table: TableManifest) -> None:
    digest, rows = sha256(), 0
    with _open_member(archive, table.member) as file:
        while part := file.read(1 << 20):
            digest.update(part)
            rows += part.count(b"\n")
    if digest.hexdigest() != table.sha256 or rows != table.rows:
        raise BadZipFile
