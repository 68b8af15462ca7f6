"""The tables of uploaded files that wait to be confirmed, where every process finds them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, UtcDateTime

MAX_NAME_LENGTH = 200


class Upload(Base):
    """A file with the options of its import, and what the dry run has reported."""

    __tablename__ = "shoptrack_admin_uploads"
    __table_args__ = {"info": {"backup": False}}

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)  # who uploaded it, and alone may confirm it
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    path: Mapped[str] = mapped_column(String(100))  # of the resource
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class UploadPart(Base):
    """A part of a file, since no database reads a whole one in bounded memory."""

    __tablename__ = "shoptrack_admin_upload_parts"
    __table_args__ = {"info": {"backup": False}}

    upload_id: Mapped[int] = mapped_column(
        # PostgreSQL's names have 63 characters at most.
        ForeignKey(Upload.id, ondelete="CASCADE", name="fk_shoptrack_admin_upload_parts_upload"),
        primary_key=True,
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
