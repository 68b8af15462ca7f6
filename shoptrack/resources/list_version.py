"""The version of a list: what changes whenever any of its rows does."""

from sqlalchemy import Connection, func, or_, select

from shoptrack.db.table_versions import TableVersion
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden


class ListVersion:
    """The version of a resource's list: read by one statement, whatever the length of the list.

    :param hidden: permissions to view; the list shows nothing of the tables behind them
    """

    def __init__(self, resource: Resource, hidden: Hidden = SHOW_ALL):
        tables = resource.get_table_names(hidden)
        self._tables = len(tables)
        newest = select(func.max(resource.model.id)).scalar_subquery()
        self._statement = select(
            func.sum(TableVersion.version), func.count(TableVersion.name.distinct()), newest
        ).where(or_(*(TableVersion.name == name for name in sorted(tables))))

    def read(self, connection: Connection) -> tuple[str | None, int]:
        """Return what changes with the list, and the highest id: the list is no longer than that.

        :returns: ``None`` in place of the first where the database does not count the changes
        """
        version, counted, newest = connection.execute(self._statement).one()
        return (f"{int(version):x}" if counted == self._tables else None), newest or 0
