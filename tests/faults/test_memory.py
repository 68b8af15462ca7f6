"""Memory: a server holds as much after hours of work as it does soon after its start."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text

from .conftest import Household, settle
from .processes import Server

RECORDS = 100_000
LISTS = 10
SIGN_INS = 50  # at once
MOST_MEBIBYTES = 200
PEOPLE = 200
THINKING = (1.0, 5.0)  # seconds between a response and the next request, any as often
SOAK_SECONDS = float(os.environ.get("SOAK", "120"))
LOOKS = 12  # at the memory during a soak
MOST_GROWTH = 8  # mebibytes, from the middle of a soak to its end
WHOLE_LIST = "/api/shopping-records/"
# Of a hundred requests, as benchmarks/scaling/people.py has them.
HABITS = {
    "/api/shopping-records/?limit=50&count=false": 25,
    "/api/shopping-records/?purchase_date__gte=2025-06-01&purchase_date__lt=2025-07-01&limit=50": 12,
    "/api/shopping-records/?product_id={product}&limit=50": 12,
    "/api/shopping-records/{record}/": 18,
    "/api/products/?search=milk&limit=50": 13,
    "POST": 20,
}


def resident(server: Server) -> float:
    """Return the mebibytes that a server's process holds in memory."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.fixture(scope="module")
def large_household(new_database) -> Iterator[Household]:
    """Return a household with many records."""
    household = settle(new_database(), RECORDS)
    yield household
    household.database.dispose()


def test_long_lists_and_sign_ins_leave_little_behind(large_household, serve):
    many = {"SHOPTRACK_FAILURES_PER_NAME": "10000", "SHOPTRACK_FAILURES_PER_ADDRESS": "10000"}
    server = serve(large_household, **many)
    try:
        for _ in range(20):
            assert server.request("GET", "/api/stores/?limit=1").status == 200
        before = resident(server)
        # Two at a time, so that all threads have their turn.
        with ThreadPoolExecutor(2) as clients:
            for response in clients.map(lambda _: server.request("GET", WHOLE_LIST), range(LISTS)):
                assert response.status == 200

        def fail(number: int) -> int:
            body = {"username": f"nobody{number}", "password": "wrong"}
            return server.request("POST", "/api/auth/token/", body).status

        with ThreadPoolExecutor(SIGN_INS) as clients:
            statuses = Counter(clients.map(fail, range(SIGN_INS)))
        after = resident(server)
    finally:
        server.stop()
    print(f"{before:.0f} MiB before, {after:.0f} MiB after; sign-ins: {dict(statuses)}")
    assert set(statuses) == {401, 503}
    assert after < MOST_MEBIBYTES


class Soak:
    """People who ask, read and ask something else, until the block ends."""

    def __init__(self, household: Household, server: Server):
        self._server = server
        self._over = Event()
        self.statuses: Counter[int] = Counter()
        with household.database.read_engine.connect() as connection:
            self._records = connection.scalars(text("SELECT id FROM shopping_records")).all()
            self._products = connection.scalars(text("SELECT id FROM products")).all()
            self._store = connection.scalar(text("SELECT min(id) FROM stores"))
        self._threads = [Thread(target=self._work, args=(number,)) for number in range(PEOPLE)]

    def __enter__(self) -> "Soak":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _work(self, number: int) -> None:
        chance = random.Random(number)
        client = self._server.client()
        pause = chance.uniform(0, THINKING[1])
        while not self._over.wait(pause):
            (kind,) = chance.choices(list(HABITS), list(HABITS.values()))
            product = chance.choice(self._products)
            if kind == "POST":
                document = {
                    "price": chance.randrange(1, 5000),
                    "purchase_date": "2025-06-15",
                    "store_id": self._store,
                    "product_id": product,
                    "quantity": "1.000",
                }
                response = client.request("POST", WHOLE_LIST, document)
            else:
                path = kind.format(product=product, record=chance.choice(self._records))
                response = client.request("GET", path)
            self.statuses[response.status] += 1
            pause = chance.uniform(*THINKING)
        client.close()


def test_a_soak_ends_flat(large_household, serve):
    server = serve(large_household)
    seen = []
    try:
        with Soak(large_household, server) as soak:
            for _ in range(LOOKS):
                time.sleep(SOAK_SECONDS / LOOKS)
                seen.append(resident(server))
    finally:
        server.stop()
    print(f"{dict(soak.statuses)}; MiB: {', '.join(f'{look:.0f}' for look in seen)}")
    assert set(soak.statuses) == {200, 201}
    assert seen[-1] < MOST_MEBIBYTES
    assert seen[-1] - seen[LOOKS // 2] < MOST_GROWTH
