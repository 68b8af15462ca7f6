"""Exports of callers who may not view everything, where permissions are asked for."""

import csv
import io

import pytest

from shoptrack.testing import Client

URL = "/api/shopping-records/export/"


@pytest.fixture
def caller(build_app, credentials_with):
    """Return a function that returns a client of somebody with just these permissions."""
    strict = build_app(shoptrack__api_permissions="model")
    return lambda *permissions: Client(strict, credentials_with(*permissions))


@pytest.fixture
def record(make):
    product = make.product(name="Beef", category_id=make.category(name="Meat").id)
    return make.record(product_id=product.id, store_id=make.store(name="Life").id)


def read(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


def test_the_permission_to_view_is_needed(caller, record):
    caller("stores:view").get(URL, status=403)
    caller("shopping-records:add").get(URL, status=403)


def test_hidden_rows_have_their_ids_only(caller, record):
    client = caller("shopping-records:view", "products:view")
    (row,) = read(client.get(f"{URL}?headings=keys"))
    assert row["store_id"] == str(record.store_id)
    assert row["product_name"] == "Beef"
    assert row["product_category_id"]
    assert not {"store_name", "store_location", "product_category_name"} & row.keys()
    (row,) = read(caller("shopping-records:view").get(f"{URL}?headings=keys"))
    assert [name for name in row if "_id" in name] == ["store_id", "product_id"]


@pytest.mark.database("sqlite")
def test_nor_does_a_filter_tell_of_them(caller, record):
    refused = caller("shopping-records:view").get(f"{URL}?category_id=1", status=403)
    assert "products:view" in refused.json["detail"]


@pytest.mark.database("sqlite")
def test_tags_differ_with_what_is_hidden(caller, record):
    tags = {
        caller(*permissions).get(URL).headers["ETag"]
        for permissions in (
            ("shopping-records:view",),
            ("shopping-records:view", "stores:view"),
        )
    }
    assert len(tags) == 2
