"""Make a database of the Django backend, by Django itself: ``python old_backend RECORDS KEY=VALUE…``.

The pairs are Django's settings of the database, as ``NAME=db.sqlite3``. It runs as a process of its
own, since Django keeps its settings in modules.
"""

import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

APPS = ["admin", "auth", "contenttypes", "sessions"]
PASSWORDS = {"owner": "the owner's old password", "mika": " mika's, with spaces "}
ITERATIONS = 1_000  # Django's own 1,000,000 would only take time


def main(records: int, database: dict[str, str]) -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    settings.configure(
        SECRET_KEY="of no use here",
        INSTALLED_APPS=["records", *(f"django.contrib.{name}" for name in APPS)],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="Asia/Tokyo",
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.db import transaction

    with transaction.atomic():
        make_people()
        make_rows(records)


def make_people() -> None:
    from datetime import UTC, datetime

    from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
    from django.contrib.auth.models import Group, Permission, User

    def add(username: str, **profile) -> User:
        hasher = PBKDF2PasswordHasher()
        hashed = (
            hasher.encode(PASSWORDS[username], hasher.salt(), ITERATIONS)
            if username in PASSWORDS
            else make_password(None)
        )
        return User.objects.create(username=username, password=hashed, **profile)

    def permission(name: str) -> Permission:
        app, codename = name.split(".")
        return Permission.objects.get(content_type__app_label=app, codename=codename)

    joined = datetime(2024, 2, 29, 15, 30, 0, 123456, tzinfo=UTC)
    add("owner", email="owner@example.com", is_staff=True, is_superuser=True, date_joined=joined)
    add("gone").delete()
    mika = add("mika", first_name="美香", last_name="山田", last_login=joined, date_joined=joined)
    add("former", is_active=False)
    cooks = Group.objects.create(name="Cooks")
    clerks = Group.objects.create(name="Clerks")
    for name in ("records.add_category", "records.change_shoppingrecord", "admin.view_logentry"):
        cooks.permissions.add(permission(name))
    for name in ("auth.add_user", "auth.delete_group", "auth.change_permission"):
        clerks.permissions.add(permission(name))
    mika.groups.add(cooks, clerks)
    for name in ("records.view_product", "auth.view_user", "auth.change_permission"):
        mika.user_permissions.add(permission(name))


def make_rows(records: int) -> None:
    from records.models import (
        Category,
        Manufacturer,
        Origin,
        Product,
        ShoppingRecord,
        Store,
        Unit,
    )

    Category.objects.create(name="Gone").delete()
    meat = Category.objects.create(name="Meat")
    dairy = Category.objects.create(name="ﾆｭｳ製品")
    gram = Unit.objects.create(name="g")
    maker = Manufacturer.objects.create(name="Yamato Foods")
    origin = Origin.objects.create(name="Hokkaido")
    stores = [
        Store.objects.create(name="Life", location=location) for location in ("Kyoto", "Osaka")
    ]
    beef = Product.objects.create(name="Beef", category=meat, unit=gram, origin=origin)
    milk = Product.objects.create(
        name="ギュウニュウ", category=dairy, unit=gram, manufacturer=maker, origin=origin
    )

    def record(price: int, day: date, quantity: str, number: int) -> ShoppingRecord:
        return ShoppingRecord(
            price=price,
            purchase_date=day,
            store=stores[number % 2],
            quantity=Decimal(quantity),
            product=(beef, milk)[number % 2],
        )

    some = [
        record(1000, date(2025, 1, 1), "500", 0),
        record(-298, date.min, "-0.001", 1),
        record(2**31 - 1, date.max, "1234567.891", 2),
        record(0, date(2024, 2, 29), "0.3", 3),
        record(-(2**31), date(2025, 12, 31), "-9999999.999", 4),
    ]
    first = date(2024, 1, 1)
    more = (
        record(100 + n % 900, first + timedelta(n % 700), f"{n % 5000}.{n % 1000:03}", n)
        for n in range(records - len(some))
    )
    ShoppingRecord.objects.bulk_create(some)
    ShoppingRecord.objects.bulk_create(more, batch_size=500)
    ShoppingRecord.objects.latest("id").delete()


if __name__ == "__main__":
    count, *given = sys.argv[1:]
    main(int(count), dict(each.split("=", 1) for each in given))
