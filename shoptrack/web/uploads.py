"""Uploads: bodies that are files. They are kept in temporary files, so that memory stays bounded at any length."""

from tempfile import SpooledTemporaryFile

SPOOL_BYTES = 65_536  # a shorter body stays in memory
# All that arrive or wait may take so many times SHOPTRACK_MAX_UPLOAD_SIZE of the disk.
PENDING_UPLOADS = 4


class UploadFile(SpooledTemporaryFile):
    """A body in a temporary file, which has no name where the system can do without.

    The folder is that of ``TMPDIR``. Readers such as ``io.TextIOWrapper`` close the file that they read. After a
    deadlock the request is repeated, and the body is read again. So only `discard` closes the file.
    """

    def __init__(self) -> None:
        super().__init__(max_size=SPOOL_BYTES)

    def close(self) -> None:
        """Do nothing."""

    def __exit__(self, *failure: object) -> None:
        """Do nothing, as ``close``."""

    def discard(self) -> None:
        """Close the file, which removes it."""
        super().close()

    def __del__(self) -> None:
        """Discard a file of a request that is gone."""
        self.discard()
