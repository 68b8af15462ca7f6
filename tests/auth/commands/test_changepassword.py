"""``shoptrack changepassword``: whose, and what becomes of sign-ins."""

import pytest

from shoptrack_auth.commands import changepassword
from shoptrack_auth.testing import PASSWORD as OLD

pytestmark = pytest.mark.database("sqlite")

NEW = "a password of five words"
TWICE = f"{NEW}\n{NEW}\n"


@pytest.fixture
def run(run):
    return lambda *arguments, **options: run(*arguments, command=changepassword, **options)


def signs_in(client, password) -> bool:
    body = {"username": "ken", "password": password}
    return client.post_json("/api/auth/token/", body, status=(200, 401)).status_int == 200


@pytest.mark.parametrize("name", ["ken", "KEN", "ｋｅｎ"])
def test_it_asks_for_another_password_twice(run, user, client, name):
    result = run(name, typed=TWICE)
    assert result.exit_code == 0, result.output
    assert result.output.endswith("Changed the password of ken.\n")
    assert NEW not in result.output
    assert signs_in(client, NEW)
    assert not signs_in(client, OLD)


def test_the_user_is_signed_out_everywhere(run, user, credentials, client):
    run("ken", "--password-stdin", typed=NEW)
    client.get("/api/auth/user/", headers=credentials, status=401)


def test_nobody_of_that_name_is_an_error(run, user):
    result = run("mia", typed=TWICE)
    assert (result.exit_code, result.output) == (1, "Error: User 'mia' not found.\n")


def test_a_weak_one_is_asked_for_again_and_all_that_is_wrong_told(run, user, client):
    result = run("ken", typed=f"1234567\n1234567\n{TWICE}")
    assert result.exit_code == 0
    assert (
        "Error: This password is too short. It must contain at least 8 characters.\n"
        in result.output
    )
    assert (
        "Error: This password is too common.\nError: This password is entirely numeric.\n"
        in result.output
    )
    assert signs_in(client, NEW)


def test_a_weak_one_from_the_standard_input_is_refused(run, user, client):
    result = run("ken", "--password-stdin", typed="ken@example.com")
    assert result.exit_code == 1
    assert "Error: password: The password is too similar to the email address." in result.output
    assert signs_in(client, OLD)


@pytest.mark.parametrize("way", ["typed", "piped"])
def test_it_is_taken_by_force(run, user, client, way):
    if way == "typed":
        result = run("ken", "--force", typed="ken\nken\n")
    else:
        result = run("ken", "--force", "--password-stdin", typed="ken\n")
    assert result.exit_code == 0, result.output
    assert signs_in(client, "ken")


def test_it_needs_a_name(run):
    assert run(typed=TWICE).exit_code == 2
