"""One database, and what commands do to it with these or those plugins enabled."""

import sys
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import func, inspect, select

from shoptrack.cli import Environment, commands
from shoptrack.db import Base, Database
from shoptrack.db.table_versions import TableVersion
from shoptrack.testing import make_test_app


def forget(package: str) -> None:
    """Take a package out of the process, with its models, as if it had not been installed."""
    for module in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[module]
    for manager in list(Base.registry._managers):
        if manager.class_.__module__.partition(".")[0] == package:
            Base.metadata.remove(manager.mapper.local_table)
            Base.registry._dispose_manager_and_mapper(manager)
            del Base.registry._managers[manager]


class Shop:
    """One database, and applications on it with these or those plugins."""

    def __init__(self, url):
        self.database = Database(url)
        self._url = url
        self._apps: dict[tuple[str, ...], Any] = {}

    def app(self, *plugins: str) -> Any:
        if plugins not in self._apps:
            self._apps[plugins] = make_test_app(self._url, plugins)
        return self._apps[plugins]

    def forget(self, plugin: str) -> None:
        """Have a plugin read anew, as another process would."""
        forget(plugin)
        self.close()
        self._apps.clear()

    def run(self, command: Any, *arguments: str, plugins: tuple[str, ...] = ()) -> Result:
        environment = Environment(None)
        environment.registry = self.app(*plugins).registry
        return CliRunner().invoke(command, arguments, obj=environment)

    def migrate(self, *arguments: str, plugins: tuple[str, ...] = ()) -> Result:
        return self.run(commands.migrate, *arguments, plugins=plugins)

    def migrated(self, *plugins: str) -> "Shop":
        result = self.migrate(plugins=plugins)
        assert result.exit_code == 0, result.output
        return self

    @property
    def tables(self) -> dict[str, set[str]]:
        """Return the columns of all tables."""
        found = inspect(self.database.read_engine).get_multi_columns()
        return {name: {c["name"] for c in columns} for (_, name), columns in found.items() if name}

    def execute(self, statement: str) -> None:
        with self.database.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def rows(self, table: str) -> list[tuple]:
        with self.database.read_engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]

    def revisions(self) -> dict[str, str]:
        names = [name for name in self.tables if name.startswith("alembic_version_")]
        return {
            name.removeprefix("alembic_version_"): self.rows(name)[0][0]
            for name in names
            if self.rows(name)
        }

    def version(self, table: str) -> int | None:
        with self.database.read_engine.connect() as connection:
            total = func.sum(TableVersion.version)
            return connection.scalar(select(total).where(TableVersion.name == table))

    def close(self) -> None:
        for app in self._apps.values():
            Database.of(app.registry).dispose()
        self.database.dispose()
