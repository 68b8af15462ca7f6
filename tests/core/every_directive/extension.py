"""A hint on each product, and rules about it."""

from fractions import Fraction

from sqlalchemy import ForeignKey, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product
from shoptrack.db import Base
from shoptrack.errors import Conflict
from shoptrack.resources import Extension, LongText


class Hint(Base):
    """The hint on a product."""

    __tablename__ = "every_directive_hints"

    id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    hint: Mapped[str | None] = mapped_column(Text)


class ProductHint(Extension):
    """A hint on each product."""

    model = Hint
    fields = (LongText("hint", max_length=100, required=False),)


class HintIsKept(Conflict):
    """A product with a hint cannot be deleted."""

    code = "hint_is_kept"
    detail = "The product has a hint. Delete the hint first."


def check_hints(db, changes):
    """Refuse a hint that says nothing."""
    for change in changes:
        if change.new["hint"] == "none":
            change.add_error("hint", "This is no hint.")


def find_short_hints(checked):
    """Warn about hints of one letter."""
    ids = [row.id for row in checked.rows]
    short = set(
        checked.connection.scalars(
            select(Hint.id).where(Hint.id.in_(ids), func.length(Hint.hint) == 1)
        )
    )
    for row in checked.rows:
        if row.id in short:
            row.add_warning("hint", "hint_is_short", "This hint is short.", letters=1)


def has_hint(product, value):
    """Return the condition that a product has a hint."""
    hints = select(Hint.id).where(Hint.id == product.id, Hint.hint.is_not(None))
    return hints.exists() == value


def keep_hints(event):
    """Refuse to delete a product with a hint."""
    kept = select(Hint.id).where(Hint.id.in_([change.id for change in event.changes]))
    if event.resource.model is Product and event.db.scalars(kept).first():
        raise HintIsKept


def find_factor(connection, unit_id, other_id):
    """Know that every unit is two of any other."""
    return Fraction(2)
