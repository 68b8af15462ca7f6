"""The tables of wishes and votes."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product
from shoptrack.db import Base, folded_column
from shoptrack_auth.models import User


class Wish(Base):
    """A product that the household means to buy."""

    __tablename__ = "shoptrack_wishlist_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    reason_folded: Mapped[str] = folded_column("reason")
    wanted_by: Mapped[date | None]
    tags: Mapped[str] = mapped_column(String(400), default="")


class WishVote(Base):
    """A user's vote for a wish. It goes with the wish and with the user."""

    __tablename__ = "shoptrack_wishlist_votes"

    wish_id: Mapped[int] = mapped_column(ForeignKey(Wish.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), primary_key=True, index=True
    )
