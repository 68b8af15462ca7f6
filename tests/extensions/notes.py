"""A plugin that adds notes, a tax rate and a second store to shopping records, and rules about them."""

from decimal import Decimal as Number

from sqlalchemy import ForeignKey, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Store
from shoptrack.catalog.resources import StoreResource
from shoptrack.db import Base
from shoptrack.db.folding import folded_column
from shoptrack.errors import Conflict
from shoptrack.events import BeforeRowsDeleted
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import (
    Boolean,
    Computed,
    Extension,
    Integer,
    LongText,
    Reference,
)


class RecordNote(Base):
    """What is noted of a shopping record."""

    __tablename__ = "tests_record_notes"

    id: Mapped[int] = mapped_column(
        ForeignKey("shopping_records.id", ondelete="CASCADE"), primary_key=True
    )
    note: Mapped[str | None] = mapped_column(String(1000))
    note_folded: Mapped[str] = folded_column("note")
    tax_rate: Mapped[int]
    seen_at_id: Mapped[int | None] = mapped_column(ForeignKey(Store.id), index=True)


class RecordNotes(Extension):
    """A note, a tax rate and another store where the product was seen."""

    model = RecordNote
    fields = (
        LongText("note", max_length=1000, required=False),
        Integer("tax_rate", minimum=0, maximum=100, default=8),
        Reference("seen_at", StoreResource, required=False),
        Computed(
            "tax",
            ("price", "tax_rate"),
            lambda price, rate: str(Number(price) * rate / (100 + rate)),
            {"type": "string"},
        ),
    )


class NoteIsKept(Conflict):
    """A record with a note cannot be deleted."""

    code = "note_is_kept"
    detail = "The record has a note. Delete the note first."


def check_tax_rate(db, changes):
    """Refuse a rate of 13, and everything from a closed store."""
    stores = dict(db.execute(select(Store.id, Store.name)).all())
    for change in changes:
        if change.new["tax_rate"] == 13:
            change.add_error("tax_rate", "13 is unlucky.")
        if stores.get(change.new["store_id"]) == "Closed":
            change.add_error("store_id", "This store is closed.")


calls: list[int] = []  # how many changes each call of the next one had


def count_changes(db, changes):
    """Refuse nothing."""
    calls.append(len(changes))


def find_odd_rates(checked):
    """Warn about rates that no store has."""
    for row in checked.rows:
        if row.values["tax_rate"] not in (0, 8, 10):
            detail = "This rate is unusual."
            row.add_warning("tax_rate", "odd_tax_rate", detail, usual=[8, 10])


def find_far_stores(checked):
    """Warn about stores that only some may view, and fail for a note that wants it."""
    far = set(checked.connection.scalars(select(Store.id).where(Store.name == "Far")))
    for row in checked.rows:
        if row.values["store_id"] in far:
            row.add_warning("store_id", "far_store", "This store is far away.")
        if row.values["note"] == "broken":
            checked.connection.execute(text("SELECT nothing FROM nowhere"))


def keep_notes(event):
    """Refuse to delete a record with a note."""
    ids = [change.id for change in event.changes]
    kept = select(RecordNote.id).where(RecordNote.id.in_(ids), RecordNote.note == "kept")
    if event.resource.model is ShoppingRecord and event.db.scalars(kept).first():
        raise NoteIsKept


def includeme(config):
    config.extend_resource("shopping-records", RecordNotes)
    config.add_validator("shopping-records", check_tax_rate)
    config.add_validator("shopping-records", count_changes)
    config.add_warnings("shopping-records", find_odd_rates)
    config.add_warnings("shopping-records", find_far_stores, needs={"stores:view"})
    config.add_filter(
        "shopping-records",
        Boolean("is_refund", description="Rows with a negative price."),
        lambda record, value: (record.price < 0) == value,
    )
    config.add_error("shopping-records", NoteIsKept)
    config.add_subscriber(keep_notes, BeforeRowsDeleted)
