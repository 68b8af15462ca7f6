"""``shoptrack create-token``."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shoptrack.testing import Client
from shoptrack_auth.models import ApiToken, get_utc_now
from shoptrack_auth.token_commands import create_token

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def run(run):
    return lambda *arguments: run(*arguments, command=create_token)


@pytest.fixture
def tokens(database):
    def tokens():
        with database.read_engine.connect() as connection:
            return connection.execute(select(ApiToken.__table__)).all()

    return tokens


def test_it_prints_a_token_that_reads_for_a_year(run, app, user, tokens):
    result = run("KEN", "--name", "Kitchen")
    assert result.exit_code == 0, result.output
    client = Client(app, headers={"Authorization": f"Bearer {result.stdout.strip()}"})
    client.get("/api/categories/")
    client.post_json("/api/categories/", {"name": "Meat"}, status=403)
    assert "Created an API token of ken, which expires on " in result.stderr
    (token,) = tokens()
    assert (token.name, token.permissions) == ("Kitchen", None)
    assert timedelta(364) < token.expires_at - get_utc_now() <= timedelta(365)


def test_scope_lifetime_and_permissions_may_be_chosen(run, app, user, tokens):
    options = ("--name", "x", "--scope", "write", "--permission", "categories:view")
    result = run("ken", *options, "--permission", "categories:add", "--never-expires")
    client = Client(app, headers={"Authorization": f"Bearer {result.stdout.strip()}"})
    client.post_json("/api/categories/", {"name": "Meat"}, status=201)
    client.get("/api/stores/", status=403)
    assert "which never expires" in result.stderr
    run("ken", "--name", "y", "--days", "2")
    never, soon = tokens()
    assert never.expires_at is None
    assert soon.expires_at - get_utc_now() < timedelta(2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mia", "--name", "x"), "User 'mia' not found."),
        (("gone", "--name", "x"), "gone is inactive."),
        (("ken",), "Missing option '--name'"),
        (("ken", "--name", " "), "This field may not be blank."),
        (("ken", "--name", "x" * 101), "no more than 100 characters"),
        (("ken", "--name", "x", "--days", "0"), "0 is not in the range"),
        (("ken", "--name", "x", "--scope", "all"), "'all' is not one of 'read', 'write'"),
        (("ken", "--name", "x", "--permission", "no:such"), "Unknown permissions: no:such."),
        (("ken", "--name", "x", "--permission", "users:view"), "Missing: users:view."),
    ],
)
def test_what_is_wrong_is_said(run, user, make_user, tokens, arguments, message):
    make_user("gone", is_active=False)
    result = run(*arguments)
    assert result.exit_code != 0
    assert message in result.output
    assert "Traceback" not in result.output
    assert tokens() == []
