"""Reading a file: which encoding and delimiter it has, and its rows with the numbers of their lines.

Few lines are in memory at a time. A file may begin with a byte order mark, and mix line ends.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, NamedTuple

from shoptrack.i18n.translation import _
from shoptrack.resources.csv.encodings import DELIMITERS
from shoptrack.resources.csv.faults import Fault, UnreadableFile

READABLE_ENCODINGS = {  # Python's names by those that a request may have
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "cp932": "cp932",
    "shift_jis": "cp932",  # as browsers and the WHATWG understand it
}
CHUNK_BYTES = 262_144
HEAD_BYTES = 65_536  # in which the first line is looked for
MAX_RECORD_LENGTH = (
    500_000  # characters of a row; a longer one has a quotation mark that never closes
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods, xls


class FileFormat(NamedTuple):
    """The encoding of a file, as Python names it, and its delimiter."""

    encoding: str
    delimiter: str

    @property
    def is_unicode(self) -> bool:
        """Return whether the encoding represents all characters. Exports in others have character references."""
        return self.encoding.startswith("utf")


class Row(NamedTuple):
    """A row of a file.

    :ivar line: where it begins, counted from 1
    """

    line: int
    cells: list[str]


def recognise(
    file: IO[bytes], encoding: str | None = None, delimiter: str | None = None
) -> FileFormat:
    """Return the format of a file, which is read from its beginning to its end.

    UTF-8 is tried first: hardly any text in cp932 is valid UTF-8.

    :param encoding: one of ``READABLE_ENCODINGS``, ``None`` to recognise it
    :param delimiter: one of ``DELIMITERS``, ``None`` to recognise it
    :raises UnreadableFile: the file has no such encoding
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(WORKBOOKS):
        raise UnreadableFile(_("This is a workbook. Save it as CSV, and send that file."))
    if encoding is not None:
        found = READABLE_ENCODINGS[encoding]
        if error := _find_invalid_bytes(file, found):
            raise _make_encoding_error(encoding, *error)
    else:
        found = _recognise_encoding(file, head)
    text = head.decode(found, errors="replace")
    separator = _recognise_delimiter(text) if delimiter is None else DELIMITERS[delimiter]
    return FileFormat(found, separator)


def _recognise_encoding(file: IO[bytes], head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        choices = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        choices = ["utf-8-sig"]
    else:
        choices = ["utf-8-sig", "cp932"]
    errors = []
    for encoding in choices:
        error = _find_invalid_bytes(file, encoding)
        if error is None:
            return encoding
        errors.append((encoding, *error))
    if len(choices) == 1:
        raise _make_encoding_error(*errors[0])
    # The encoding that fits for longer is probably the intended one.
    _encoding, line, _byte = max(errors, key=lambda error: error[1])
    raise UnreadableFile(
        _("The encoding is neither UTF-8 nor cp932. Save the file as CSV in UTF-8."), line
    )


def _find_invalid_bytes(file: IO[bytes], encoding: str) -> tuple[int, int] | None:
    """Return the line of the first bytes that the encoding does not have, and the first of them."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, rest = 1, ""
    while True:
        part = file.read(CHUNK_BYTES)
        try:
            text = decoder.decode(part, final=not part)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, errors="replace")
            return line + _count_line_ends(before), error.object[error.start]
        if not part:
            return None
        # The second half of a line end may come with the next part.
        text = rest + text
        rest = "\r" if text.endswith("\r") else ""
        line += _count_line_ends(text[:-1] if rest else text)


def _count_line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _make_encoding_error(encoding: str, line: int, byte: int) -> UnreadableFile:
    message = _(
        "The file is not valid ${encoding}: here is the byte ${byte}. Send the parameter encoding.",
        encoding=encoding.removesuffix("-sig"),
        byte=f"0x{byte:02X}",
    )
    return UnreadableFile(message, line)


def _recognise_delimiter(text: str) -> str:
    """Return the delimiter that the first line has most often, outside of quotation marks."""
    lines = (line for line in re.split(r"\r\n|\n|\r", text.lstrip("\ufeff")) if line.strip())
    bare = re.sub(r'"[^"]*"?', "", next(lines, ""))
    return max(DELIMITERS.values(), key=bare.count)


def read_rows(file: IO[bytes], format: FileFormat) -> Iterator[Row | Fault]:
    """Yield the rows of a file, and a fault in place of each malformed one. Blank lines are left out.

    :param file: whose encoding was recognised; it is read from its beginning
    """
    file.seek(0)
    # Line ends are kept: those inside of a cell belong to it.
    text = TextIOWrapper(file, encoding=format.encoding, newline="")
    source = _Lines(text)
    reader = csv.reader(source, delimiter=format.delimiter, strict=True)
    try:
        while True:
            line = source.begin_record()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _RecordTooLong:
                yield Fault(line, None, TOO_LONG)
                return
            except csv.Error:
                yield source.find_fault(line, format.delimiter)
                continue
            if any(cells):
                yield Row(line, cells)
    finally:
        text.detach()


TOO_LONG = _(
    "The row that begins here never ends. A quotation mark opens in it, and does not close."
)


class _RecordTooLong(Exception):
    """A row has more characters than any row of a table."""


class _Lines:
    """The lines of a text, of which each row keeps its own."""

    def __init__(self, text: TextIOWrapper):
        self._readline = text.readline
        self._number = 0
        self._record: list[str] = []
        self._length = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._readline(MAX_RECORD_LENGTH + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._length += len(line)
        if self._length > MAX_RECORD_LENGTH:
            raise _RecordTooLong
        self._record.append(line)
        return line

    def begin_record(self) -> int:
        """Return the number of the next line, with which a row begins."""
        self._record.clear()
        self._length = 0
        return self._number + 1

    def find_fault(self, line: int, delimiter: str) -> Fault:
        """Return the fault of the malformed row that was read last."""
        text = "".join(self._record)
        at, column = _find_stray_quote(text, delimiter)
        if at is None:
            return Fault(line, _name_column(column), TOO_LONG)
        before = re.split(r"\r\n|\n|\r", text[:at])
        message = _(
            "A quotation mark inside of a cell, at character ${place}. Write two in place of one.",
            place=len(before[-1]) + 1,
        )
        return Fault(line + len(before) - 1, _name_column(column), message)


def _name_column(number: int) -> str:
    return str(number + 1)


def _find_stray_quote(text: str, delimiter: str) -> tuple[int | None, int]:
    """Return the position of the quotation mark that ends a cell too early, and the number of its cell.

    :returns: ``None`` as the position if the last cell does not end
    """
    column, at, length = 0, 0, len(text)
    while at < length:
        if text[at] == '"':  # a quoted cell
            at += 1
            while True:
                at = text.find('"', at)
                if at < 0:
                    return None, column
                if text[at + 1 : at + 2] != '"':
                    break
                at += 2
            following = text[at + 1 : at + 2]
            if following not in ("", delimiter, "\r", "\n"):
                return at, column
            at += 1
        else:
            ends = [place for place in (text.find(delimiter, at),) if place >= 0]
            at = min(ends, default=length)
        at += 1
        column += 1
    return None, max(column - 1, 0)
