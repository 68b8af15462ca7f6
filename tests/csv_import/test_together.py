"""Imports beside other changes: repeats, races, killed processes, plugins that refuse."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import func, insert, select

from shoptrack.catalog.models import Store
from shoptrack.db import Database
from shoptrack.events import BeforeRowsAdded
from shoptrack.history.models import HistoryEntry
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.csv import planning
from shoptrack.rest import csv_import
from shoptrack.testing import Client

from .conftest import HEADER, LINE, URL, Importer

COUNTS = (
    select(HistoryEntry.path, func.count())
    .where(HistoryEntry.path != "users")
    .group_by(HistoryEntry.path)
)
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def test_a_repeat_gets_the_first_response(importer):
    first = importer(HEADER + LINE, headers=KEY, status=201)
    assert importer(HEADER + LINE, headers=KEY, status=201).body == first.body
    importer(HEADER + LINE * 2, headers=KEY, status=422)
    importer(HEADER + LINE * 2, headers=KEY, status=200, dry_run=True)


def test_a_form_with_another_boundary_is_the_same_request(api):
    def send(boundary):
        head = 'Content-Disposition: form-data; name="file"; filename="a.csv"'
        body = f"--{boundary}\r\n{head}\r\n\r\n{HEADER}{LINE}\r\n--{boundary}--\r\n"
        headers = KEY | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return api.post(URL, body.encode(), headers=headers, status=201)

    assert send("one").body == send("another").body


@pytest.mark.parametrize("headers", [KEY, None])
def test_of_two_imports_at_once_one_adds_the_rows(app, credentials, importer, headers):
    barrier = Barrier(2)

    def send(_):
        client = Importer(Client(app, credentials))
        barrier.wait(60)
        return client(HEADER + LINE * 50, headers=headers, status="*").status_int

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(send, range(2)))
    assert answers in ([201, 201] if headers else [200, 201], [201, 409], [200, 201])
    assert len(importer.get_records()) == 50


def test_a_plan_is_made_again_if_somebody_adds_the_same_store(importer, api, monkeypatch):
    store = csv_import.store_plan

    def interrupted(db, plan):
        monkeypatch.setattr(csv_import, "store_plan", store)
        with Database.of(api.app.registry).engine.begin() as connection:
            connection.execute(
                insert(Store),
                {
                    "name": "Life",
                    "location": "Kyoto",
                    "name_folded": "life",
                    "location_folded": "kyoto",
                },
            )
        return store(db, plan)

    monkeypatch.setattr(csv_import, "store_plan", interrupted)
    importer(HEADER + LINE, status=201)
    assert len(api.get("/api/stores/").json) == 1


def test_a_plan_that_is_outdated_again_and_again_is_refused(importer, api, monkeypatch):
    store = csv_import.store_plan

    def interrupted(db, plan):
        with Database.of(api.app.registry).engine.begin() as connection:
            connection.execute(insert(Store), {"name": "x", "location": "y"})
        return store(db, plan)

    monkeypatch.setattr(csv_import, "store_plan", interrupted)
    answer = importer(HEADER + LINE, status=409)
    assert answer.json["code"] == "import_outdated"
    assert importer.get_records() == []


def test_records_that_were_added_meanwhile_are_compared(importer, api, monkeypatch):
    importer(HEADER + LINE, status=201)
    (record,) = importer.get_records()
    store = csv_import.store_plan

    def interrupted(db, plan):
        monkeypatch.setattr(csv_import, "store_plan", store)
        body = {key: record[key] for key in ("price", "quantity", "purchase_date")}
        ids = {"store_id": record["store"]["id"], "product_id": record["product"]["id"]}
        Client(api.app, importer.headers).post_json("/api/shopping-records/", body | ids)
        return store(db, plan)

    monkeypatch.setattr(csv_import, "store_plan", interrupted)
    answer = importer(HEADER + LINE * 3, status=201)
    assert answer.json["counts"]["new"] == 1
    assert len(importer.get_records()) == 3


def test_writers_work_while_a_file_is_read(importer, app, api, monkeypatch):
    reading, written = Event(), Event()
    compare = planning.Comparison.run

    def paused(self, connection):
        reading.set()
        assert written.wait(60)
        return compare(self, connection)

    monkeypatch.setattr(planning.Comparison, "run", paused)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(importer, HEADER + LINE, 201)
        assert reading.wait(60)
        api.post_json("/api/units/", {"name": "kg"}, status=201)
        written.set()
        answer.result(60)


def test_a_plugin_refuses_lines(importer, app):
    def refuse(event):
        for change in event.changes:
            if change.new.get("price") == 13:
                change.add_error("price", "This is unlucky.")

    app.registry.registerHandler(refuse, (BeforeRowsAdded,))
    try:
        text = HEADER + LINE + LINE.replace("250", "13")
        assert importer.get_faults(text) == [(3, "price", "This is unlucky.")]
        assert importer.get_records() == []
    finally:
        app.registry.unregisterHandler(refuse, (BeforeRowsAdded,))


def test_a_plugin_refuses_a_new_row_that_the_file_names(importer, app):
    def refuse(event):
        for change in event.changes:
            if change.new.get("location") == "Kyoto":
                change.add_error("location", "We never go there.")

    app.registry.registerHandler(refuse, (BeforeRowsAdded,))
    try:
        sentence = "The new store “Life” was refused: We never go there."
        assert importer.get_faults(HEADER + LINE) == [(2, None, sentence)]
        assert importer.get_records() == []
    finally:
        app.registry.unregisterHandler(refuse, (BeforeRowsAdded,))


def test_each_row_is_in_the_history(importer, database):
    importer(HEADER + LINE * 2, status=201)
    with database.read_engine.connect() as connection:
        paths = connection.execute(COUNTS)
        assert dict(paths.all()) == {
            "shopping-records": 2,
            **dict.fromkeys(("categories", "units", "stores", "products"), 1),
        }


KILLED = """
import os, signal, sys
from shoptrack.cli import Environment
from shoptrack.cli.csv_import import import_rows
from shoptrack.events import RowAdded

environment = Environment(sys.argv[1])
rows = []

def kill(event):
    rows.append(event.id)
    if len(rows) == 1500:
        os.kill(os.getpid(), signal.SIGKILL)

environment.registry.registerHandler(kill, (RowAdded,))
import_rows.main(["shopping-records", sys.argv[2]], obj=environment)
"""


def test_of_an_import_that_is_killed_nothing_is_stored(database, tmp_path):
    file, ini = tmp_path / "a.csv", tmp_path / "a.ini"
    file.write_text(HEADER + LINE * 3000)
    ini.write_text("[app:main]\nuse = egg:shoptrack\nshoptrack.debug = true\n")
    environ = {"DATABASE_URL": database.url.render_as_string(hide_password=False)}
    command = [sys.executable, "-c", KILLED, str(ini), str(file)]
    assert subprocess.run(command, env=environ, check=False).returncode == -signal.SIGKILL
    with database.read_engine.connect() as connection:
        assert connection.execute(COUNTS).all() == []
        for model in (Store, ShoppingRecord):
            assert connection.scalar(select(func.count()).select_from(model)) == 0
