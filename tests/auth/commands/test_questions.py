"""``shoptrack createsuperuser``: what it asks, and what becomes of the answers."""

import pytest
from click.testing import CliRunner

from shoptrack.cli import main

pytestmark = pytest.mark.database("sqlite")

PASSWORD = "a password of five words"
TWICE = f"{PASSWORD}\n{PASSWORD}\n"


def signs_in(client, username, password=PASSWORD) -> bool:
    body = {"username": username, "password": password}
    return client.post_json("/api/auth/token/", body, status=(200, 401)).status_int == 200


def test_it_asks_for_name_address_and_password_twice(run, stored, client):
    result = run(typed=f"ken\nken@example.com\n{TWICE}")
    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == [
        "Username",
        "Email",
        "Password",
        "Password again",
        "Created the superuser ken.",
        *[
            "Created the group '" + name + "'"
            for name in ("Viewers", "Household members", "Managers")
        ],
    ]
    (user,) = stored()
    assert (user.username, user.email) == ("ken", "ken@example.com")
    assert user.is_superuser
    assert user.is_staff
    assert user.is_active
    assert signs_in(client, "ken")


def test_the_password_is_never_shown(run):
    assert PASSWORD not in run(typed=f"ken\n\n{TWICE}").output


def test_what_is_given_is_not_asked_for(run, stored):
    result = run("--username", "ken", "--email", "", typed=TWICE)
    assert result.exit_code == 0, result.output
    assert "Username:" not in result.output
    assert "Email:" not in result.output
    assert stored()[0].email == ""


def test_the_address_may_be_left_out(run, stored):
    assert run(typed=f"ken\n\n{TWICE}").exit_code == 0
    assert stored()[0].email == ""


def test_white_space_belongs_to_the_password_and_not_to_the_name(run, client):
    assert run(typed="  ken \n\n lead blue otter \n lead blue otter \n").exit_code == 0
    assert signs_in(client, "ken", " lead blue otter ")
    assert not signs_in(client, "ken", "lead blue otter")


def test_passwords_that_differ_and_empty_ones_are_asked_for_again(run, client):
    result = run(typed=f"ken\n\none\nanother\n\n{TWICE}")
    assert result.exit_code == 0, result.output
    assert "do not match" in result.output
    assert signs_in(client, "ken")


def test_all_that_is_wrong_with_a_password_is_told_before_it_is_asked_for_again(run, client):
    result = run(typed=f"ken\n\n1234567\n1234567\n{TWICE}")
    assert result.exit_code == 0, result.output
    said = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    assert said == [
        "Error: This password is too short. It must contain at least 8 characters.",
        "Error: This password is too common.",
        "Error: This password is entirely numeric.",
    ]
    assert signs_in(client, "ken")


def test_force_takes_a_password_that_anybody_could_guess(run, client):
    assert run("--force", typed="ken\n\nken\nken\n").exit_code == 0
    assert signs_in(client, "ken", "ken")


def test_it_says_where_a_name_is_stored_otherwise(run, stored):
    result = run("--username", "ｋｅｎ", "--email", "", typed=TWICE)
    assert "The username is stored as ken." in result.output
    assert stored()[0].username == "ken"


def test_the_password_may_come_from_the_standard_input(run, client):
    result = run("--username", "ken", "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.output.startswith("Created the superuser ken.\n")
    assert signs_in(client, "ken")


def test_it_is_listed_with_the_core_ones():
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert "createsuperuser" in shown.output
    assert "Create a superuser, who has all permissions." in shown.output
