"""The services of the core, and a plugin whose rows refer to the core's and may each exist only once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from zope.interface import implementedBy

from shoptrack.catalog.models import Product
from shoptrack.catalog.resources import ProductResource
from shoptrack.db import Base, Database
from shoptrack.db.folding import folded_column
from shoptrack.errors import DomainError
from shoptrack.events import RowEvent
from shoptrack.resources.fields import Reference, Text
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource
from shoptrack.testing import RowFactory, delete_all_rows


class Favourite(Base):
    """What somebody likes, each product once."""

    __tablename__ = "tests_favourites"
    __table_args__ = (
        UniqueConstraint("who", "product_id"),
        Base.__table_args__,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(50))
    who_folded: Mapped[str] = folded_column("who")
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id), index=True)


class FavouriteResource(Resource):
    """Favourites."""

    model = Favourite
    path = "favourites"
    fields = (Text("who", max_length=50), Reference("product", ProductResource))


def includeme(config):
    config.add_resource(FavouriteResource)


class Rows:
    """What a test calls: the services, each call in a transaction of its own."""

    def __init__(self, app: Any):
        self.database = Database.of(app.registry)
        self.registry = app.registry

    def call(self, method: str, path: str, *arguments: Any) -> Any:
        """Call a method of a resource's repository."""
        with self.database.session() as db, db.begin():
            return getattr(Repository.of(self.registry, path), method)(db, *arguments)

    def at_once(self, *calls: Callable[[], Any]) -> list[Any]:
        """Return what calls in threads return, or the domain's errors that they raise."""
        barrier = Barrier(len(calls))

        def run(call: Callable[[], Any]) -> Any:
            barrier.wait(60)
            try:
                return call()
            except DomainError as error:
                return error

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(run, calls))


@pytest.fixture(scope="module")
def moving_app(app_with_tables) -> Iterator[Any]:
    with app_with_tables([__name__], [Favourite]) as app:
        yield app


@pytest.fixture
def rows(moving_app) -> Iterator[Rows]:
    """Give a test the services, and empty the tables afterwards."""
    yield Rows(moving_app)
    delete_all_rows(Database.of(moving_app.registry))


@pytest.fixture
def make(rows) -> RowFactory:
    """Make rows of the application with the plugin."""
    return RowFactory(rows.database)


@pytest.fixture
def told(moving_app, rows) -> Iterator[list[RowEvent]]:
    """Return the events, as they come."""
    events: list[RowEvent] = []
    moving_app.registry.registerHandler(events.append, (implementedBy(RowEvent),))
    yield events
    moving_app.registry.unregisterHandler(events.append, (implementedBy(RowEvent),))


@pytest.fixture
def products(make) -> Callable[[int], list[Product]]:
    """Return a function that makes products with one unit."""
    unit = make.unit(name="g")
    return lambda number: [make.product(unit_id=unit.id) for _ in range(number)]
