"""The table of what a household says of its units."""

from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Unit
from shoptrack.db import Base, Thousandths


class UnitFactor(Base):
    """How many of a base unit one unit is. It goes before what is known by the unit's name."""

    __tablename__ = "shoptrack_reports_unit_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), unique=True, index=True)
    base: Mapped[str] = mapped_column(String(10), index=True)
    factor: Mapped[Decimal] = mapped_column(Thousandths, index=True)
