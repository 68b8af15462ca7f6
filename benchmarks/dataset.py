"""A filled database: migrated and written by ShopTrack, read by every peer."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import URL, Connection, Engine, create_engine, delete, func, select, update

from benchmarks.backends import PostgreSQL, Sqlite
from benchmarks.peers import production_ini
from benchmarks.works import Work
from shoptrack import make_app, migrations
from shoptrack.catalog.models import Product
from shoptrack.contributions import Contributions
from shoptrack.db import Database
from shoptrack.demo import fill
from shoptrack.records.models import ShoppingRecord
from shoptrack.settings import Sources
from shoptrack_auth import sign_ins, users
from shoptrack_auth.delegation import OPERATOR
from shoptrack_auth.models import SignIn
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.tokens import Tokens

UNTIL = date(2025, 12, 31)  # the same rows on any day
USERNAME = "bench"
TOKEN_SECONDS = 86_400  # one token serves as long as anybody measures
CHANGED = 1_000  # so many records are changed again and again

Source = Callable[[Connection, int], None]  # writes so many records


def demo(connection: Connection, records: int) -> None:
    """Write ShopTrack's demo."""
    fill(connection, until=UNTIL, records=records)


@dataclass
class Dataset:
    """A database with a known number of records and one user."""

    backend: PostgreSQL | Sqlite
    url: URL
    records: int
    category: int  # the one with the most records
    password: str
    token: str
    settings: dict[str, str]  # what a server has to know, as environment variables
    _engine: Engine
    _prices: dict[int, int]  # of the records that may be changed, by their ids
    _last_sign_in: int

    @property
    def ids(self) -> range:
        """Return the ids of all records, which have no gaps."""
        return range(1, self.records + 1)

    @property
    def changed_ids(self) -> range:
        """Return the ids of the records that may be changed."""
        return range(1, min(CHANGED, self.records) + 1)

    def about(self, work: Work) -> Work:
        """Return requests about this database."""
        return work.about(category=self.category, username=USERNAME, password=self.password)

    def restore(self) -> None:
        """Take back what requests wrote."""
        with self._engine.begin() as connection:
            connection.execute(delete(ShoppingRecord).where(ShoppingRecord.id > self.records))
            connection.execute(delete(SignIn).where(SignIn.id > self._last_sign_in))
            for id, price in self._prices.items():
                changed = ShoppingRecord.id == id, ShoppingRecord.price != price
                connection.execute(update(ShoppingRecord).where(*changed).values(price=price))
        with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            self.backend.tidy(connection)

    def dispose(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def create(backend: PostgreSQL | Sqlite, records: int, source: Source) -> Dataset:
    """Return a new database with this many records."""
    url = backend.create(f"records_{records}")
    key, password = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
    app = make_app(Sources(ini=_ini(url, key), environ={}, dotenv_path=None))
    database = Database.of(app.registry)
    brought = Contributions.of(app.registry)
    migrations.migrate(database, migrations.ordered(brought.migrations), tables=brought.tables)
    with database.engine.begin() as connection:
        source(connection, records)
    started = _sign_in(app.registry, password)
    database.dispose()
    engine = create_engine(url)
    with engine.connect() as connection:
        dataset = Dataset(
            backend=backend,
            url=url,
            records=records,
            category=_largest_category(connection),
            password=password,
            token=app.registry[Tokens].access(started.user_id, started.id),
            settings={"DATABASE_URL": backend.address(url), "SHOPTRACK_SECRET_KEY": key},
            _engine=engine,
            _prices=_first_prices(connection),
            _last_sign_in=started.id,
        )
    dataset.restore()
    return dataset


def _ini(url: URL, key: str) -> dict[str, str]:
    return {
        "shoptrack.database_url": url.render_as_string(hide_password=False),
        "shoptrack.secret_key": key,
        "shoptrack.plugins": production_ini()["app:main"]["shoptrack.plugins"],
        "shoptrack.access_token_seconds": str(TOKEN_SECONDS),
    }


def _sign_in(registry, password: str) -> SignIn:
    """Make the user, and sign them in."""
    with Database.of(registry).session() as db, db.begin():
        user = users.create(db, registry[Passwords], USERNAME, password, by=OPERATOR, force=True)
        proof = sign_ins.Proof(user.id, user.password_version)
        device = sign_ins.Device("127.0.0.1", "benchmark")
        started = sign_ins.start(db, proof, device, TOKEN_SECONDS)
    assert started is not None, "the user was made just now"
    return started


def _largest_category(connection: Connection) -> int:
    statement = (
        select(Product.category_id)
        .join(ShoppingRecord, ShoppingRecord.product_id == Product.id)
        .group_by(Product.category_id)
        .order_by(func.count().desc(), Product.category_id)
        .limit(1)
    )
    return connection.scalars(statement).one()


def _first_prices(connection: Connection) -> dict[int, int]:
    statement = select(ShoppingRecord.id, ShoppingRecord.price).where(ShoppingRecord.id <= CHANGED)
    return dict(connection.execute(statement).tuples().all())
