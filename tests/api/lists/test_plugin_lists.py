"""A plugin's resource has the same lists as the core's, from its description alone."""

from datetime import date

import pytest
from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product
from shoptrack.catalog.resources import ProductResource
from shoptrack.db import Base, Database
from shoptrack.db.folding import folded_column
from shoptrack.resources.fields import Date, Reference, Text
from shoptrack.resources.resource import Resource
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, RowFactory, make_test_app


class Wish(Base):
    """Something that somebody wants until a day."""

    __tablename__ = "tests_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(String(50))
    note_folded: Mapped[str] = folded_column("note")
    until: Mapped[date | None]
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id), index=True)


class WishResource(Resource):
    """Wishes."""

    model = Wish
    path = "wishes"
    fields = (
        Text("note", max_length=50),
        Date("until", required=False),
        Reference("product", ProductResource, required=False),
    )


class Identity:
    """Somebody who may do everything but what a header names."""

    id = 1

    def __init__(self, request):
        self.lacking = request.headers.get("X-Lacking", "").split()

    def has_permission(self, permission: str) -> bool:
        return permission not in self.lacking


def includeme(config):
    config.set_identify(Identity)
    config.add_resource(WishResource)


@pytest.fixture(scope="module")
def wishes(app_with_tables):
    """Return a client of an application with the plugin, and three wishes."""
    with app_with_tables([__name__], [Wish]) as app:
        make = RowFactory(Database.of(app.registry))
        milk = make.product(name="ギュウニュウ", category_id=make.category(name="Dairy").id)
        for note, product_id in (("５ bottles", milk.id), ("none", None), ("ボトル", milk.id)):
            make.row(Wish, note=note, product_id=product_id)
        yield Client(app)


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("search=ぎゅうにゅう", ["５ bottles", "ボトル"]),
        ("search=ﾎﾞﾄﾙ", ["ボトル"]),
        ("note__icontains=5 B", ["５ bottles"]),
        ("product_id__isnull=true", ["none"]),
        ("category_name=Dairy&ordering=-note", ["ボトル", "５ bottles"]),
        ("limit=1&offset=1", ["none"]),
    ],
)
def test_wishes_are_listed_like_everything_else(wishes, query, notes):
    answer = wishes.get("/api/wishes/", dict(part.split("=", 1) for part in query.split("&")))
    assert [wish["note"] for wish in answer.json] == notes


def test_what_may_not_be_viewed_is_hidden_from_them_too(wishes):
    lacking = {"X-Lacking": "categories:view"}
    (wish, *_others) = wishes.get("/api/wishes/?ordering=id", headers=lacking).json
    assert wish["product"]["category"].keys() == {"id"}
    assert wish["product"]["name"] == "ギュウニュウ"
    wishes.get("/api/wishes/?category_name=Dairy", headers=lacking, status=403)
    wishes.get("/api/wishes/?search=dairy", headers=lacking, status=403)
    lacking = {"X-Lacking": "products:view"}
    (wish, *_others) = wishes.get("/api/wishes/?ordering=id", headers=lacking).json
    assert wish["product"].keys() == {"id"}
    lacking = {"X-Lacking": "wishes:view"}
    answer = wishes.patch_json(f"/api/wishes/{wish['id']}/", {}, headers=lacking)
    assert answer.json == {"id": wish["id"]}
    answer = wishes.delete(f"/api/products/{wish['product']['id']}/", headers=lacking, status=409)
    assert answer.json["references"] == {}


def test_wishes_are_paged_and_tagged(wishes):
    answer = wishes.get("/api/wishes/?limit=2")
    assert answer.headers["Total-Count"] == "3"
    assert 'rel="next"' in answer.headers["Link"]
    tag = wishes.get("/api/wishes/").headers["ETag"]
    wishes.get("/api/wishes/", headers={"If-None-Match": tag}, status=304)
    with Database.of(wishes.app.registry).engine.begin() as connection:
        connection.execute(text("UPDATE tests_wishes SET until = until"))
    wishes.get("/api/wishes/", headers={"If-None-Match": tag}, status=200)


def test_a_text_without_a_folded_column_stops_the_start(new_database, monkeypatch):
    monkeypatch.setattr(WishResource, "fields", (*WishResource.fields, Text("until", max_length=9)))
    with pytest.raises(ConfigurationError, match="Add to it: until_folded: Mapped"):
        make_test_app(new_database(), (__name__,))
