"""Many sign in at once, with hashes of their real cost: memory stays bounded, and others are served meanwhile."""

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert

from shoptrack_auth.models import User

from .conftest import settle
from .processes import Server

AT_ONCE = 50
ROUNDS = 3
MOST = 300 * 1024  # KiB resident
# Of small requests while both cores hash, on a machine that may have other work too.
MOST_SECONDS = 1.0
PASSWORD = "correct horse battery staple"


def pbkdf2() -> str:
    made = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1_000_000)
    return f"pbkdf2_sha256$1000000$salt${b64encode(made).decode()}"


def scrypt() -> str:
    made = hashlib.scrypt(
        PASSWORD.encode(), salt=b"salt", n=2**14, r=8, p=5, maxmem=2**26, dklen=64
    )
    return f"scrypt$16384$salt$8$5${b64encode(made).decode()}"


def djangos_argon2() -> str:
    hasher = PasswordHasher(time_cost=2, memory_cost=102_400, parallelism=8)
    return "argon2" + hasher.hash(PASSWORD)


@pytest.fixture(scope="module")
def server(new_database, serve) -> Iterator[Server]:
    """Start a server for users whose hashes are ours and Django's, of the cost that both have."""
    household = settle(new_database(), records=0)
    hashes = {
        "own": PasswordHasher().hash(PASSWORD),
        "pbkdf2": pbkdf2(),
        "scrypt": scrypt(),
        "argon2": djangos_argon2(),
    }
    users = [
        {"username": name, "username_key": name, "password": hash} for name, hash in hashes.items()
    ]
    with household.database.engine.begin() as connection:
        connection.execute(insert(User), users)
    many = {"SHOPTRACK_FAILURES_PER_NAME": "10000", "SHOPTRACK_FAILURES_PER_ADDRESS": "10000"}
    server = serve(household, **many)
    yield server
    server.stop()
    household.database.dispose()


def resident(server: Server) -> tuple[int, int]:
    """Return how much memory the server has taken at most, and has now, in KiB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return tuple(int(lines[name].split()[0]) for name in ("VmHWM", "VmRSS"))


@pytest.mark.database("sqlite")  # of which hashing knows nothing
@pytest.mark.parametrize("kinds", [["own"], ["pbkdf2", "scrypt", "argon2", "nobody"]])
def test_fifty_sign_ins_at_once_take_bounded_memory_and_leave_threads_to_others(server, kinds):
    statuses: Counter[int] = Counter()
    seconds: list[float] = []
    over = Event()

    def read() -> None:
        client = server.client()
        while not over.is_set():
            answer = client.request("GET", "/api/auth/user/")
            assert answer.status == 200
            seconds.append(answer.seconds)
            over.wait(0.02)
        client.close()

    def sign_in(number: int) -> None:
        body = {"username": kinds[number % len(kinds)], "password": "wrong"}
        answer = server.request("POST", "/api/auth/token/", body)
        statuses[answer.status] += 1
        if answer.status == 503:
            assert int(answer.headers["Retry-After"]) > 0
            assert list(answer.json) == ["detail", "request_id"]

    assert server.request("GET", "/api/auth/user/").status == 200
    reader = Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(AT_ONCE) as clients:
        for _ in range(ROUNDS):
            list(clients.map(sign_in, range(AT_ONCE)))
    over.set()
    reader.join()
    peak, now = resident(server)
    slow = quantiles(seconds, n=100)[98]
    print(
        f"Sign-ins: {dict(statuses)}; {peak / 1024:.0f} MiB at most, {now / 1024:.0f} after; "
        f"{len(seconds)} small requests, 99 of 100 within {slow * 1000:.0f} ms, all in {max(seconds) * 1000:.0f} ms"
    )
    assert set(statuses) == {401, 503}
    assert statuses[401] >= 2 * ROUNDS
    assert peak < MOST
    assert slow < MOST_SECONDS
    for name in kinds:
        if name != "nobody":
            body = {"username": name, "password": PASSWORD}
            assert server.request("POST", "/api/auth/token/", body).status == 200
