"""The front door: ``/api/``."""

import pytest

pytestmark = pytest.mark.database("sqlite")

PATHS = [
    "categories",
    "units",
    "manufacturers",
    "origins",
    "stores",
    "products",
    "shopping-records",
]


def test_everybody_reads_the_address_of_each_list_the_seven_first(client):
    answer = client.get("/api/", status=200)
    assert answer.content_type == "application/json"
    assert list(answer.json.items())[:7] == [
        (path, f"http://localhost/api/{path}/") for path in PATHS
    ]


def test_the_addresses_are_those_of_the_host_that_was_asked(client):
    answer = client.get("/api/", headers={"Host": "127.0.0.1:8123"})
    assert answer.json["units"] == "http://127.0.0.1:8123/api/units/"


def test_each_address_answers_a_list(client, api):
    for address in client.get("/api/").json.values():
        assert api.get(address, status=200).json == []


def test_an_authorization_that_does_not_hold_is_no_matter(client):
    client.get("/api/", headers={"Authorization": "Bearer nonsense"}, status=200)
