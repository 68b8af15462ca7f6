"""A third plugin: tags that belong to shopping records, and what refers to tags."""

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base
from shoptrack.db.folding import folded_column
from shoptrack.events import BeforeRowsDeleted
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Integer, Reference, Resource, Text

seen: list[list[str]] = []  # the tags of records that are about to be deleted


class Tag(Base):
    """A word about a shopping record."""

    __tablename__ = "tests_tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey(ShoppingRecord.id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(50))
    name_folded: Mapped[str] = folded_column("name")

    __table_args__ = (UniqueConstraint("record_id", "name_folded"), Base.__table_args__)


class TagVote(Base):
    """A vote for a tag, which keeps it."""

    __tablename__ = "tests_tag_votes"

    id: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey(Tag.id), index=True)
    points: Mapped[int]


class TagNote(Base):
    """What somebody noted at a tag, and belongs to it."""

    __tablename__ = "tests_tag_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey(Tag.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(50))
    name_folded: Mapped[str] = folded_column("name")


class Word(Text):
    """A text that is the same in any case and width."""

    unique_attribute = "name_folded"


class TagResource(Resource):
    """Tags."""

    model = Tag
    path = "tags"
    fields = (
        Reference("record", ShoppingRecordResource, is_owner=True),
        Word("name", max_length=50),
    )
    unique_together = (("record", "name"),)
    default_order = ("name", "id")


class TagVoteResource(Resource):
    """Votes for tags."""

    model = TagVote
    path = "tag-votes"
    fields = (Reference("tag", TagResource), Integer("points"))


class TagNoteResource(Resource):
    """Notes at tags."""

    model = TagNote
    path = "tag-notes"
    fields = (Reference("tag", TagResource, is_owner=True), Text("name", max_length=50))


def see_tags(event):
    """Look at the tags of records that are about to be deleted."""
    if event.resource.model is ShoppingRecord:
        ids = [change.id for change in event.changes]
        seen.append(event.db.scalars(select(Tag.name).where(Tag.record_id.in_(ids))).all())


def includeme(config):
    config.add_resource(TagResource)
    config.add_resource(TagVoteResource)
    config.add_resource(TagNoteResource)
    config.add_subscriber(see_tags, BeforeRowsDeleted)
