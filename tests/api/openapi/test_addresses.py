"""Where the description is served, in which formats, and to whom."""

import pytest
import yaml

from shoptrack.openapi.formats import WRITERS
from shoptrack.openapi.spec import ApiSpec
from shoptrack.openapi.views import SpecFiles

pytestmark = pytest.mark.database("sqlite")

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
SCHEMA, SWAGGER = "/api/schema/", "/api/swagger.json"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, YAML),
        ("", YAML),
        ("*/*", YAML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", YAML),
        (YAML, YAML),
        ("application/yaml", "application/yaml"),
        (JSON, JSON),
        ("application/json", "application/json"),
        ("application/json, */*;q=0.1", "application/json"),
        ("application/json;q=0.5, application/yaml;q=0.6", "application/yaml"),
    ],
)
def test_the_client_says_which_format_it_likes(client, accept, media_type):
    answer = client.get(SCHEMA, headers={} if accept is None else {"Accept": accept})
    assert answer.content_type == media_type
    read = answer.json if media_type.endswith("json") else yaml.safe_load(answer.text)
    assert read == client.app.registry[ApiSpec].openapi


@pytest.mark.parametrize(("name", "media_type"), [("yaml", YAML), ("json", JSON)])
def test_the_address_says_which_format_it_is(client, name, media_type):
    answer = client.get(f"{SCHEMA}?format={name}", headers={"Accept": "text/html"})
    assert answer.content_type == media_type
    assert answer.headers["Content-Disposition"] == f'inline; filename="shoptrack.{name}"'


def test_a_format_that_nobody_knows_is_named(client):
    answer = client.get(f"{SCHEMA}?format=xml", status=400)
    assert answer.json == {"format": ["Must be yaml or json."]}


@pytest.mark.parametrize("address", [SCHEMA, SWAGGER])
def test_what_cannot_be_answered_is_refused(client, address):
    client.get(address, headers={"Accept": "image/png"}, status=406)
    client.post(address, status=405)


@pytest.mark.parametrize("address", [SCHEMA, f"{SCHEMA}?format=json", SWAGGER])
def test_a_client_that_has_it_gets_nothing_again(client, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]}, status=304)
    assert again.body == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_formats_have_tags_of_their_own(client):
    answers = [client.get(f"{SCHEMA}?format={name}") for name in ("yaml", "json")]
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]
    assert "Accept" in answers[0].headers["Vary"]


def test_swagger_is_served_to_everybody(client):
    assert client.get(SWAGGER).json["swagger"] == "2.0"


@pytest.mark.parametrize("name", WRITERS)
def test_a_document_is_written_once(app, name):
    assert app.registry[SpecFiles].get(name) is app.registry[SpecFiles].get(name)
