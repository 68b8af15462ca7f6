"""Statements are kept by the form of a list: they are the same for other values, and for nothing else."""

import pytest

from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.list_query import ListParameters

FORMS = [
    "",
    "price=1",
    "price__gt=1",
    "store_id=1",
    "store_id__in=1",
    "manufacturer_id__isnull=true",
    "search=a",
    "search=a b",
    "price=1&search=a",
    "ordering=id",
    "ordering=-id",
    "ordering=price",
    "ordering=price,quantity",
    "limit=1&offset=1",
    "fields=id",
    "fields=price",
]


@pytest.fixture(scope="module")
def form():
    """Return a function that tells the form of a query."""
    parameters = ListParameters(ShoppingRecordResource())

    def form(query: str):
        return parameters.parse([part.split("=", 1) for part in query.split("&") if part]).shape

    return form


def test_lists_that_ask_for_something_else_have_another_form(form):
    assert len({form(query) for query in FORMS}) == len(FORMS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("price=1", "price=2"),
        ("store_id__in=1", "store_id__in=1,2,3"),
        ("manufacturer_id__isnull=true", "manufacturer_id__isnull=false"),
        ("search=a b", "search=c%25 d"),
        ("limit=1&offset=0", "limit=1000&offset=500"),
        ("limit=1", "limit=2&count=false"),
        ("ordering=-price", "ordering=-price,id"),
        ("fields=id,price", "fields=price,id"),
    ],
)
def test_lists_that_differ_by_values_have_one_form(form, one, other):
    assert form(one) == form(other)
    assert hash(form(one)) == hash(form(other))


def test_each_list_of_a_form_is_filled_with_its_own_values(names):
    for query, found in (
        ("price__gte=180&purchase_date__lte=2025-04-01", ["beef", "milk"]),
        ("price__gte=201&purchase_date__lte=2025-04-30", ["beef"]),
        ("product_id__in={milk}", ["milk", "milk again"]),
        ("product_id__in={milk},{beef}", ["beef", "milk", "milk again", "refund"]),
        ("origin_id__isnull=false", ["milk", "milk again"]),
        ("origin_id__isnull=true", ["beef", "yogurt", "refund"]),
        ("search=milk 1", []),
        ("search=京都 meat", []),
        ("search=京都 肉", ["beef", "refund"]),
        ("search=大阪 ぎゅうにゅう", ["milk again"]),
        ("limit=1&offset=1", ["milk"]),
        ("limit=2&offset=3", ["yogurt", "refund"]),
    ):
        assert names(query) == found


def test_the_forms_that_are_kept_are_limited(api, make):
    """A client that asks for ever other lists must not fill the memory; what is forgotten is made anew."""
    make.category(name="Meat")
    names = ("id", "id__in", "name", "name__icontains", "search", "limit", "ordering")
    values = ("{id}", "{id}", "Meat", "ea", "meat", "9", "-name")
    id = api.get("/api/categories/").json[0]["id"]
    for number in range(2 ** len(names)):
        chosen = [
            f"{name}={value.format(id=id)}"
            for place, (name, value) in enumerate(zip(names, values, strict=True))
            if number >> place & 1
        ]
        assert len(api.get(f"/api/categories/?{'&'.join(chosen)}").json) == 1
