"""What Prometheus reads."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from webtest import TestApp

from shoptrack.db import Database
from shoptrack.testing import make_test_app
from shoptrack_auth.api_token_secrets import make_secret
from shoptrack_auth.api_tokens import NewToken, create_token, revoke_tokens
from shoptrack_auth.models import ApiToken, get_utc_now
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

TOKEN = "a-token-for-prometheus"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def measured(database, plugins, credentials):
    """Return a client of an application that measures, on the test's database."""
    app = make_test_app(database.url, plugins, shoptrack__metrics_token=TOKEN)
    authorization = credentials["Authorization"]
    yield TestApp(app, extra_environ={"HTTP_AUTHORIZATION": authorization}, lint=False)
    Database.of(app.registry).dispose()


def samples(client) -> dict:
    """Return all values by name and labels."""
    families = text_string_to_metric_families(client.get("/metrics", headers=BEARER).text)
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_are_counted_by_method_route_and_status(measured):
    for path, status in (("/api/stores/1/", 404), ("/api/stores/2/", 404), ("/api/stores/", 200)):
        measured.get(path, status=status)
    found = samples(measured)
    name = "shoptrack_http_requests_total"
    assert found[name, "/api/stores/{id}/", "404", "GET"] == 2
    assert found[name, "/api/stores/", "200", "GET"] == 1
    assert found["shoptrack_http_request_duration_seconds_count", "/api/stores/{id}/", "GET"] == 2


def test_strangers_make_no_new_time_series(measured):
    for number in range(3):
        measured.get(f"/nothing/{number}", status=404)
        measured.request("/api/", method=f"VERB{number}", expect_errors=True)
        measured.get("/api/", headers={"Host": f"evil{number}.example"}, status=400)
    routes = {key[1:] for key in samples(measured) if key[0] == "shoptrack_http_requests_total"}
    assert routes == {("-", "404", "GET"), ("-", "400", "GET"), ("/api/", "405", "other")}


@pytest.mark.database("sqlite", "postgresql")
def test_the_pool_the_process_and_the_release_are_told(measured):
    measured.get("/api/stores/")
    found = samples(measured)
    assert found["shoptrack_database_connections_in_use",] == 0
    assert found["shoptrack_database_connections_idle",] >= 1
    assert found["shoptrack_long_lists",] == 0
    assert found["process_resident_memory_bytes",] > 1_000_000
    assert ("shoptrack_info", "0.1.0") in found


def test_sign_ins_and_failures_are_counted(measured):
    for password, status in (("wrong", 401), ("wrong too", 401), (PASSWORD, 200)):
        body = {"username": "ken", "password": password}
        measured.post_json("/api/auth/token/", body, status=status)
    found = samples(measured)
    assert found["shoptrack_auth_events_total", "AuthenticationFailed"] == 2
    assert found["shoptrack_auth_events_total", "SignedIn"] == 1


def test_api_tokens_and_requests_by_their_credentials_are_counted(measured, database, user):
    with database.session() as db, db.begin():
        for days in (1, None):
            at = days and get_utc_now() + timedelta(days)
            token, secret = create_token(db, user.id, NewToken("x", expires_at=at))
    before = samples(measured)
    assert before["shoptrack_auth_api_tokens",] == 2
    measured.get("/api/stores/")
    for bearer, status in ((secret, 200), (make_secret(), 401), ("shoptrack_x", 401), ("x", 401)):
        headers = {"Authorization": f"Bearer {bearer}"}
        measured.get("/api/stores/", headers=headers, status=status)
    headers = {"Authorization": f"Bearer {secret}"}
    measured.post_json("/api/stores/", {}, headers=headers, status=403)
    with database.session() as db, db.begin():
        revoke_tokens(db, user.id, [token.id])
        db.execute(update(ApiToken).values(expires_at=get_utc_now()))
    found = samples(measured)
    assert found["shoptrack_auth_api_tokens",] == 0
    requests = "shoptrack_auth_requests_total"
    assert found[requests, "accepted", "api_token"] == 1
    assert found[requests, "api_token", "refused"] == 3
    assert found[requests, "accepted", "access_token"] == 1
    assert found[requests, "access_token", "refused"] == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \xe9"},
    ],
)
def test_nobody_reads_them_without_the_token(measured, headers):
    answer = measured.get("/metrics", headers=headers, status=401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "shoptrack_" not in answer.text


def test_without_a_token_nothing_is_served(client):
    client.get("/metrics", headers=BEARER, status=404)
