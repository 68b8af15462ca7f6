"""Health, for supervisors and load balancers."""

import logging

import pytest


def checks(**named):
    def register(config):
        for name, check in named.items():
            config.add_health_check(name, check)

    return register


def passes(registry):
    """Find nothing amiss."""


def fails(registry):
    """Find something amiss."""
    raise ConnectionError("postgresql://user:hunter2@db")


def test_a_living_process_says_ok(make_client):
    answer = make_client(checks(database=fails)).get("/healthz")
    assert answer.content_type == "application/json"
    assert answer.json == {"status": "ok"}


def test_it_is_ready_when_all_checks_pass(make_client):
    answer = make_client(checks(database=passes, migrations=passes)).get("/readyz")
    assert answer.json == {"status": "ok", "checks": {"database": "ok", "migrations": "ok"}}


def test_a_failed_check_is_named_and_only_the_log_says_why(make_client, caplog):
    app = make_client(checks(database=fails, migrations=passes))
    with caplog.at_level(logging.ERROR):
        answer = app.get("/readyz", status=503)
    assert answer.json == {"status": "failed", "checks": {"database": "failed", "migrations": "ok"}}
    assert answer.headers["Retry-After"].isdigit()
    assert "hunter2" not in answer.text
    assert "hunter2" in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_answers_head_and_is_never_kept(make_client, path):
    answer = make_client().head(path, status=200)
    assert answer.body == b""
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/"])
def test_there_is_nothing_beside_it(make_client, path):
    make_client().get(path, status=404)
