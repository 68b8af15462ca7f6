"""Faulty fields, all of them at once; and the shape of every answer under ``/api/``."""

import inspect

import pytest

from shoptrack import errors
from shoptrack.errors import DomainError, ValidationError
from shoptrack.i18n.translation import MessageFactory

pytestmark = pytest.mark.database("sqlite")

BLANK = ["This field may not be blank."]
REQUIRED = ["This field is required."]
INTEGER = ["A valid integer is required."]


def unknown(id):
    return [f'Invalid pk "{id}" - object does not exist.']


def test_nothing_sent_names_every_needed_field(api, url, body):
    optional = {"manufacturer_id", "origin_id"}
    errors = api.post_json(url, {}, status=400).json
    assert errors == {name: REQUIRED for name in body if name not in optional}


@pytest.mark.database("sqlite", "postgresql")
def test_what_fields_say_and_what_the_database_says_come_together(api, make):
    sent = {"name": " ", "category_id": 999, "unit_id": True, "origin_id": 998}
    assert api.post_json("/api/products/", sent, status=400).json == {
        "name": BLANK,
        "category_id": unknown(999),
        "unit_id": ["Incorrect type. Expected pk value, received bool."],
        "origin_id": unknown(998),
    }


def test_all_fields_of_a_record_at_once(api):
    sent = {
        "price": "1.5",
        "purchase_date": "2025-02-29",
        "store_id": 999,
        "quantity": "1.2345",
        "product_id": None,
    }
    answer = api.post_json("/api/shopping-records/", sent, status=400)
    assert answer.json == {
        "price": INTEGER,
        "purchase_date": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],
        "store_id": unknown(999),
        "quantity": ["Ensure that there are no more than 3 decimal places."],
        "product_id": ["This field may not be null."],
    }


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_one_faulty_field_keeps_the_others_from_being_changed(api, make, method):
    record = f"/api/shopping-records/{make.record().id}/"
    before = api.get(record).body
    sent = {"price": 7, "store_id": make.store().id, "quantity": "x", "product_id": 999}
    send = api.put_json if method == "PUT" else api.patch_json
    errors = send(record, sent, status=400).json
    missing = {"purchase_date": REQUIRED} if method == "PUT" else {}
    assert errors == missing | {
        "quantity": ["A valid number is required."],
        "product_id": unknown(999),
    }
    assert api.get(record).body == before


def test_a_refused_creation_leaves_no_row(api, url):
    api.post_json(url, {}, status=400)
    assert api.get(url).json == []


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/", 200),
        ("GET", "/api/units/", 200),
        ("POST", "/api/units/", 400),
        ("GET", "/api/units/?a=1", 400),
        ("GET", "/api/%ff/", 400),
        ("GET", "/api/units/1/", 404),
        ("GET", "/api/units/abc/", 404),
        ("GET", "/api/nothing/", 404),
        ("GET", "/api/nothing", 404),
        ("TRACE", "/api/units/", 405),
    ],
)
def test_every_answer_is_json_with_a_request_id(api, method, address, status):
    headers = {"X-Request-ID": "my-id-1"}
    answer = api.request(address, method=method, headers=headers, status=status)
    assert answer.headers["Content-Type"] == "application/json"
    assert isinstance(answer.json, dict | list)
    assert answer.headers["X-Request-ID"] == "my-id-1"


def test_each_error_that_needs_no_arguments_has_a_sentence_of_its_own():
    kinds = [kind for name in errors.__all__ if (kind := getattr(errors, name)) is not DomainError]
    sentences = [
        kind().body()["detail"]
        for kind in kinds
        if all(p.default is not p.empty for p in inspect.signature(kind).parameters.values())
    ]
    assert "The body is too long." in sentences
    assert len({*sentences, DomainError().body()["detail"]}) == len(sentences) + 1


def test_messages_of_fields_may_be_translatable():
    _ = MessageFactory("wishlist")
    messages = {"name": [_("Name a wish.")], "price": (_("Too ${how}.", how="dear"),)}
    assert ValidationError(messages).body() == {"name": ["Name a wish."], "price": ["Too dear."]}
