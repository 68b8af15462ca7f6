"""``shoptrack auth unlock``, ``purge`` and ``sessions``."""

import logging
from datetime import timedelta
from functools import partial

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select, update

from shoptrack.cli import Environment
from shoptrack_auth.auth_commands import auth
from shoptrack_auth.models import FailedAttempt, UserSession, get_utc_now
from shoptrack_auth.throttle import IN_NETWORK, Throttle

pytestmark = pytest.mark.database("sqlite")

HOME, AWAY = "192.0.2.1", "2001:db8::7"


@pytest.fixture
def run(run):
    """Return a function that runs ``shoptrack auth`` on an application."""
    return partial(run, command=auth)


@pytest.fixture
def fail(app):
    """Return a function that fails to sign in."""

    def fail(username, address):
        throttle = Throttle.of(app.registry)
        throttle.record_failure(throttle.make_password_attempt(username, address))

    return fail


@pytest.fixture
def count(database):
    """Return a function that counts rows."""

    def count(model) -> int:
        with database.read_engine.connect() as connection:
            rows = select(func.count()).select_from(model)
            if model is FailedAttempt:  # without what networks are counted by
                rows = rows.where(FailedAttempt.kind.in_(IN_NETWORK))
            return connection.scalar(rows)

    return count


@pytest.mark.parametrize("command", ["unlock", "purge", "sessions", "hashes"])
def test_each_explains_itself_without_a_database(command):
    result = CliRunner().invoke(auth, [command, "--help"], obj=Environment("missing.ini"))
    assert result.exit_code == 0
    assert "--help" in result.output


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(
    ("arguments", "forgotten", "left"),
    [
        (["KEN"], 2, 2),
        (["nobody"], 0, 4),
        (["--address", HOME], 2, 2),
        (["--address", "2001:db8::ffff"], 2, 2),
        (["ken", "--address", HOME], 1, 3),
        (["--all"], 4, 0),
    ],
)
def test_unlocking_forgets_failures(run, fail, count, arguments, forgotten, left):
    for username in ("ken", "mary"):
        for address in (HOME, AWAY):
            fail(username, address)
    result = run("unlock", *arguments)
    assert result.exit_code == 0, result.output
    assert result.output == f"Deleted {forgotten} failed attempt{'' if forgotten == 1 else 's'}.\n"
    assert count(FailedAttempt) == left


@pytest.mark.parametrize("arguments", [[], ["ken", "--all"], ["--address", HOME, "--all"]])
def test_unlocking_asks_for_one_thing(run, fail, count, arguments):
    fail("ken", HOME)
    assert run("unlock", *arguments).exit_code == 2
    assert count(FailedAttempt) == 1


@pytest.mark.database("sqlite", "postgresql")
def test_purging_deletes_what_is_over(run, fail, count, database, signed_in, sign_in):
    sign_in()
    fail("ken", HOME)
    old = {"kind": "token", "address": HOME, "at": get_utc_now() - timedelta(days=1)}
    with database.engine.begin() as connection:
        connection.execute(insert(FailedAttempt), [old] * 2100)
        expired = update(UserSession).where(UserSession.id == signed_in.session_id)
        connection.execute(expired.values(expires_at=get_utc_now() - timedelta(seconds=1)))
    result = run("purge")
    assert (result.exit_code, result.output) == (
        0,
        "Deleted 1 expired session, 2100 failed attempts and 0 expired API tokens.\n",
    )
    assert (count(UserSession), count(FailedAttempt)) == (1, 1)
    assert (
        run("purge").output
        == "Deleted 0 expired sessions, 0 failed attempts and 0 expired API tokens.\n"
    )


@pytest.mark.database("sqlite", "postgresql")
def test_sessions_are_listed(run, database, signed_in, sign_in, make_user):
    make_user("mary")
    mary = sign_in("mary")
    with database.engine.begin() as connection:
        odd = update(UserSession).where(UserSession.id == mary.session_id)
        connection.execute(odd.values(device="Phone\x1b[2J\n1", address=AWAY))
    result = run("sessions")
    assert result.exit_code == 0
    head, first, second = result.output.splitlines()
    assert head.split() == ["ID", "USER", "KIND", "LAST", "USED", "SINCE", "ADDRESS", "DEVICE"]
    assert first.split()[:3] == [str(mary.session_id), "mary", "token"]
    assert first.endswith(f"{AWAY}  Phone?[2J?1")
    assert second.split()[:3] == [str(signed_in.session_id), "ken", "token"]
    of_mary = run("sessions", "--username", "Mary").output
    assert [line.split()[0] for line in of_mary.splitlines()] == ["ID", str(mary.session_id)]


def test_of_very_many_those_used_last_are_listed(run, database, signed_in, user):
    later = get_utc_now() + timedelta(hours=1)
    row = {"user_id": user.id, "password_version": 1, "created_at": later, "last_used_at": later}
    with database.engine.begin() as connection:
        connection.execute(insert(UserSession), [{**row, "expires_at": later}] * 1000)
    result = run("sessions")
    listed = [line.split()[0] for line in result.stdout.splitlines()[1:]]
    assert len(listed) == 1000
    assert str(signed_in.session_id) not in listed
    assert result.stderr == "Only the 1000 sessions that were used last are listed.\n"


def test_there_may_be_none(run):
    result = run("sessions")
    assert (result.exit_code, result.output) == (0, "No active sessions.\n")


def test_one_is_ended(run, client, signed_in, sign_in, caplog):
    caplog.set_level(logging.INFO)
    other = sign_in()
    result = run("sessions", "--end", str(other.session_id))
    assert (result.exit_code, result.output) == (0, "Ended 1 session.\n")
    client.get("/api/products/", headers=other.auth_headers, status=401)
    client.get("/api/products/", headers=signed_in.auth_headers, status=200)
    assert f"token session {other.session_id}" in caplog.text.partition("Session ended: ")[2]


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("id", ["999999", str(2**63 - 1)])
def test_where_one_cannot_be_ended_none_is(run, sign_ins, signed_in, id):
    result = run("sessions", "--end", str(signed_in.session_id), "--end", id)
    assert result.exit_code == 1
    assert result.stderr == f"Error: No active session with this ID: {id}. Nothing was ended.\n"
    assert sign_ins() == 1


def test_somebody_elses_is_not_ended_in_a_users_name(run, sign_ins, signed_in, make_user):
    make_user("mary")
    assert run("sessions", "--username", "mary", "--end", str(signed_in.session_id)).exit_code == 1
    assert sign_ins() == 1


@pytest.mark.parametrize("id", ["x", "0", "-1", str(2**63)])
def test_an_id_that_no_session_can_have(run, id):
    assert run("sessions", "--end", id).exit_code == 2


def test_a_user_is_signed_out_everywhere(run, sign_ins, signed_in, sign_in, make_user):
    make_user("mary")
    sign_in("mary")
    sign_in()
    result = run("sessions", "--username", "ken", "--end-all")
    assert (result.exit_code, result.output) == (0, "Ended 2 sessions.\n")
    assert sign_ins() == 1


def test_everybody_is_signed_out_after_a_question(run, sign_ins, signed_in):
    assert run("sessions", "--end-all", typed="n\n").exit_code == 1
    assert sign_ins() == 1
    assert run("sessions", "--end-all", typed="y\n").exit_code == 0
    assert sign_ins() == 0


@pytest.mark.database("sqlite", "postgresql")
def test_everybody_is_signed_out_without_one(run, sign_ins, signed_in):
    assert run("sessions", "--end-all", "--yes").output == "Ended 1 session.\n"
    assert sign_ins() == 0


@pytest.mark.parametrize("more", [[], ["--end-all"], ["--end", "1"]])
def test_a_name_that_nobody_has(run, more):
    result = run("sessions", "--username", "nobody", *more)
    assert (result.exit_code, result.stderr) == (1, "Error: User 'nobody' not found.\n")


def test_one_or_all_but_not_both(run):
    assert run("sessions", "--end", "1", "--end-all").exit_code == 2


def test_a_plugin_that_is_switched_off_says_so(run, build_app):
    core = build_app(plugins=())
    for command in (["purge"], ["sessions"], ["unlock", "--all"]):
        result = run(*command, app=core)
        assert result.exit_code == 1
        assert "is not enabled" in result.stderr


def test_a_database_that_is_not_up_to_date_says_so(run, build_app, new_database):
    result = run("purge", app=build_app(url=new_database()))
    assert result.exit_code == 1
    assert "shoptrack migrate" in result.stderr
