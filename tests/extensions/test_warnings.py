"""Warnings of plugins."""

import pytest

from shoptrack.testing import Client

from . import extras, notes
from .conftest import BODY

URL = "/api/shopping-records/"
BULK = f"{URL}bulk/?warnings=true"


@pytest.fixture
def body(make):
    """Return a function that makes the body of a record."""
    ids = {"store_id": make.store(name="Far").id, "product_id": make.product().id}
    return lambda **values: {**BODY, **ids, **values}


def codes(warnings):
    return [(warning["index"], warning["code"]) for warning in warnings]


def test_a_plugin_warns_about_rows_with_its_own_values(api, record):
    id = record(tax_rate=9)["id"]
    warning = {"field": "tax_rate", "code": "odd_tax_rate", "usual": [8, 10]}
    told = [one for one in api.get(f"{URL}{id}/warnings/").json if one["field"] == "tax_rate"]
    assert told == [{"id": id, **warning, "detail": "This rate is unusual."}]


def test_warnings_are_in_the_order_of_the_rows(api, body, stop_clock):
    stop_clock("2025-05-01T00:00:00Z")
    bodies = [body(price=1, tax_rate=9), body(price=2), body(price=3, tax_rate=7)]
    answer = api.post_json(BULK, bodies, status=201).json
    assert codes(answer["warnings"]) == [
        (0, "odd_tax_rate"),
        (0, "far_store"),
        (1, "far_store"),
        (2, "odd_tax_rate"),
        (2, "far_store"),
    ]


def test_what_a_function_needs_to_view_decides_whether_it_is_called(
    build_app, plugins, body, credentials_with, stop_clock
):
    stop_clock("2025-05-01T00:00:00Z")
    names = (*plugins, notes.__name__, extras.__name__)
    app = build_app(names, shoptrack__api_permissions="model")
    client = Client(app, credentials_with("shopping-records:add", "shopping-records:view"))
    answer = client.post_json(BULK, [body(tax_rate=9)], status=201).json
    assert codes(answer["warnings"]) == [(0, "odd_tax_rate")]


def test_a_function_that_fails_refuses_nothing(api, body, caplog, stop_clock):
    stop_clock("2025-05-01T00:00:00Z")
    bodies = [body(note="broken", tax_rate=9), body(price=1)]
    answer = api.post_json(BULK, bodies, status=201).json
    assert (0, "odd_tax_rate") in codes(answer["warnings"])
    assert api.get(f"{URL}?ordering=id").json == answer["rows"]
    assert "find_far_stores failed to find warnings" in caplog.text
