"""The state of each lineage in the database."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sqlalchemy import Connection

from shoptrack.db.migrations.lineages import Lineage, NewerSchema


class LineageState(StrEnum):
    """How the current revision compares with the newest installed one."""

    UP_TO_DATE = "up to date"
    PENDING = "pending"
    NOT_APPLIED = "not applied"
    AHEAD = "ahead"  # the database has a revision that is not installed

    @classmethod
    def from_revision(cls, lineage: Lineage, revision: str | None) -> "LineageState":
        """Return the state of a lineage.

        :param revision: the current revision of the database
        """
        if revision == lineage.head:
            return cls.UP_TO_DATE
        if revision is None:
            return cls.NOT_APPLIED
        return cls.PENDING if revision in lineage.revisions else cls.AHEAD


Revisions = Mapping[Lineage, str | None]


def get_current_revisions(connection: Connection, lineages: Iterable[Lineage]) -> Revisions:
    """Return the current revision of each lineage."""
    return {lineage: lineage.get_current_revision(connection) for lineage in lineages}


def find_pending(connection: Connection, lineages: Iterable[Lineage]) -> list[str]:
    """Return the names of the lineages with pending revisions.

    :raises NewerSchema: the database has revisions that are not installed
    """
    found = get_current_revisions(connection, lineages)
    check_not_ahead(found)
    return select_pending(found)


def select_pending(found: Revisions) -> list[str]:
    """Return the names of the lineages with pending revisions."""
    lacking = (LineageState.PENDING, LineageState.NOT_APPLIED)
    return [
        line.name
        for line, revision in found.items()
        if LineageState.from_revision(line, revision) in lacking
    ]


def check_not_ahead(found: Revisions) -> None:
    """Check that the database has no revisions of a newer release.

    :raises NewerSchema: naming the revisions that are not installed
    """
    ahead = [
        f"{lineage.name} stands at {revision}, which the installed {lineage.package} does not know"
        for lineage, revision in found.items()
        if LineageState.from_revision(lineage, revision) is LineageState.AHEAD
    ]
    if ahead:
        raise NewerSchema(
            f"The database was migrated by a newer release: {', and '.join(ahead)}. Install the newer "
            "one, or restore a backup of before."
        )
