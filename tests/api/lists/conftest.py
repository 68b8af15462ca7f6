from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest

RECORDS = "/api/shopping-records/"


@pytest.fixture
def household(make):
    """Make a small household: two stores, three products, and five records in a known order."""
    meat, dairy = make.category(name="肉"), make.category(name="乳製品")
    gram, piece = make.unit(name="g"), make.unit(name="本")
    hokkaido = make.origin(name="北海道")
    life = make.store(name="ライフ", location="京都")
    maruya = make.store(name="Maruya", location="大阪")
    beef = make.product(name="Beef 100%", category_id=meat.id, unit_id=gram.id)
    milk = make.product(
        name="ギュウニュウ", category_id=dairy.id, unit_id=piece.id, origin_id=hokkaido.id
    )
    yogurt = make.product(name="Yogurt_plain", category_id=dairy.id, unit_id=piece.id)
    rows = {
        "beef": (beef, life, 1000, "500", 1),
        "milk": (milk, life, 200, "1", 1),
        "milk again": (milk, maruya, 180, "1", 3),
        "yogurt": (yogurt, maruya, 150, "2.5", 4),
        "refund": (beef, life, -1000, "-500", 5),
    }
    ids = {
        name: make.record(
            product_id=product.id,
            store_id=store.id,
            price=price,
            quantity=Decimal(quantity),
            purchase_date=date(2025, 4, day),
        ).id
        for name, (product, store, price, quantity, day) in rows.items()
    }
    there = {
        "meat": meat.id,
        "dairy": dairy.id,
        "piece": piece.id,
        "hokkaido": hokkaido.id,
        "life": life.id,
        "maruya": maruya.id,
        "beef": beef.id,
        "milk": milk.id,
    }
    return ids, there


@pytest.fixture
def names(api, household):
    """Return a function that lists records and returns what the household calls them."""
    by_id = {id: name for name, id in household[0].items()}

    def names(query: str = "") -> list[str]:
        answer = api.get(f"{RECORDS}?{quote(query.format(**household[1]), safe='=&%,')}")
        return [by_id[record["id"]] for record in answer.json]

    return names
