"""The table of the household's conversion factors."""

from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Unit
from shoptrack.db import Base, Thousandths


class UnitFactor(Base):
    """The conversion factor of a unit. It overrides a standard unit of the same name."""

    __tablename__ = "shoptrack_reports_unit_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), unique=True, index=True)
    base: Mapped[str] = mapped_column(String(10), index=True)
    factor: Mapped[Decimal] = mapped_column(Thousandths, index=True)
