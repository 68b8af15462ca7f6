"""The version of a list, which changes with each of its rows."""

from sqlalchemy import Connection, func, or_, select

from shoptrack.db.table_versions import TableVersion
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden


class ListVersion:
    """The version of a resource's list, read by one statement for a list of any length.

    :param hidden: view permissions that the caller lacks; the list omits the tables that require them
    """

    def __init__(self, resource: Resource, hidden: Hidden = SHOW_ALL):
        tables = resource.get_table_names(hidden)
        self._tables = len(tables)
        newest = select(func.max(resource.model.id)).scalar_subquery()
        self._statement = select(
            func.sum(TableVersion.version), func.count(TableVersion.name.distinct()), newest
        ).where(or_(*(TableVersion.name == name for name in sorted(tables))))

    def read(self, connection: Connection) -> tuple[str | None, int]:
        """Return the list's version, and the highest id, which the list's length cannot exceed.

        :returns: ``None`` as the version if the database does not count changes
        """
        version, counted, newest = connection.execute(self._statement).one()
        return (f"{int(version):x}" if counted == self._tables else None), newest or 0
