"""The work: which requests are measured."""

from collections.abc import Collection
from dataclasses import dataclass, replace

HOUSEHOLD = 10_000  # records: some years of one family
LARGE = 100_000

RECORDS = "/api/shopping-records/"
PAGE = 50
CONNECTIONS = 8


@dataclass(frozen=True)
class Work:
    """Requests of one kind.

    :param path: ``{id}`` stands for one record's after the other, ``{category}`` for one category's,
        ``{product}`` for one product's
    :param body: ``{n}`` stands for another number each time
    :param connections: that ask at the same time; a whole list is asked for by one, the next when it is there
    :param writes: whether rows are added or changed
    :param size: of the database, in records
    """

    key: str
    title: str
    path: str
    method: str = "GET"
    body: str | None = None
    connections: int = CONNECTIONS
    writes: bool = False
    size: int = HOUSEHOLD

    def about(self, **named: object) -> "Work":
        """Return the work with what stands for something in its path and body filled in."""
        path, body = self.path, self.body
        for name, value in named.items():
            path = path.replace(f"{{{name}}}", str(value))
            body = body and body.replace(f"{{{name}}}", str(value))
        return replace(self, path=path, body=body)


LIST = Work("list", f"List of {HOUSEHOLD:,} records", RECORDS, connections=1)
LARGE_LIST = Work("large-list", f"List of {LARGE:,} records", RECORDS, connections=1, size=LARGE)
FILTERED = Work(
    "page",
    f"Page of {PAGE}, filtered",
    f"{RECORDS}?category_id={{category}}&limit={PAGE}&ordering=-purchase_date,-id",
)
RECORD = Work("record", "One record", f"{RECORDS}{{id}}/")
CATEGORIES = Work("categories", "List of categories", "/api/categories/")
CREATE = Work(
    "create",
    "Create a record",
    RECORDS,
    "POST",
    '{"price": {n}, "purchase_date": "2025-12-31", "store_id": 1, "quantity": "1.500", "product_id": 1}',
    writes=True,
)
PATCH = Work(
    "patch", "Change a record", f"{RECORDS}{{id}}/", "PATCH", '{"price": {n}}', writes=True
)
SIGN_IN = Work(
    "sign-in",
    "Sign in",
    "/api/auth/token/",
    "POST",
    '{"username": "{username}", "password": "{password}"}',
    connections=2,  # a password is made to be slow to check
    writes=True,
)

COMPARED = (LIST, FILTERED, RECORD, CATEGORIES, CREATE, PATCH, SIGN_IN, LARGE_LIST)
SMALL_READS = (FILTERED, RECORD, CATEGORIES)


def chosen(keys: Collection[str], largest: int) -> tuple[Work, ...]:
    """Return what is compared, of these keys and on databases up to this size.

    :param keys: none means all
    """
    return tuple(
        work for work in COMPARED if work.size <= largest and (not keys or work.key in keys)
    )
