"""A filled database: migrated and written by ShopTrack, read by every peer."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import URL, Connection, Engine, create_engine, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from benchmarks.backends import PostgreSQL, Sqlite
from benchmarks.peers import production_ini
from benchmarks.works import Work
from shoptrack import make_app
from shoptrack.catalog.models import Product
from shoptrack.cli.demo import load_demo
from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.resource import ServedResources
from shoptrack.settings import Sources
from shoptrack_admin.pages import COOKIE_NAME
from shoptrack_auth import browser_sessions, sessions, users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import SessionKind, User, UserSession
from shoptrack_auth.tokens import Tokens
from shoptrack_auth.user_management import OPERATOR

UNTIL = date(2025, 12, 31)  # the same rows on any day
USERNAME = "bench"
STAFF = "bench-staff"
TOKEN_SECONDS = 86_400  # one token serves as long as anybody measures
CHANGED = 1_000  # so many records are changed again and again

Source = Callable[[Connection, int], None]  # writes so many records


def demo(connection: Connection, records: int) -> None:
    """Write ShopTrack's demo."""
    load_demo(connection, until=UNTIL, records=records)


@dataclass
class Dataset:
    """A database with a known number of records and one user."""

    backend: PostgreSQL | Sqlite
    url: URL
    records: int
    category: int  # the one with the most records
    product: int  # likewise
    password: str
    token: str
    settings: dict[str, str]  # what a server has to know, as environment variables
    cookie: str  # of a browser in which a member of the staff, who may do everything, has signed in
    engine: Engine
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
        return work.about(
            category=self.category,
            product=self.product,
            username=USERNAME,
            password=self.password,
        )

    def restore(self) -> None:
        """Take back what requests wrote."""
        with self.engine.begin() as connection:
            connection.execute(delete(ShoppingRecord).where(ShoppingRecord.id > self.records))
            connection.execute(delete(UserSession).where(UserSession.id > self._last_sign_in))
            for id, price in self._prices.items():
                changed = ShoppingRecord.id == id, ShoppingRecord.price != price
                connection.execute(update(ShoppingRecord).where(*changed).values(price=price))
        self.tidy()

    def tidy(self) -> None:
        """Leave nothing of earlier writes for the next server to clear away."""
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            self.backend.tidy(connection)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def create(
    backend: PostgreSQL | Sqlite, records: int, source: Source, plugins: Sequence[str] = ()
) -> Dataset:
    """Return a new database with this many records.

    :param plugins: those whose tables it has, beside those of production.ini
    """
    url = backend.create(f"records_{records}")
    key, password = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
    app = make_app(Sources(ini=_ini(url, key, plugins), environ={}, dotenv_path=None))
    database = Database.of(app.registry)
    database.statement_seconds = None  # nobody waits for the rows
    migrations.migrate(
        database,
        migrations.sort_lineages(Lineages.of(app.registry)),
        tables=ServedResources.of(app.registry).tables,
    )
    with database.engine.begin() as connection:
        source(connection, records)
    cookie = _open_browser(app.registry)
    started = _sign_in(app.registry, password)
    database.dispose()
    engine = create_engine(url)
    with engine.connect() as connection:
        dataset = Dataset(
            backend=backend,
            url=url,
            records=records,
            category=_most_frequent(connection, Product.category_id),
            product=_most_frequent(connection, Product.id),
            password=password,
            token=app.registry[Tokens].issue_access(started.user_id, started.claim),
            settings={
                "DATABASE_URL": backend.address(url),
                "SHOPTRACK_SECRET_KEY": key,
                "SHOPTRACK_SQLITE_SYNCHRONOUS": "normal",  # as all peers have it
            },
            cookie=cookie,
            engine=engine,
            _prices=_first_prices(connection),
            _last_sign_in=started.id,
        )
    dataset.restore()
    return dataset


def list_plugins(further: Sequence[str] = ()) -> str:
    """Return the plugins of production.ini and further ones, as a setting."""
    return " ".join((production_ini()["app:main"]["shoptrack.plugins"], *further))


def _ini(url: URL, key: str, plugins: Sequence[str]) -> dict[str, str]:
    return {
        "shoptrack.database_url": url.render_as_string(hide_password=False),
        "shoptrack.secret_key": key,
        "shoptrack.plugins": list_plugins(plugins),
        "shoptrack.access_token_seconds": str(TOKEN_SECONDS),
        "shoptrack.slow_query_seconds": "0",  # those that write the rows are no news
    }


def _sign_in(registry, password: str) -> UserSession:
    """Make the user, and sign them in."""
    with Database.of(registry).session() as db, db.begin():
        user = users.create(
            db, registry[UserPasswordHasher], USERNAME, password, by=OPERATOR, force=True
        )
        return _started(db, user)


def _open_browser(registry) -> str:
    """Make a member of the staff, sign them in with a browser, and return its cookie."""
    key = secrets.token_urlsafe(browser_sessions.KEY_BYTES)
    all_rights = {"is_staff": True, "is_superuser": True}
    with Database.of(registry).session() as db, db.begin():
        user = users.create(db, registry[UserPasswordHasher], STAFF, by=OPERATOR, **all_rights)
        _started(db, user, kind=SessionKind.BROWSER, key_digest=browser_sessions.hash_key(key))
    return f"{COOKIE_NAME}={key}"


def _started(db: Session, user: User, **details) -> UserSession:
    proof = sessions.VerifiedPassword(user.id, user.password_version)
    device = sessions.Device("127.0.0.1", "benchmark")
    started = sessions.create_session(db, proof, device, TOKEN_SECONDS, **details)
    assert started is not None, "the user was made just now"
    return started


def _most_frequent(connection: Connection, column: InstrumentedAttribute[int]) -> int:
    """Return which of a column of products occurs in the most records."""
    statement = (
        select(column)
        .join(ShoppingRecord, ShoppingRecord.product_id == Product.id)
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(1)
    )
    return connection.scalars(statement).one()


def _first_prices(connection: Connection) -> dict[int, int]:
    statement = select(ShoppingRecord.id, ShoppingRecord.price).where(ShoppingRecord.id <= CHANGED)
    return dict(connection.execute(statement).tuples().all())
