"""What comes over, from either kind of database into either."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.db import Database
from shoptrack.db.table_versions import TableVersion
from shoptrack.history.feed import read_source
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import RowFactory
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

from .conftest import RECORDS

JOINED = datetime(2024, 2, 29, 15, 30, 0, 123456, tzinfo=UTC)
MODELS = (Category, Unit, Manufacturer, Origin, Store, Product, ShoppingRecord)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request, copy_of):
    """Return a database of the Django backend, of each kind."""
    return copy_of(request.param)


@pytest.fixture
def imported(old, run, database):
    """Import, and return a function that reads from ShopTrack's database."""
    result = run(old.address)
    assert result.exit_code == 0, result.output

    def read(*columns):
        with database.read_engine.connect() as connection:
            return connection.execute(select(*columns).order_by(columns[0])).all()

    return read


def test_rows_keep_their_ids_and_what_they_say(imported):
    assert imported(Category.id, Category.name) == [(2, "Meat"), (3, "ﾆｭｳ製品")]
    assert imported(Unit.id, Unit.name) == [(1, "g")]
    assert imported(Manufacturer.id, Manufacturer.name) == [(1, "Yamato Foods")]
    assert imported(Origin.id, Origin.name) == [(1, "Hokkaido")]
    stores = imported(Store.id, Store.name, Store.location)
    assert stores == [(1, "Life", "Kyoto"), (2, "Life", "Osaka")]
    columns = ("id", "name", "category_id", "unit_id", "manufacturer_id", "origin_id")
    products = imported(*(getattr(Product, name) for name in columns))
    assert products == [(1, "Beef", 2, 1, None, 1), (2, "ギュウニュウ", 3, 1, 1, 1)]


def test_records_are_exact(imported):
    columns = ("id", "price", "purchase_date", "store_id", "quantity", "product_id")
    records = imported(*(getattr(ShoppingRecord, name) for name in columns))
    assert len(records) == RECORDS - 1
    assert records[:5] == [
        (1, 1000, date(2025, 1, 1), 1, Decimal("500.000"), 1),
        (2, -298, date(1, 1, 1), 2, Decimal("-0.001"), 2),
        (3, 2**31 - 1, date(9999, 12, 31), 1, Decimal("1234567.891"), 1),
        (4, 0, date(2024, 2, 29), 2, Decimal("0.300"), 2),
        (5, -(2**31), date(2025, 12, 31), 1, Decimal("-9999999.999"), 1),
    ]


def test_users_keep_all_that_they_are(imported, old):
    columns = (
        User.id,
        User.username,
        User.username_key,
        User.email,
        User.first_name,
        User.last_name,
        User.is_active,
        User.is_staff,
        User.is_superuser,
        User.joined_at,
        User.last_login_at,
        User.password_version,
    )
    owner, mika, former = imported(*columns)
    everything = (True, True, True, JOINED, None, 1)
    assert owner == (1, "owner", "owner", "owner@example.com", "", "", *everything)
    assert mika == (3, "mika", "mika", "", "美香", "山田", True, False, False, JOINED, JOINED, 1)
    assert (former.id, former.username, former.is_active) == (4, "former", False)
    assert abs((datetime.now(UTC) - former.joined_at).total_seconds()) < 3600
    hashes = [row.password for row in old.execute("SELECT password FROM auth_user ORDER BY id")]
    assert [row.password for row in imported(User.id, User.password)] == hashes
    assert hashes[0].startswith("pbkdf2_sha256$1000$")
    assert hashes[2].startswith("!")


def test_groups_and_permissions_come_with_their_new_names(imported):
    assert imported(Group.id, Group.name) == [(1, "Cooks"), (2, "Clerks")]
    assert imported(UserGroup.group_id, UserGroup.user_id) == [(1, 3), (2, 3)]
    own = imported(UserPermission.permission, UserPermission.user_id)
    assert own == [("products:view", 3), ("users:view", 3)]
    assert imported(GroupPermission.permission, GroupPermission.group_id) == [
        ("categories:add", 1),
        ("groups:delete", 2),
        ("shopping-records:change", 1),
        ("users:add", 2),
    ]


def test_permissions_that_shoptrack_does_not_have_are_listed(old, run):
    lines = run(old.address, "--dry-run").output.splitlines()
    heading = "ShopTrack has no such permissions, so that who held them loses them:"
    listed = lines[lines.index(heading) + 1 : -1]
    assert listed == [
        "  admin.view_logentry, held by 1 group",
        "  auth.change_permission, held by 1 user and 1 group",
    ]


@pytest.mark.parametrize("stored", ["md5$salt$0cc175b9c0f1b6a831c399e269772661", "", "x" * 128])
def test_users_whose_password_is_not_read_any_more_are_listed(old, run, stored):
    assert "changepassword" not in run(old.address, "--dry-run").output  # unusable ones are wanted
    old.execute("UPDATE auth_user SET password = :stored WHERE id = 4", stored=stored)
    result = run(old.address)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    (heading,) = [line for line in lines if "shoptrack changepassword sets new ones" in line]
    assert lines[lines.index(heading) + 1] == "  auth_user 4: 'former'"
    assert not stored or stored not in result.output


def test_new_rows_come_after_the_last_id_that_was_given(old, run, fresh_app):
    """The last record was deleted, and its id may still be in a client."""
    assert run(old.address, app=fresh_app).exit_code == 0
    make = RowFactory(Database.of(fresh_app.registry))
    record = make.record()
    assert (record.id, record.store_id, record.product_id) == (RECORDS + 1, 3, 3)
    assert make.category().id == 5  # the record's product has one too
    assert (make.manufacturer().id, make.origin().id) == (2, 2)
    assert make.row(Group, name="New", name_key="new").id == 3
    assert make.row(User, username="new", username_key="new", password="!").id == 5


def test_names_are_found_by_their_folded_form(imported, api):
    found = api.get("/api/products/", {"search": "ぎゅうにゅう 乳"}, status=200).json
    assert found == []
    found = api.get("/api/products/", {"search": "ぎゅうにゅう にゅう製品"}, status=200).json
    assert [each["id"] for each in found] == [2]
    for model in (Category, Store, Product):
        assert all(name for _, name in imported(model.id, model.name_folded))


def test_lists_change_their_tags(old, run, database):
    def versions():
        counted = select(TableVersion.name, func.sum(TableVersion.version))
        with database.read_engine.connect() as connection:
            return dict(connection.execute(counted.group_by(TableVersion.name)).all())

    before = versions()
    assert run(old.address).exit_code == 0
    after = versions()
    assert all(after[model.__tablename__] > before[model.__tablename__] for model in MODELS)


def test_clients_of_changes_begin_again(old, run, database):
    with database.read_engine.connect() as connection:
        before = read_source(connection)
        assert run(old.address).exit_code == 0
        assert read_source(connection) != before


def test_it_says_how_much_came(old, run):
    result = run(old.address)
    assert "records_shoppingrecord" in result.stdout
    assert f"{RECORDS - 1}         0" in result.stdout
    assert "81 rows of " in result.stdout
    assert result.stderr == ""
