"""The client of docs/changes.md, by real HTTP and from two servers on one database, while several others write."""

import json
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError

import pytest
from sqlalchemy import select

from shoptrack.history import HistoryEntry, delete_entries
from shoptrack.testing import Client, serve_app

WRITERS, ROUNDS = 4, 8
URL = "/api/changes/"
PAGE = Path(__file__).parents[2] / "docs" / "changes.md"
PATHS = ("categories", "products", "units")


@pytest.fixture
def mirror_class():
    """Return the class that the page shows."""
    (source,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    names = {}
    exec(compile(source, str(PAGE), "exec"), names)
    return names["Mirror"]


@pytest.fixture
def token(credentials):
    return credentials["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def other_app(build_app):
    """Return another application on the same database, as in another process."""
    return build_app(shoptrack__max_streams="3")


def get_lists(api):
    return {path: {row["id"]: row for row in api.get(f"/api/{path}/").json} for path in PATHS}


def write(client, number, shared):
    """Add, change and delete rows: own ones, and one that others change as well."""
    for n in range(ROUNDS):
        name = f"{number}-{n}"
        bodies = [{"name": f"{name} {letter}"} for letter in "abc"]
        a, b, _ = (row["id"] for row in client.post_json("/api/categories/bulk/", bodies).json)
        client.patch_json(f"/api/categories/{a}/", {"name": f"{name} A"})
        client.delete(f"/api/categories/{b}/")
        client.patch_json(f"/api/units/{shared}/", {"name": name}, status=[200, 409, 503])


def test_it_has_what_the_lists_have(
    app, other_app, api, credentials, token, mirror_class, make, database, settle
):
    shared, category = make.unit(name="g").id, make.category(name="first").id
    make.product(name="Milk", unit_id=make.unit(name="l").id, category_id=category)
    seen, is_done = [], threading.Event()
    settle()
    start = api.get(URL, {"resource": ",".join(PATHS)}).json["cursor"]

    def poll(read):
        while not is_done.is_set():
            read()
        read()

    def collect():
        """Read few at a time, from one server and then from the other, as behind a load balancer."""
        client = Client((app, other_app)[len(seen) % 2], credentials)
        since = seen[-1]["cursor"] if seen else start
        params = {"since": since, "resource": ",".join(PATHS), "limit": "4"}
        has_more = True
        while has_more:
            body = client.get(URL, params).json
            seen.extend(body["changes"])
            params["since"], has_more = body["cursor"], body["has_more"]

    with serve_app(app) as port, serve_app(other_app) as other_port:
        mirrors = [
            mirror_class(f"http://127.0.0.1:{one}", token, *PATHS) for one in (port, other_port)
        ]
        for mirror in mirrors:
            mirror.start()
        with ThreadPoolExecutor(WRITERS + 3) as threads:
            polls = [threads.submit(poll, mirror.update) for mirror in mirrors]
            polls.append(threads.submit(poll, collect))
            writers = [
                threads.submit(write, Client((app, other_app)[n % 2], credentials), n, shared)
                for n in range(WRITERS)
            ]
            for one in writers:
                one.result()
            settle()
            is_done.set()
            for one in polls:
                one.result()
        for mirror in mirrors:
            assert mirror.rows == get_lists(api)
    with database.read_engine.connect() as connection:
        entries = connection.execute(
            select(HistoryEntry.path, HistoryEntry.row_id, HistoryEntry.action)
            .where(HistoryEntry.path.in_(PATHS))
            .order_by(HistoryEntry.id)
        ).all()
    found = [(one["resource"], one["id"], one["action"]) for one in seen]
    assert len(found) >= WRITERS * ROUNDS * 5
    assert Counter(found) == Counter(map(tuple, entries))
    assert by_row(found) == by_row(entries)


def by_row(changes):
    """Return the actions on each row, in their order."""
    rows = {}
    for path, id, action in changes:
        rows.setdefault((path, id), []).append(action)
    return rows


@pytest.mark.database("sqlite")
def test_it_begins_anew_when_its_cursor_is_gone(app, api, token, mirror_class, database):
    with serve_app(app) as port:
        mirror = mirror_class(f"http://127.0.0.1:{port}", token, "units")
        mirror.start()
        api.post_json("/api/units/", {"name": "g"}, status=201)
        with database.engine.begin() as connection:
            delete_entries(connection)
        mirror.update()
        assert [row["name"] for row in mirror.rows["units"].values()] == ["g"]
        mirror.token = "none"
        with pytest.raises(HTTPError, match="401") as error:
            mirror.update()
        assert json.load(error.value)["code"] == "token_not_valid"


@pytest.mark.database("sqlite")
def test_more_than_a_page_is_read_at_once(app, api, token, mirror_class):
    with serve_app(app) as port:
        mirror = mirror_class(f"http://127.0.0.1:{port}", token, "units")
        mirror.start()
        for page in range(2):
            bodies = [{"name": f"{page} {number}"} for number in range(600)]
            api.post_json("/api/units/bulk/", bodies, status=201)
        mirror.update()
        assert len(mirror.rows["units"]) == 1200
