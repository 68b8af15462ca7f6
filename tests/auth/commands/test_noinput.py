"""``shoptrack createsuperuser --noinput`` and ``--first``, from an .ini file and the environment."""

import re

import pytest
from click.testing import CliRunner
from pyramid.paster import get_app

from shoptrack.cli import Environment
from shoptrack.cli.commands import migrate
from shoptrack.db import Database
from shoptrack.testing import SECRET_KEY, Client
from shoptrack_auth.commands import createsuperuser

pytestmark = pytest.mark.database("sqlite")

PASSWORD = "a password of five words"
NAMED = ("--username", "ken", "--email", "ken@example.com")
VARIABLES = ("SHOPTRACK_SUPERUSER_PASSWORD", "DJANGO_SUPERUSER_PASSWORD")


@pytest.fixture
def ini(tmp_path, monkeypatch, plugins):
    """Return a function that writes an .ini file and returns its path."""
    monkeypatch.chdir(tmp_path)
    for name in (*VARIABLES, "SHOPTRACK_CONFIG", "SHOPTRACK_DEBUG", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def ini(**settings) -> str:
        settings = {
            "plugins": " ".join(plugins),
            "secret_key": SECRET_KEY,
            **settings,
        }
        lines = [f"shoptrack.{key} = {value.replace('%', '%%')}" for key, value in settings.items()]
        path = tmp_path / "shoptrack.ini"
        path.write_text("\n".join(["[app:main]", "use = egg:shoptrack", *lines, ""]))
        return str(path)

    return ini


def run(path, *arguments, command=createsuperuser, **environ):
    """Run a command as ``shoptrack --config path`` does."""
    environment = Environment(path)
    try:
        return CliRunner().invoke(command, arguments, obj=environment, env=environ)
    finally:
        if "registry" in vars(environment):
            environment.database.dispose()


@pytest.fixture
def migrated(ini, database):
    """Return a function that writes an .ini file for a database that is up to date."""
    url = database.url.render_as_string(hide_password=False)
    return lambda **settings: ini(database_url=url, **settings)


def sign_in(app, username, password) -> bool:
    body = {"username": username, "password": password}
    return Client(app).post_json("/api/auth/token/", body, status=(200, 401)).status_int == 200


def test_an_ini_file_is_all_it_takes_to_serve(ini, new_database):
    path = ini(database_url=new_database().render_as_string(hide_password=False))
    result = run(path, command=migrate)
    assert result.exit_code == 0, result.output
    result = run(path, "--noinput", *NAMED, **{VARIABLES[0]: PASSWORD})
    assert result.exit_code == 0, result.output
    app = get_app(path)
    assert sign_in(app, "ken", PASSWORD)
    Database.of(app.registry).dispose()


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_password_comes_from_the_environment(migrated, app, variable):
    result = run(migrated(), "--noinput", *NAMED, **{variable: f" {PASSWORD} "})
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "Created the superuser ken."
    assert sign_in(app, "KEN", f" {PASSWORD} ")
    assert not sign_in(app, "ken", PASSWORD)


def test_the_own_variable_goes_before_djangos(migrated, app):
    environ = {VARIABLES[0]: PASSWORD, VARIABLES[1]: "another"}
    assert run(migrated(), "--noinput", *NAMED, **environ).exit_code == 0
    assert sign_in(app, "ken", PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "environ", "missing"),
    [
        ([], {}, "--username and --email and SHOPTRACK_SUPERUSER_PASSWORD"),
        (NAMED, {}, "SHOPTRACK_SUPERUSER_PASSWORD"),
        (NAMED, {VARIABLES[0]: ""}, "SHOPTRACK_SUPERUSER_PASSWORD"),
        (NAMED[:2], {VARIABLES[1]: PASSWORD}, "--email"),
        (NAMED[2:], {VARIABLES[0]: PASSWORD}, "--username"),
    ],
)
def test_what_is_missing_is_named(migrated, arguments, environ, missing):
    result = run(migrated(), "--noinput", *arguments, **environ)
    assert result.exit_code == 2
    assert f"Error: --noinput requires {missing}." in result.output
    assert PASSWORD not in result.output


@pytest.mark.database("sqlite", "postgresql")
def test_a_taken_name_is_an_error(migrated, make_user):
    path = migrated()
    environ = {VARIABLES[0]: PASSWORD}
    make_user("ken")
    for name in ("ken", "KEN", "ｋｅｎ"):
        arguments = ("--noinput", "--username", name, "--email", "")
        result = run(path, *arguments, **environ)
        assert result.exit_code == 1
        written = " The existing user is ken." if name == "KEN" else ""
        said = f"A user with that username already exists.{written}"
        assert result.output == f"Error: username: {said}\n"


def test_a_weak_password_is_refused_unless_it_is_forced(migrated, app):
    path = migrated()
    environ = {VARIABLES[0]: "12345"}
    result = run(path, "--noinput", *NAMED, **environ)
    assert result.exit_code == 1
    assert "password: This password is too short." in result.output
    assert "This password is entirely numeric." in result.output
    assert run(path, "--noinput", "--force", *NAMED, **environ).exit_code == 0
    assert sign_in(app, "ken", "12345")


@pytest.mark.database("sqlite", "postgresql")
def test_a_database_that_is_not_migrated_is_a_sentence(ini, new_database):
    environ = {VARIABLES[0]: PASSWORD}
    path = ini(database_url=new_database().render_as_string(hide_password=False))
    result = run(path, "--noinput", *NAMED, **environ)
    assert result.exit_code == 1
    assert "Run: shoptrack migrate" in result.output
    assert "Traceback" not in result.output


@pytest.mark.database("sqlite", "postgresql")
def test_a_first_user_is_made_in_debug_mode_with_a_password_that_is_printed_once(migrated, app):
    path = migrated(debug="true")
    first = run(path, "--first")
    assert first.exit_code == 0
    name, password = re.search(r"'(\w+)' with the password '([\w-]+)'", first.output).groups()
    assert name == "admin"
    assert len(password) >= 16
    assert sign_in(app, name, password)
    again = run(path, "--first")
    assert (again.exit_code, again.output) == (0, "")


def test_outside_of_debug_mode_there_is_no_first_user(migrated, app):
    result = run(migrated(), "--first")
    assert (result.exit_code, result.output) == (0, "")
    assert not sign_in(app, "admin", "admin")


def test_a_database_with_users_gets_no_first_one(migrated, user):
    result = run(migrated(debug="true"), "--first")
    assert (result.exit_code, result.output) == (0, "")
