"""Requests with the header Idempotency-Key: a repeat has no effect, and gets the first response."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select, update

from shoptrack.db import Database, calendar_days
from shoptrack.rest.idempotency import StoredResponse
from shoptrack.testing import Client
from shoptrack_auth.testing import PASSWORD

URL = "/api/categories/"
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def get_names(api):
    return [row["name"] for row in api.get(URL).json]


def test_a_repeat_gets_the_first_response_and_changes_nothing(api):
    first = api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)
    second = api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)
    assert second.body == first.body
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.content_type == first.content_type
    assert get_names(api) == ["Meat"]


def test_quotation_marks_do_not_matter(api):
    api.post_json(URL, {"name": "Meat"}, headers={"Idempotency-Key": '"abc"'}, status=201)
    api.post_json(URL, {"name": "Meat"}, headers={"Idempotency-Key": "abc"}, status=201)
    assert get_names(api) == ["Meat"]


def test_a_change_is_repeated_though_the_row_has_another_etag_by_then(api, make):
    url = f"{URL}{make.category(name='Meat').id}/"
    headers = KEY | {"If-Match": api.get(url).headers["ETag"]}
    first = api.patch_json(url, {"name": "Fish"}, headers=headers)
    api.patch_json(url, {"name": "Dairy"})
    assert api.patch_json(url, {"name": "Fish"}, headers=headers).body == first.body
    assert get_names(api) == ["Dairy"]


def test_many_rows_at_once_are_repeated_too(api):
    bodies = [{"name": "Meat"}, {"name": "Fish"}]
    first = api.post_json(f"{URL}bulk/", bodies, headers=KEY, status=201)
    assert api.post_json(f"{URL}bulk/", bodies, headers=KEY, status=201).body == first.body
    assert len(get_names(api)) == 2


@pytest.mark.parametrize(
    ("url", "body"),
    [(URL, {"name": "Fish"}), (f"{URL}?a=1", {"name": "Meat"}), ("/api/units/", {"name": "Meat"})],
)
def test_another_request_needs_another_key(api, url, body):
    api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)
    answer = api.post_json(url, body, headers=KEY, status=422).json
    assert answer["code"] == "idempotency_key_reused"
    assert get_names(api) == ["Meat"]


def test_a_refused_request_can_be_corrected_under_its_key(api):
    api.post_json(URL, {"name": ""}, headers=KEY, status=400)
    api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)


def test_keys_belong_to_users(app, api, make_user, auth_headers):
    other = Client(app, auth_headers(make_user("mia")))
    api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)
    other.post_json(URL, {"name": "Fish"}, headers=KEY, status=201)
    assert sorted(get_names(api)) == ["Fish", "Meat"]


@pytest.mark.parametrize(
    "key", ["", '""', "a b", '"a', "キー".encode().decode("latin-1"), "x" * 256]
)
def test_a_key_that_is_none_is_refused(api, key):
    headers = {"Idempotency-Key": key}
    answer = api.post_json(URL, {"name": "Meat"}, headers=headers, status=400).json
    assert list(answer) == ["Idempotency-Key"]
    assert get_names(api) == []


def test_a_key_is_free_after_a_day(app, api):
    api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)
    yesterday = calendar_days.get_now() - timedelta(days=1, minutes=1)
    with Database.of(app.registry).engine.begin() as connection:
        connection.execute(update(StoredResponse).values(at=yesterday))
    api.post_json(URL, {"name": "Fish"}, headers=KEY, status=201)


def test_a_request_leaves_the_old_keys_of_others_to_the_job(app, api):
    """They would be locked as long as the request takes."""
    yesterday = calendar_days.get_now() - timedelta(days=1, minutes=1)
    values = {"user_id": 1, "fingerprint": "", "status": 201, "headers": [], "body": b"{}"}
    database = Database.of(app.registry)
    with database.engine.begin() as connection:
        connection.execute(insert(StoredResponse).values(**values, key="old", at=yesterday))
    api.post_json(URL, {"name": "Meat"}, headers=KEY, status=201)
    with database.read_engine.connect() as connection:
        assert "old" in connection.scalars(select(StoredResponse.key)).all()


def test_a_job_deletes_old_responses(app, api, run_job):
    yesterday = calendar_days.get_now() - timedelta(days=1, minutes=1)
    values = {"user_id": 1, "fingerprint": "", "status": 201, "headers": [], "body": b"{}"}
    database = Database.of(app.registry)
    with database.engine.begin() as connection:
        connection.execute(
            insert(StoredResponse),
            [
                {**values, "key": "old", "at": yesterday},
                {**values, "key": "new", "at": calendar_days.get_now()},
            ],
        )
    run_job("idempotency.purge")
    with database.read_engine.connect() as connection:
        assert connection.scalars(select(StoredResponse.key)).all() == ["new"]


def test_of_repeats_at_once_one_has_an_effect(app, api, credentials, database):
    barrier = Barrier(4)

    def send(_):
        client = Client(app, credentials)
        barrier.wait(60)
        return client.post_json(URL, {"name": "Meat"}, headers=KEY, status="*")

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(4)))
    statuses = {answer.status_int for answer in answers}
    assert 201 in statuses
    assert statuses <= ({201} if database.is_sqlite else {201, 409})
    for answer in answers:
        if answer.status_int == 409:
            assert answer.json["code"] == "request_in_progress"
    assert get_names(api) == ["Meat"]
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(StoredResponse)) == 1


def test_a_request_without_a_key_is_not_stored(api, database):
    api.post_json(URL, {"name": "Meat"}, status=201)
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(StoredResponse)) == 0


def test_signing_in_takes_no_key(client, user):
    """A stored token would be one more place from which it could leak."""
    body = {"username": user.username, "password": PASSWORD}
    first, second = (client.post_json("/api/auth/token/", body, headers=KEY) for _ in range(2))
    assert first.json["access"] != second.json["access"]
