"""Databases and backups of older releases: migrated, checked, restored and worked with."""

import json
from contextlib import ExitStack
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from sqlalchemy import Column, MetaData, Table, select

from shoptrack.cli import Environment, commands
from shoptrack.cli.backup import backup, restore
from shoptrack.cli.backup.tables import is_backed_up
from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages, lineage_tables
from shoptrack.history import HistoryEntry
from shoptrack.testing import Client

from .kept import get_kept_releases

RELEASES = get_kept_releases()
BACKUPS = [release for release in RELEASES if release.backup.exists()]
ALL = pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
ALL_BACKUPS = pytest.mark.parametrize("release", BACKUPS, ids=lambda release: release.name)
# What is only for a while, and comes back from no backup.
SHORT_LIVED = {
    f"shoptrack_auth_{name}"
    for name in ("sign_ins", "failures", "password_links", "numbered_sessions", "api_tokens")
} | {"job_states", "history_purges"}
RANDOM = "history_feed"

Rows = dict[str, list[dict]]


class Shop:
    """The application of today on a database."""

    def __init__(self, app):
        self.app = app
        self.database = Database.of(app.registry)

    def run(self, command, *arguments: str) -> str:
        environment = Environment(None)
        environment.registry = self.app.registry
        result = CliRunner().invoke(command, arguments, obj=environment)
        self.database.dispose()  # as the process of a command does when it ends
        assert result.exit_code == 0, result.output
        return result.output

    def get_values(self) -> Rows:
        """Return the rows of each table as the models have them, as far as they are the same on both databases."""
        lineages = migrations.sort_lineages(Lineages.of(self.app.registry))
        with self.database.read_engine.connect() as connection:
            return {
                table.name: [
                    dict(row)
                    for row in _select(connection, table, *filter(is_backed_up, table.columns))
                ]
                for table in migrations.get_tables(lineages)
                if table.name != RANDOM
            }

    def get_rows(self) -> Rows:
        """Return the rows of each table that holds data, whatever its revision, as the database has them."""
        with self.database.read_engine.connect() as connection:
            found = MetaData()
            found.reflect(connection)
            return {
                table.name: [dict(row) for row in _select(connection, table)]
                for table in found.sorted_tables
                if table.name not in lineage_tables.DERIVED_TABLES
                and not table.name.startswith("alembic_version_")
            }


def _select(connection, table: Table, *columns: Column):
    statement = select(*columns or table.columns).order_by(*table.primary_key)
    return connection.execute(statement).mappings()


@pytest.fixture
def make_shop(lender):
    """Return a function that puts the application on a database."""
    with ExitStack() as lent:
        yield lambda url: Shop(lent.enter_context(lender.lend(url)))


@pytest.mark.database("sqlite")
def test_every_revision_is_kept(shared_app):
    lineages = Lineages.of(shared_app.registry)
    revisions = [revision for line in lineages.values() for revision in line.revisions]
    kept = [revision for release in RELEASES for revision in release.revisions]
    assert sorted(kept) == sorted(revisions), "Run: .venv/bin/python tests/upgrades/keep.py"
    assert RELEASES[-1].applied == {name: line.head for name, line in lineages.items()}


def test_they_are_small():
    files = [file for release in RELEASES for file in release.folder.iterdir()]
    assert max(file.stat().st_size for file in files) < 50_000


@ALL
def test_it_is_migrated_checked_and_worked_with(release, new_database, make_shop):
    url = new_database()
    release.fill(url)
    shop = make_shop(url)
    before = shop.get_rows()
    shop.run(commands.migrate)
    assert shop.run(commands.check) == "The models and the database agree.\n"
    assert sum(map(len, before.values())) >= 13
    after = shop.get_rows()
    assert {name: _choose(after[name], rows) for name, rows in before.items()} == before
    if "auth" in release.applied:
        _work_with(shop)


def _choose(rows: list[dict], like: list[dict]) -> list[dict]:
    """Return rows with no other columns than these have."""
    columns = like[0].keys() if like else ()
    return [{name: row[name] for name in columns} for row in rows]


def _work_with(shop: Shop) -> None:
    """Sign in by the password of then, find what was written then, and write more."""
    client = Client(shop.app)
    client.get("/readyz", status=200)
    body = {"username": "mio", "password": "correct horse battery staple"}
    access = client.post_json("/api/auth/token/", body).json["access"]
    headers = {"Authorization": f"Bearer {access}"}
    products = client.get("/api/products/", {"search": "ぎゅうにゅう"}, headers=headers).json
    assert [product["name"] for product in products] == ["ギュウニュウ"]
    records = client.get("/api/shopping-records/", {"ordering": "id"}, headers=headers).json
    assert [record["quantity"] for record in records] == ["1000.125", "0.001", "-9999999.999"]
    before = client.get("/api/stores/", headers=headers)
    store = {"name": "コープ", "location": "神戸"}
    added = client.post_json("/api/stores/", store, headers=headers, status=201).json
    assert added["id"] == 3
    assert client.get("/api/stores/", headers=headers).headers["ETag"] != before.headers["ETag"]


@ALL_BACKUPS
@pytest.mark.database("sqlite")  # below, a backup with the same tables is restored on PostgreSQL
def test_its_backup_is_restored(release, new_database, create_database, make_shop):
    shop = make_shop(new_database())
    shop.run(restore, str(release.backup), "--unsigned")
    assert shop.run(commands.check) == "The models and the database agree.\n"
    migrated = make_shop(create_database(shop.database.url.get_backend_name()))
    release.fill(migrated.database.url)
    migrated.run(commands.migrate)
    rows = shop.get_values()
    assert not any(rows[name] for name in SHORT_LIVED & rows.keys())
    assert _without_short_lived(rows) == _without_short_lived(migrated.get_values())
    _work_with(shop)


@ALL
def test_it_is_backed_up_before_it_is_migrated(
    release, new_database, create_database, make_shop, tmp_path
):
    shop = make_shop(new_database())
    release.fill(shop.database.url)
    file = tmp_path / "before-upgrade.zip"
    before = shop.get_rows()
    shop.run(backup, str(file))
    assert shop.get_rows() == before
    manifest = read_manifest(file)
    assert {name: r for name, r in manifest["revisions"].items() if r} == release.applied
    if release in BACKUPS:  # it is what the release itself wrote of SQLite
        assert _get_parts(manifest) == _get_parts(read_manifest(release.backup))

    # The other kind of database
    other = make_shop(create_database("sqlite" if not shop.database.is_sqlite else "postgresql"))
    other.run(restore, str(file), "--unsigned")
    for one in (other, shop):  # which also creates the groups for new members where users have none
        one.run(commands.migrate)
    assert other.run(commands.check) == "The models and the database agree.\n"
    assert _get_kept(other) == _get_kept(shop)


def _get_kept(shop) -> dict[str, list[dict]]:
    """Return the rows of all tables that stay, entries of the history without their times."""
    values = _without_short_lived(shop.get_values())
    for entry in values[HistoryEntry.__tablename__]:
        del entry["at"]
    return values


def read_manifest(file: Path) -> dict:
    with ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def _get_parts(manifest: dict) -> dict[str, dict]:
    """Return what is said of each table: its columns, number of rows and digest."""
    parts = {part["name"]: part for part in manifest["tables"]}
    for part in parts.values():
        part.pop("lineage", None)  # which earlier releases did not write
    return _without_short_lived(parts)


def _without_short_lived(tables: dict) -> dict:
    return {name: part for name, part in tables.items() if name not in SHORT_LIVED}
