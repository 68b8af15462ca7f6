"""The life of a plugin that extends a resource: enabled, used, disabled, enabled again, taken back, uninstalled."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shoptrack.cli.backup import backup, restore
from shoptrack.testing import Client, RowFactory, make_test_app
from shoptrack.testing.application import IDENTITY_PLUGIN
from shoptrack.testing.identity import make_headers
from tests.shop import Shop, forget

PLUGIN = "shoptrack_record_notes"
TABLE = "shoptrack_record_notes_notes"
EXAMPLE = Path(__file__).parents[2] / "examples" / PLUGIN
ADDED = {"note", "tax_rate"}
READER = make_headers(1, ["shopping-records:view"])
LIVES = {  # what happened until a state is reached
    "never": ("never",),
    "used": ("never", "used"),
    "disabled": ("never", "used", "disabled"),
    "again": ("never", "used", "disabled", "again"),
    "taken back": ("never", "used", "taken back"),
    "uninstalled": ("never", "used", "uninstalled"),
}


class Household(Shop):
    """A database with two records, with the plugin in one state of its life."""

    plugins: tuple[str, ...] = ()  # that are enabled in this state

    def app(self, *plugins: str) -> Any:
        if plugins not in self._apps:
            includes = {"pyramid.includes": IDENTITY_PLUGIN}
            self._apps[plugins] = make_test_app(self._url, plugins, **includes)
        return self._apps[plugins]

    def reach(self, state: str) -> "Household":
        for name in LIVES[state]:
            getattr(self, f"_{name.replace(' ', '_')}")()
        return self

    def _never(self) -> None:
        self.migrated()
        make = RowFactory(self.database)
        self.ids = [make.record(price=1080).id for _ in range(2)]

    def _used(self) -> None:
        self.plugins = (PLUGIN,)
        self.migrated(PLUGIN)
        self.execute(f"INSERT INTO {TABLE} (id, note, tax_rate) VALUES ({self.ids[0]}, 'dear', 10)")

    def _disabled(self) -> None:
        self.plugins = ()
        self.migrated()

    def _again(self) -> None:
        self.plugins = (PLUGIN,)
        self.migrated(PLUGIN)

    def _taken_back(self) -> None:
        done = self.migrate(
            "--plugin", "record_notes", "--down", "base", "--yes", plugins=(PLUGIN,)
        )
        assert done.exit_code == 0, done.output
        self.plugins = ()

    def _uninstalled(self) -> None:
        self.plugins = ()
        self.forget(PLUGIN)
        sys.path.remove(str(EXAMPLE))
        self.migrated()

    @property
    def records(self) -> list[dict]:
        """Return the documents of the records, for the enabled plugins."""
        client = Client(self.app(*self.plugins), READER)
        return client.get("/api/shopping-records/?ordering=id").json


@pytest.fixture
def household(new_database, monkeypatch) -> Iterator:
    """Return a function that makes a household in a state."""
    monkeypatch.syspath_prepend(EXAMPLE)
    made: list[Household] = []

    def household(state: str) -> Household:
        made.append(Household(new_database()))
        return made[-1].reach(state)

    yield household
    for one in made:
        one.close()
    forget(PLUGIN)


@pytest.mark.parametrize("state", LIVES)
def test_documents_have_the_fields_while_it_is_enabled(household, state):
    one = household(state)
    for document in one.records:
        assert ADDED & document.keys() == (ADDED if one.plugins else set())
    if state in ("used", "again"):
        assert [(document["note"], document["tax_rate"]) for document in one.records] == [
            ("dear", 10),
            (None, 8),
        ]


@pytest.mark.parametrize("state", LIVES)
def test_records_can_be_deleted_in_every_state(household, state):
    one = household(state)
    client = Client(one.app(*one.plugins), make_headers(1, ["shopping-records:delete"]))
    client.delete(f"/api/shopping-records/{one.ids[0]}/", status=204)
    assert one.rows("shopping_records")[0][0] == one.ids[1]
    if TABLE in one.tables:
        assert one.rows(TABLE) == []


def test_what_is_taken_back_leaves_nothing(household):
    one, other = household("never"), household("taken back")
    assert one.tables == other.tables
    assert one.revisions() == other.revisions()


@pytest.mark.parametrize("state", LIVES)
@pytest.mark.parametrize("enabled", [(), (PLUGIN,)], ids=["disabled", "enabled"])
def test_a_backup_of_each_state_is_restored(
    household, new_database, tmp_path, monkeypatch, state, enabled
):
    source = household(state)
    file = str(tmp_path / "household.zip")
    done = source.run(backup, file, plugins=source.plugins)
    assert done.exit_code == 0, done.output
    monkeypatch.syspath_prepend(EXAMPLE)  # the other installation has it, as the case may be
    target = Household(new_database())
    try:
        target.plugins = enabled
        leftover = ("--without", "record_notes") if source.plugins and not enabled else ()
        done = target.run(restore, file, "--unsigned", *leftover, plugins=enabled)
        assert done.exit_code == 0, done.output
        documents = {document["id"]: document for document in target.records}
        assert documents.keys() == set(source.ids)
        if enabled:
            has_notes = state in ("used", "again")
            assert documents[source.ids[0]]["note"] == ("dear" if has_notes else None)
            assert documents[source.ids[1]]["tax_rate"] == 8
        else:
            assert ADDED.isdisjoint(documents[source.ids[0]])
    finally:
        target.close()
