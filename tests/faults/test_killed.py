"""``kill -9`` while clients write: what was acknowledged is there, and nothing by halves."""

from sqlalchemy import func, select

from shoptrack.catalog.models import Store
from shoptrack.db.table_versions import TableVersion
from shoptrack.history import Action, HistoryEntry

from .load import Load

KILLS = 2
WRITTEN = 100  # stores between two kills, at least
CLIENTS = 8


def version(connection) -> int:
    """Return how often stores have changed, as the database counts."""
    counted = select(func.sum(TableVersion.version)).where(TableVersion.name == "stores")
    return int(connection.scalar(counted))


def test_every_acknowledged_write_is_there_and_none_by_halves(household, server):
    database = household.database
    with database.read_engine.connect() as connection:
        before, known = version(connection), set(connection.scalars(select(Store.id)))
    acknowledged: dict[int, str] = {}
    for _ in range(KILLS):
        with Load(server, CLIENTS) as load:
            load.wait(lambda: len(load.acknowledged) >= WRITTEN)
            server.kill()
        acknowledged |= load.acknowledged
        server.start()
    life = server.request("POST", "/api/stores/", {"name": "Life", "location": "Kyoto"})
    assert life.status == 201

    with database.read_engine.connect() as connection:
        new = select(Store.id, Store.name).where(Store.id.not_in(known))
        stores = dict(connection.execute(new).all())
        added = select(HistoryEntry.row_id).where(
            HistoryEntry.action == Action.ADDED, HistoryEntry.path == "stores"
        )
        told = sorted(set(connection.scalars(added)) - known)
        changes = version(connection) - before
    assert acknowledged.items() <= stores.items()
    assert len(stores) - 1 <= len(acknowledged) + KILLS * CLIENTS  # those whose answer was cut off
    assert told == sorted(stores)
    assert changes == len(stores)
