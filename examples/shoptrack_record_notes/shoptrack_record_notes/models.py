"""The table of notes. Its ids are those of the shopping records."""

from shoptrack.db import Base, folded_column
from shoptrack.records.models import ShoppingRecord
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class RecordNote(Base):
    """What is known of a shopping record beside the receipt."""

    __tablename__ = "shoptrack_record_notes_notes"

    id: Mapped[int] = mapped_column(
        ForeignKey(ShoppingRecord.id, ondelete="CASCADE"), primary_key=True
    )
    note: Mapped[str | None] = mapped_column(String(1000))
    note_folded: Mapped[str] = folded_column("note")
    tax_rate: Mapped[int]
