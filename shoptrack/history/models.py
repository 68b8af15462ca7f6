"""The tables of the history: its entries, and what its feed of changes needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    FetchedValue,
    Index,
    String,
    delete,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, UtcDateTime

MAX_LABEL_LENGTH = 300  # characters


class ActionSource(StrEnum):
    """The part of ShopTrack from which an action came."""

    API = "api"
    ADMINISTRATION = "administration"
    COMMAND = "command"
    JOB = "job"


class Action(StrEnum):
    """The action on a row. Plugins record actions of their own."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


class GroupAction(StrEnum):
    """The action of several changes together. Their entries follow the action's own one, and refer to it."""

    MERGED = "merged"
    UNDONE = "undone"


@contextmanager
def allow_deletion(connection: Connection) -> Iterator[None]:
    """Let the transaction delete entries, which the database rejects otherwise."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL shoptrack_admin.purging = 'on'"))
        yield
        return
    # SQLite has no settings. Its triggers are dropped and created within the transaction instead.
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    triggers = connection.execute(text(named), {"table": HistoryEntry.__tablename__}).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


def clear(connection: Connection) -> None:
    """Delete all entries, without a record for clients of the feed."""
    with allow_deletion(connection):
        connection.execute(delete(HistoryEntry))


def _index_used(name: str) -> Index:
    """Return an index of the few entries that have a value in a column."""
    is_used = text(f"{name} IS NOT NULL")
    return Index(
        f"ix_shoptrack_admin_history_{name}",
        name,
        "id",
        sqlite_where=is_used,
        postgresql_where=is_used,
    )


class HistoryEntry(Base):
    """An action of an actor. It has no foreign keys, so that it outlives its row and its actor.

    ``changes`` has the members of the document that became different, each with its value before and
    after, as in ``{"name": ["Meet", "Meat"]}``.
    """

    __tablename__ = "shoptrack_admin_history"
    __table_args__ = (
        Index("ix_shoptrack_admin_history_path", "path", "row_id", "id"),
        Index("ix_shoptrack_admin_history_username", "username", "id"),
        # The filters of pages, which are ordered by id.
        Index("ix_shoptrack_admin_history_kind", "path", "id"),
        Index("ix_shoptrack_admin_history_kind_action", "path", "action", "id"),
        Index("ix_shoptrack_admin_history_action", "action", "id"),
        Index("ix_shoptrack_admin_history_way", "way", "id"),
        _index_used("part_of"),
        _index_used("undoes"),
        Index(
            "ix_shoptrack_admin_history_feed",
            "path",
            "xid",
            "id",
            postgresql_where=text("xid IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True, "info": {"clear": clear}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: datetime.now(UTC), index=True)
    user_id: Mapped[int | None]  # the actor's id
    username: Mapped[str] = mapped_column(String(150), default="")  # the username at that time
    address: Mapped[str] = mapped_column(String(45), default="")  # the client's, IPv4 or IPv6
    way: Mapped[str] = mapped_column(String(20), default="")
    job: Mapped[str] = mapped_column(String(100), default="", server_default="")  # its name
    action: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(String(100), default="")  # the resource's path
    row_id: Mapped[int | None]
    label: Mapped[str] = mapped_column(
        String(MAX_LABEL_LENGTH), default=""
    )  # the row's label at that time
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    part_of: Mapped[int | None]  # the id of the entry of the action to which this change belongs
    undoes: Mapped[int | None]  # the id of the entry that this one undoes
    # The last transaction that the entry may come after (see shoptrack.history.feed), which PostgreSQL fills in. Null
    # on SQLite, and in entries older than the column. Another server counts anew, so backups do not have it.
    xid: Mapped[int | None] = mapped_column(
        BigInteger, server_default=FetchedValue(), info={"backup": False}
    )


class HistoryFeed(Base):
    """The only row has a random text, which changes when rows change without entries, as when a backup is restored."""

    __tablename__ = "history_feed"
    __table_args__ = {"info": {"backup": False, "outlives_tests": True}}

    token: Mapped[str] = mapped_column(String(32), primary_key=True)


class HistoryPurge(Base):
    """The last position in the feed of a resource's entries that were deleted.

    :ivar source: the database that counted the transactions
    """

    __tablename__ = "history_purges"
    __table_args__ = {"info": {"backup": False}}

    path: Mapped[str] = mapped_column(String(100), primary_key=True)
    source: Mapped[str] = mapped_column(String(32))
    xid: Mapped[int] = mapped_column(BigInteger)
    entry_id: Mapped[int] = mapped_column(BigInteger)
