"""The engine, and a session for each request."""

import os
from collections.abc import Iterator

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

url = make_url(os.environ["DATABASE_URL"])
is_sqlite = url.get_backend_name() == "sqlite"
if not is_sqlite:
    url = url.set(drivername="postgresql+psycopg")

# Uvicorn's threads are 40; more than these connections would not be used at once on one core.
engine = create_engine(url, pool_size=10, max_overflow=20)
sessions = sessionmaker(engine, expire_on_commit=False)

if is_sqlite:

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        """Set SQLite up as ShopTrack does."""
        for pragma in ("foreign_keys = on", "journal_mode = wal", "synchronous = normal"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout = 20000")


def session() -> Iterator[Session]:
    """Open a session for a request."""
    with sessions() as db:
        yield db
