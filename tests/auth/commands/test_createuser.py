"""``shoptrack createuser``: whom it makes, and what it refuses."""

import pytest
from sqlalchemy import select

from shoptrack_auth.commands import createuser
from shoptrack_auth.models import UserGroup

pytestmark = pytest.mark.database("sqlite")

PASSWORD = "a password of five words"
TWICE = f"{PASSWORD}\n{PASSWORD}\n"


@pytest.fixture
def run(run):
    return lambda *arguments, **options: run(*arguments, command=createuser, **options)


def signs_in(client, username, password=PASSWORD) -> bool:
    body = {"username": username, "password": password}
    return client.post_json("/api/auth/token/", body, status=(200, 401)).status_int == 200


def test_it_makes_a_user_who_may_do_nothing_special(run, stored, client):
    result = run(typed=f"ken\n\n{TWICE}")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("Created the user ken.\n")
    (ken,) = stored()
    assert (ken.is_active, ken.is_staff, ken.is_superuser) == (True, False, False)
    assert signs_in(client, "ken")


def test_staff_and_groups_are_options(run, stored, make_group, database):
    ids = {make_group(name).id for name in ("Parents", "Power users")}
    make_group("Others")
    options = ("--staff", "--group", "parents", "--group", " POWER  users")
    assert run("--username", "ken", "--email", "", *options, typed=TWICE).exit_code == 0
    assert stored()[0].is_staff
    with database.read_engine.connect() as connection:
        assert set(connection.scalars(select(UserGroup.group_id))) == ids


@pytest.mark.parametrize(("groups", "known"), [((), "none"), (("A", "B"), "A, B")])
def test_an_unknown_group_ends_it_before_anything_is_asked(run, stored, make_group, groups, known):
    for name in groups:
        make_group(name)
    result = run("--group", "Parents", typed=f"ken\n\n{TWICE}")
    assert result.exit_code == 1
    assert result.output == f"Error: Group 'Parents' not found. Available: {known}.\n"
    assert stored() == []


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_password_may_come_from_the_standard_input(run, client, end):
    result = run("--username", "ken", "--password-stdin", typed=f" {PASSWORD} {end}")
    assert (result.exit_code, result.output) == (0, "Created the user ken.\n")
    assert signs_in(client, "ken", f" {PASSWORD} ")


def test_without_a_name_there_is_no_way_not_to_ask(run, stored):
    result = run("--password-stdin", typed=TWICE)
    assert result.exit_code == 2
    assert "--password-stdin requires --username." in result.output
    assert stored() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No password on standard input."),
        ("\n", "No password on standard input."),
        ("ken\n", "password: This password is too short."),
        ("password\n", "password: This password is too common."),
        (b"\xff\xfe\n", "password: Surrogate characters are not allowed"),
    ],
)
def test_what_will_not_do_is_an_error(run, stored, typed, said):
    result = run("--username", "ken", "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert f"Error: {said}" in result.output
    assert stored() == []


@pytest.mark.parametrize("arguments", [["--password", "x"], ["--password=x"], ["x"]])
def test_a_password_is_never_an_argument(run, stored, arguments):
    assert run("--username", "ken", *arguments, typed=f"\n{TWICE}").exit_code == 2
    assert stored() == []
