"""What the database has when a scenario begins. Ids count from 1 in the order below, on both databases."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.records.models import ShoppingRecord

NAMES = {
    Category: ("Meat", "Dairy", "Fruit"),
    Unit: ("g", "ml", "個"),
    Manufacturer: ("Meiji", "Morinaga"),
    Origin: ("Hokkaido", "Kyoto"),
}
STORES = (("Life", "Kyoto"), ("Aeon", "Osaka"), ("Life", "Nara"))
# name; ids of category, unit, manufacturer, origin
PRODUCTS = (
    ("Beef", 1, 1, None, 1),
    ("ギュウニュウ", 2, 2, 1, 1),
    ("Apple 50%", 3, 3, None, None),
)
# price, day, id of the store, quantity, id of the product
RECORDS = (
    (1000, date(2025, 1, 31), 1, "500", 1),
    (240, date(2025, 1, 5), 1, "1000", 2),
    (-50, date(2025, 2, 1), 2, "-1", 3),
    (600, date(2025, 2, 1), 2, "250", 1),
    (198, date(2025, 3, 15), 3, "900.5", 2),
)
# Their permissions count only in the application `model`.
USERS = {
    "ken": {"email": "ken@example.com"},
    "mio": {},
    "root": {"is_superuser": True, "is_staff": True},
}
PERMISSIONS = {"mio": ("categories:view", "categories:add", "stores:change")}


def restart_ids(connection: Connection) -> None:
    """Let the ids of all tables begin with 1 again."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM sqlite_sequence")
    else:
        connection.exec_driver_sql(
            "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences"
        )


def fill(db: Session) -> None:
    """Add the rows."""
    for model, values in NAMES.items():
        db.add_all(model(name=name) for name in values)
    db.add_all(Store(name=name, location=location) for name, location in STORES)
    db.flush()
    for name, category, unit, manufacturer, origin in PRODUCTS:
        db.add(
            Product(
                name=name,
                category_id=category,
                unit_id=unit,
                manufacturer_id=manufacturer,
                origin_id=origin,
            )
        )
    db.flush()
    for price, day, store, quantity, product in RECORDS:
        db.add(
            ShoppingRecord(
                price=price,
                purchase_date=day,
                store_id=store,
                quantity=Decimal(quantity),
                product_id=product,
            )
        )
    db.flush()
