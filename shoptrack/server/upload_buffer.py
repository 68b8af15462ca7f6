"""Receives uploads into temporary files."""

from shoptrack.web.uploads import SPOOL_BYTES, UploadFile


class UploadBuffer:
    """The body of an upload, as waitress's receivers write it."""

    def __init__(self) -> None:
        self._file = UploadFile()
        self._size = 0

    def append(self, data: bytes) -> None:
        """Write the next bytes."""
        self._file.write(data)
        self._size += len(data)

    def __len__(self) -> int:
        """Return the number of bytes."""
        return self._size

    @property
    def disk_bytes(self) -> int:
        """Return how many of them are in a temporary file: all of a longer body."""
        return self._size if self._size > SPOOL_BYTES else 0

    def getfile(self) -> UploadFile:
        """Return the file at its beginning."""
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Remove the file."""
        self._file.discard()
