"""Whoever subscribes is told what happens to rows, while the transaction goes on."""

from datetime import date

import pytest
from zope.interface import implementedBy

from shoptrack.catalog.models import Category
from shoptrack.events import RowAdded, RowChanged, RowDeleted, RowEvent
from shoptrack.testing import capture_statements


@pytest.fixture
def subscribe(app):
    """Return a function that subscribes to events until the test ends."""
    subscribed = []

    def subscribe(subscriber, kind=RowEvent):
        app.registry.registerHandler(subscriber, (implementedBy(kind),))
        subscribed.append((subscriber, (implementedBy(kind),)))

    yield subscribe
    for subscriber, kinds in subscribed:
        app.registry.unregisterHandler(subscriber, kinds)


@pytest.fixture
def told(subscribe) -> list[RowEvent]:
    """Return the events, as they come."""
    events: list[RowEvent] = []
    subscribe(events.append)
    return events


def test_a_row_that_is_added_is_told_with_its_whole_document(api, make, told):
    product, store = make.product(name="Milk"), make.store(name="Life", location="Kyoto")
    body = {
        "price": 200,
        "purchase_date": "2025-04-01",
        "store_id": store.id,
        "quantity": 1,
        "product_id": product.id,
    }
    answer = api.post_json("/api/shopping-records/", body, status=201).json
    (event,) = told
    assert type(event) is RowAdded
    assert (event.resource.path, event.id) == ("shopping-records", answer["id"])
    assert event.label == "2025-04-01 Milk, Life (Kyoto)"
    assert event.before == {}
    assert event.after == answer | {"purchase_date": date(2025, 4, 1)}
    assert event.request.method == "POST"


def test_a_change_is_told_with_the_members_that_became_different(api, make, told):
    milk = make.product(name="Milk", manufacturer_id=make.manufacturer(name="Meiji").id)
    path = f"/api/products/{milk.id}/"
    api.patch_json(path, {"name": "Fresh milk", "unit_id": milk.unit_id})
    (event,) = told
    assert type(event) is RowChanged
    assert event.label == "Fresh milk (Meiji)"
    assert (event.before, event.after) == ({"name": "Milk"}, {"name": "Fresh milk"})


def test_a_changed_reference_is_told_as_both_documents(api, make, told):
    milk, dairy = make.product(), make.category(name="Dairy")
    api.patch_json(f"/api/products/{milk.id}/", {"category_id": dairy.id})
    (event,) = told
    assert event.before["category"]["id"] == milk.category_id
    assert event.after == {"category": {"id": dairy.id, "name": "Dairy"}}


def test_values_are_told_as_documents_have_them(api, make, told):
    record = make.record()
    path = f"/api/shopping-records/{record.id}/"
    api.patch_json(path, {"quantity": "1.5", "purchase_date": "2025-04-02"})
    (event,) = told
    assert event.before == {"quantity": "500.000", "purchase_date": date(2025, 1, 1)}
    assert event.after == {"quantity": "1.500", "purchase_date": date(2025, 4, 2)}


def test_a_change_of_nothing_is_not_told(api, make, told):
    store = make.store(name="Life")
    path = f"/api/stores/{store.id}/"
    api.patch_json(path, {})
    api.patch_json(path, {"name": " Life "})
    api.put_json(path, {"name": "Life", "location": store.location})
    assert told == []


def test_a_deletion_is_told_with_the_whole_document(api, make, told):
    store = make.store(name="Life")
    api.delete(f"/api/stores/{store.id}/", status=204)
    (event,) = told
    assert type(event) is RowDeleted
    assert event.before == {"id": store.id, "name": "Life", "location": "Kyoto"}
    assert (event.label, event.after) == ("Life (Kyoto)", {})


def test_what_is_refused_is_not_told(api, make, told):
    record = make.record()
    api.post_json("/api/stores/", {}, status=400)
    api.patch_json(f"/api/stores/{record.store_id}/", {"name": ""}, status=400)
    api.delete(f"/api/stores/{record.store_id}/", status=409)
    assert told == []


def test_what_a_subscriber_writes_comes_with_the_change(api, subscribe):
    subscribe(lambda event: event.db.add(Category(name=f"as {event.label}")), RowAdded)
    api.post_json("/api/units/", {"name": "g"}, status=201)
    assert [row["name"] for row in api.get("/api/categories/").json] == ["as g"]


def test_a_subscriber_that_fails_undoes_the_change(api, subscribe, caplog):
    def fail(event):
        event.db.add(Category(name="left over"))
        raise LookupError

    subscribe(fail)
    api.post_json("/api/units/", {"name": "g"}, status=500)
    assert api.get("/api/units/").json == []
    assert api.get("/api/categories/").json == []
    assert "LookupError" in caplog.text


def test_who_subscribes_to_one_kind_is_told_of_no_other(api, make, subscribe):
    events: list[RowEvent] = []
    subscribe(events.append, RowDeleted)
    id = api.post_json("/api/units/", {"name": "g"}).json["id"]
    api.patch_json(f"/api/units/{id}/", {"name": "kg"})
    assert events == []
    api.delete(f"/api/units/{id}/")
    assert [type(event) for event in events] == [RowDeleted]


def test_telling_takes_a_statement_only_where_a_reference_changes(api, make, database, told):
    """The user, the row (which PostgreSQL locks first), the change and the history's entry."""

    def count(call, *arguments) -> int:
        with capture_statements(database) as statements:
            call(*arguments)
        return len(statements)

    product, other = make.product(), make.product()
    path = f"/api/products/{product.id}/"
    body = {"name": "x", "category_id": product.category_id, "unit_id": product.unit_id}
    assert count(api.post_json, "/api/products/", body) == 4
    usual = 4 if database.is_sqlite else 5
    assert count(api.patch_json, path, {"name": "y"}) == usual
    assert count(api.patch_json, path, {"category_id": other.category_id}) == usual + 1
    assert len(told) == 3
