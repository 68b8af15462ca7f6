"""``shoptrack createsuperuser``: what it refuses, in a sentence, and without a trace."""

import pytest
from sqlalchemy import make_url

pytestmark = pytest.mark.database("sqlite")

TAKEN = "A user with that username already exists."
TWICE = "a password of five words\n" * 2


@pytest.mark.parametrize("arguments", [["--password", "x"], ["--password=x"], ["-p", "x"], ["x"]])
def test_a_password_is_never_an_argument(run, stored, arguments):
    result = run("--username", "ken", *arguments, typed=f"\n{TWICE}")
    assert result.exit_code == 2
    assert "Error: " in result.output
    assert stored() == []


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("name", ["ken", "KEN", "ｋｅｎ", " Ken "])
def test_a_taken_name_is_an_error_before_the_password_is_typed(run, make_user, stored, name):
    make_user("Ken")
    for result in (run(typed=f"{name}\n"), run("--username", name)):
        assert result.exit_code == 1
        written = "" if name.strip() == "Ken" else " The existing user is Ken."
        assert f"Error: username: {TAKEN}{written}\n" in result.output
        assert "Password" not in result.output
    assert len(stored()) == 1


@pytest.mark.parametrize("name", ["k n", "<ken>", "k" * 151, " "])
def test_a_name_that_cannot_be_one_is_an_error(run, stored, name):
    result = run("--username", name)
    assert result.exit_code == 1
    assert result.output.startswith("Error: username: En")
    assert stored() == []


@pytest.mark.parametrize("email", ["ken", "k" * 250 + "@b.com"])
def test_so_is_an_address(run, stored, email):
    result = run("--username", "ken", "--email", email, typed=TWICE)
    assert result.exit_code == 1
    assert "Error: email: En" in result.output
    assert stored() == []


@pytest.mark.parametrize("password", ["x" * 5000, "a\0b", "password", "12345"])
def test_so_is_a_password_that_will_not_do(run, stored, password):
    result = run("--username", "ken", "--email", "", typed=f"{password}\n{password}\n")
    assert result.exit_code == 1
    assert "Error: " in result.output
    assert stored() == []


def test_questions_that_nobody_answers_change_nothing(run, stored):
    assert run(typed="ken\n").exit_code == 1
    assert stored() == []


@pytest.mark.database("sqlite", "postgresql")
def test_a_database_that_is_not_migrated_is_a_sentence(run, new_database, build_app):
    app = build_app(url=new_database(), shoptrack__debug="true")
    for arguments in (["--username", "ken"], ["--first"]):
        result = run(*arguments, app=app)
        assert result.exit_code == 1
        assert (
            result.output
            == "Error: Not up to date: shoptrack, admin, auth, reports. Run: shoptrack migrate.\n"
        )


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.sqlite3", "postgresql://ken:secret@127.0.0.1:1/nowhere"],
)
def test_a_database_that_is_away_is_a_sentence(run, build_app, url):
    result = run("--username", "ken", app=build_app(url=make_url(url)))
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database cannot be used: ")
    assert "secret" not in result.output
    assert "Traceback" not in result.output


def test_without_the_plugin_it_says_how_to_switch_it_on(run, build_app):
    result = run("--username", "ken", app=build_app(()))
    assert result.exit_code == 1
    assert "shoptrack_auth, which is not enabled" in result.output
    assert "SHOPTRACK_PLUGINS" in result.output
