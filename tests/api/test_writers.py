"""Many writers at once, on SQLite too: all are served, nothing that was acknowledged is lost."""

from functools import partial

import pytest

from shoptrack.catalog.models import Unit

WRITERS = 8
EACH = 25


@pytest.fixture
def write(at_once):
    """Return a function that calls ``work(client, writer)`` at once for each writer's number."""
    return lambda work: at_once(*[partial(work, writer=number) for number in range(WRITERS)])


def test_every_creation_is_there_afterwards(api, write):
    def create(client, writer):
        return [
            client.post_json(
                "/api/stores/", {"name": f"{writer}", "location": f"{number}"}, status=201
            ).json
            for number in range(EACH)
        ]

    created = sum(write(create), [])
    assert sorted(api.get("/api/stores/").json, key=str) == sorted(created, key=str)
    assert len({document["id"] for document in created}) == WRITERS * EACH


def test_changes_of_different_fields_of_one_row_do_not_undo_each_other(api, make, write):
    item = f"/api/stores/{make.store().id}/"

    def change(client, writer):
        field = ("name", "location")[writer % 2]
        for number in range(EACH):
            client.patch_json(item, {field: f"writer {writer}, {number}"}, status=200)

    write(change)
    last = api.get(item).json
    assert last["name"] in [f"writer {writer}, {EACH - 1}" for writer in range(0, WRITERS, 2)]
    assert last["location"] in [f"writer {writer}, {EACH - 1}" for writer in range(1, WRITERS, 2)]


def test_every_writer_finds_its_own_changes(make, write):
    rows = [f"/api/shopping-records/{make.record().id}/" for _ in range(WRITERS)]

    def change(client, writer):
        for number in range(EACH):
            client.patch_json(rows[writer], {"price": number}, status=200)
            assert client.get(rows[writer]).json["price"] == number

    write(change)


def test_a_reader_is_not_blocked_by_a_writer_that_has_not_finished(api, make, database):
    unit = make.unit(name="g")
    with database.session() as db, db.begin():
        db.add(Unit(name="kg"))
        db.flush()
        assert api.get("/api/units/", status=200).json == [{"id": unit.id, "name": "g"}]
        assert api.get(f"/api/units/{unit.id}/", status=200).json["name"] == "g"
    assert len(api.get("/api/units/").json) == 2
