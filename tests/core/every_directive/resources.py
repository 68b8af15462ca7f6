"""Wishes, and their table."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, folded_column
from shoptrack.resources import Resource, Text


class Wish(Base):
    """A wish."""

    __tablename__ = "every_directive_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    name_folded: Mapped[str] = folded_column("name")


class WishResource(Resource):
    """All wishes."""

    model = Wish
    path = "wishes"
    fields = (Text("name", max_length=50),)
