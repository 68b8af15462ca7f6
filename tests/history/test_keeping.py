"""What is done leaves an entry, whoever does it and wherever, and nothing changes or removes it."""

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from shoptrack.history import HistoryEntry
from shoptrack.history.values import MASK, make_changes
from shoptrack.resources.repository import Repository
from shoptrack.testing import capture_statements
from shoptrack_auth import password_change, users
from shoptrack_auth.accounts import UserResource
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

ADDRESS = "203.0.113.9"


def test_what_the_api_does_is_kept_with_who_and_from_where(api, user, history):
    api.extra_environ["REMOTE_ADDR"] = ADDRESS
    id = api.post_json("/api/categories/", {"name": "Meet"}).json["id"]
    api.patch_json(f"/api/categories/{id}/", {"name": "Meat"})
    api.delete(f"/api/categories/{id}/")
    entries = history(path="categories")
    assert [(entry.action, entry.label, entry.changes) for entry in entries] == [
        ("added", "Meet", {"name": [None, "Meet"]}),
        ("changed", "Meat", {"name": ["Meet", "Meat"]}),
        ("deleted", "Meat", {"name": ["Meat", None]}),
    ]
    for entry in entries:
        assert (entry.user_id, entry.username, entry.row_id) == (user.id, user.username, id)
        assert (entry.way, entry.address) == ("api", ADDRESS)
        assert entry.at is not None


def test_what_the_administration_does_is_kept_as_well(admin, superuser, submit, history):
    submit(admin, "/admin/categories/add/", {"name": "Meat"}, status=303)
    (entry,) = history(path="categories")
    assert (entry.way, entry.username) == ("administration", superuser.username)


def test_another_row_is_kept_by_what_it_was_called(api, make, history):
    milk, dairy = make.product(name="Milk"), make.category(name="Dairy")
    api.patch_json(f"/api/products/{milk.id}/", {"category_id": dairy.id})
    (entry,) = history(path="products")
    _before, after = entry.changes["category"]
    assert after == {"id": dairy.id, "label": "Dairy"}


def test_days_and_amounts_are_kept_as_written(api, make, history):
    record = make.record()
    changed = {"quantity": "1.5", "purchase_date": "2025-04-02"}
    api.patch_json(f"/api/shopping-records/{record.id}/", changed)
    (entry,) = history()
    assert entry.changes == {
        "purchase_date": ["2025-01-01", "2025-04-02"],
        "quantity": ["500.000", "1.500"],
    }


def test_what_is_refused_leaves_nothing(api, make, history):
    record = make.record()
    api.delete(f"/api/stores/{record.store_id}/", status=409)
    api.post_json("/api/stores/", {}, status=400)
    assert history() == []


def test_every_row_that_a_merge_moves_is_kept(app, database, make, history):
    one, other = make.category(), make.category()
    products = [make.product(category_id=other.id) for _ in range(3)]
    with database.session() as db, db.begin():
        Repository.of(app.registry, "categories").merge(db, one.id, [other.id])
    assert [entry.row_id for entry in history(path="products")] == [row.id for row in products]
    merged, deleted = history(path="categories")
    assert (merged.action, merged.row_id, merged.label) == ("merged", one.id, one.name)
    assert merged.changes == {"merged": [None, [other.id]]}
    assert (deleted.action, deleted.row_id) == ("deleted", other.id)
    parts = history(part_of=merged.id)
    assert [entry.row_id for entry in parts] == [row.id for row in products] + [other.id]


@pytest.mark.database("postgresql")  # SQLite takes them one by one, in the same process
def test_what_a_transaction_moves_is_kept_by_one_statement(app, database, make):
    one, other = make.category(), make.category()
    for _ in range(20):
        make.product(category_id=other.id)
    with capture_statements(database) as statements, database.session() as db, db.begin():
        Repository.of(app.registry, "categories").merge(db, one.id, [other.id])
    written = sum("shoptrack_admin_history" in statement for statement in statements)
    assert written == 3  # the merge, the products, and the category that goes


def test_signing_in_failing_and_signing_out_are_kept(client, user, history):
    client.extra_environ["REMOTE_ADDR"] = ADDRESS
    name = {"username": user.username}
    client.post_json("/api/auth/token/", name | {"password": "wrong"}, status=401)
    client.post_json("/api/auth/token/", {"username": "nobody", "password": "x"}, status=401)
    tokens = client.post_json("/api/auth/token/", name | {"password": PASSWORD}).json
    client.post_json("/api/auth/logout/", {"refresh": tokens["refresh"]})
    entries = history()
    assert [(entry.action, entry.row_id) for entry in entries] == [
        ("failed to sign in", user.id),
        ("failed to sign in", None),
        ("signed in", user.id),
        ("signed out", user.id),
    ]
    assert [entry.username for entry in entries] == ["", "", user.username, user.username]
    assert {entry.address for entry in entries} == {ADDRESS}
    assert PASSWORD not in str(entries)
    assert "nobody" not in str(entries)


def test_what_is_done_to_users_is_kept_and_outlives_them(database, hasher, history):
    with database.session() as db, db.begin():
        user = users.create(db, hasher, "mio", PASSWORD, by=OPERATOR)
        id = user.id
    with database.session() as db, db.begin():
        password_change.set_password(db, hasher, id, "another long password", by=OPERATOR)
    with database.session() as db, db.begin():
        users.delete(db, id, by=OPERATOR)
    entries = history(path="users", row_id=id)
    assert [entry.action for entry in entries] == ["added", "password changed", "deleted"]
    assert {(entry.label, entry.way) for entry in entries} == {("mio", "command")}
    assert PASSWORD not in str(entries)


def test_an_entry_outlives_who_it_names(api, user, database, history):
    api.post_json("/api/units/", {"name": "g"})
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM shoptrack_auth_users"))
    (entry,) = history(path="units")
    assert (entry.user_id, entry.username) == (user.id, user.username)


def test_a_long_text_is_cut():
    ((_, kept),) = make_changes(UserResource(), {}, {"email": "x" * 5000}).values()
    assert kept == "x" * 1000


def test_secrets_are_masked():
    before, after = {"password": "one", "note": "a"}, {"password": "two", "note": "b"}
    assert make_changes(UserResource(), before, after) == {
        "password": [MASK, MASK],
        "note": ["a", "b"],
    }


@pytest.mark.parametrize("change", [update(HistoryEntry).values(label="x"), delete(HistoryEntry)])
def test_the_database_refuses_to_change_or_delete_an_entry(database, history, change):
    with database.engine.begin() as connection:
        connection.execute(insert(HistoryEntry).values(action="added", label="Milk"))
    with pytest.raises(DBAPIError, match="only added to"), database.engine.begin() as connection:
        connection.execute(change)
    assert [entry.label for entry in history()] == ["Milk"]


@pytest.mark.database("postgresql")  # SQLite has no TRUNCATE
def test_a_table_is_not_emptied_at_once(database, history):
    with pytest.raises(DBAPIError, match="only added to"), database.engine.begin() as connection:
        connection.execute(text("TRUNCATE shoptrack_admin_history"))
