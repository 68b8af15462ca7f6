import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url

from shoptrack.settings import ConfigurationError, Settings, Sources, format_url

PARTS = {
    "SHOPTRACK_DB_HOST": "db",
    "SHOPTRACK_DB_NAME": "shop",
    "SHOPTRACK_DB_USER": "clerk",
    "SHOPTRACK_DB_PASSWORD": "word",
}


def sources(environ=None, ini=None):
    return Sources(ini, {"SHOPTRACK_DEBUG": "on"} | (environ or {}), dotenv_path=None)


def read(environ=None, ini=None):
    return sources(environ, ini).read(Settings)


def url(text):
    return read({"DATABASE_URL": text}).database_url


def refused(environ):
    with pytest.raises(ConfigurationError) as error:
        read(environ)
    return str(error.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "PostgreSQL"])
def test_every_way_to_write_postgresql_comes_to_the_psycopg_driver(scheme):
    expected = make_url("postgresql+psycopg://u:p@h:5433/n?sslmode=require")
    assert url(f"{scheme}://u:p@h:5433/n?sslmode=require") == expected


def test_an_address_is_percent_decoded():
    assert url("postgres://me%40home:%40%3A%2F%25+%20@[2001:db8::1]/n") == make_url(
        "postgresql+psycopg://h/n"
    ).set(username="me@home", password="@:/%+ ", host="2001:db8::1")


def test_a_password_among_the_options_moves_to_where_it_is_masked():
    address = url("postgresql://u@h/n?password=hidden&sslmode=require")
    assert address.password == "hidden"
    assert "hidden" not in address.render_as_string()
    assert address.query == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("sqlite:///shop.sqlite3", "shop.sqlite3"),
        ("sqlite:////var/lib/shop.sqlite3", "/var/lib/shop.sqlite3"),
        ("sqlite+pysqlite:///data/shop.db", "data/shop.db"),
    ],
)
def test_a_sqlite_file_is_relative_or_absolute(text, file):
    address = url(text)
    assert (address.drivername, address.database) == ("sqlite", file)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mysql://u:hidden@h/n", "ShopTrack has no use for the scheme 'mysql'"),
        ("postgresql+psycopg2://u:hidden@h/n", "the scheme 'postgresql+psycopg2'"),
        ("shop.sqlite3", "It does not begin with a scheme and '://'"),
        ("postgres:u:hidden@h/n", "It does not begin with a scheme"),
        ("host=h password=hidden dbname=n", "It does not begin with a scheme"),
        ("postgresql://u:hidden@h", "It names no database"),
        ("postgresql://u:hidden@h/", "It names no database"),
        ("postgresql://u:hidden@h:54a/n", "is its port a number?"),
        ("postgresql://u:hidden@h:70000/n", "Its port is not between"),
        ("postgresql://u:hid@hidden@h/n", "has to be written as %40"),
        ("sqlite://shop.sqlite3", "after three slashes"),
        ("sqlite://", "only one of which sees a database in memory"),
        ("sqlite:///", "only one of which sees a database in memory"),
        ("sqlite:///:memory:", "only one of which sees a database in memory"),
        ("sqlite:///file::memory:?uri=true", "only one of which sees a database in memory"),
        ("sqlite:///file:x?mode=memory&cache=shared&uri=true", "only one of which sees"),
    ],
)
def test_an_address_that_will_not_do_is_refused_and_its_password_is_not_shown(text, reason):
    message = refused({"DATABASE_URL": text})
    assert reason in message
    assert "hid" not in message
    assert "It takes postgresql://user:password@host:port/name, sqlite:///file" in message


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://USER:PASSWORD@HOST:PORT/NAME",
        "postgres://user:password@host:port/name",
        "postgresql://user:password@host:5432/name",
        "postgresql://<user>:<password>@<host>:<port>/<name>",
        "postgresql://shop:<password>@localhost/shop",
        "postgresql://shop:PASSWORD@localhost/shop",
        "postgresql://shop:your_password@localhost/shop",
        "postgresql://${DB_USER}:${DB_PASSWORD}@${DB_HOST:-db}:${DB_PORT:-5432}/${DB_NAME}",
        "postgresql://shop:$DB_PASSWORD@localhost/shop",
        "postgresql://{{ user }}:x@localhost/shop",
        "postgresql://your_user:x@localhost/shop",
        "postgresql://shop:x@your-host/shop",
        "postgresql://shop:x@your.server.example/shop",
        "postgresql://shop:x@localhost/your_database",
        "postgresql://shop:x@localhost/DB_NAME",
        "postgresql://changeme:changeme@localhost/shop",
        "postgresql://shop:x@change-me/shop",
        "sqlite:///<file>",
    ],
)
def test_a_placeholder_stops_the_start(text):
    message = refused({"DATABASE_URL": text})
    assert " is a placeholder: fill it in, or remove the variable." in message


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://postgres:password@localhost:5432/shoptrack",
        "postgresql://user:changeme@localhost/name",
        "postgresql://me@corp:x@db.example.com/hostess",
        "postgresql://shop:a/b#c?d:e<f>g@db/shop",
        "postgresql://shop@db/shop",
        "postgresql:///shop",
    ],
)
def test_a_real_address_is_no_placeholder(text):
    assert url(text).database in text


def test_the_parts_make_a_postgresql_address():
    settings = read(PARTS)
    assert settings.database_url == make_url("postgresql+psycopg://clerk:word@db:5432/shop")
    assert read(PARTS | {"SHOPTRACK_DB_PORT": "5433"}).database_url.port == 5433
    assert settings.database_is_default is False


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
@example(" @:/%#?<x>'\"${y} ")
@example("PASSWORD")
def test_a_password_of_its_own_may_hold_any_characters(password):
    address = read(PARTS | {"SHOPTRACK_DB_PASSWORD": password}).database_url
    assert address.password == password
    assert make_url(address.render_as_string(hide_password=False)) == address


def test_a_host_that_is_a_folder_is_that_of_a_socket():
    address = read(PARTS | {"SHOPTRACK_DB_HOST": "/run/postgresql"}).database_url
    (_, arguments) = create_engine(address).dialect.create_connect_args(address)
    assert arguments["host"] == "/run/postgresql"
    assert (
        make_url(address.render_as_string(hide_password=False)).query["host"] == "/run/postgresql"
    )


def test_missing_parts_are_named():
    assert "missing: SHOPTRACK_DB_NAME, SHOPTRACK_DB_USER." in refused({"SHOPTRACK_DB_HOST": "db"})
    assert "missing: SHOPTRACK_DB_HOST, SHOPTRACK_DB_USER." in refused({"SHOPTRACK_DB_NAME": "n"})


def test_a_password_alone_names_no_database():
    settings = read({"SHOPTRACK_DB_PASSWORD": "word", "SHOPTRACK_DB_PORT": "5433"})
    assert settings.database_is_default is True


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("HOST", "<host>", "It is a placeholder."),
        ("USER", "your_user", "It is a placeholder."),
        ("NAME", "${DB_NAME}", "It is a placeholder."),
        ("HOST", "postgresql://u:hidden@h/n", "A whole address is written as DATABASE_URL."),
        ("PORT", "0", "It takes the server's port, 1 to 65535."),
        ("PORT", "PORT", "It takes the server's port, 1 to 65535."),
    ],
)
def test_a_wrong_part_is_the_one_thing_that_is_named(name, value, reason):
    message = refused(PARTS | {f"SHOPTRACK_DB_{name}": value})
    assert f"SHOPTRACK_DB_{name}: found" in message
    assert reason in message
    assert "DATABASE_URL:" not in message
    assert "hidden" not in message


URL = {"DATABASE_URL": "postgresql://u:p@other/n"}
INI_URL = {"shoptrack.database_url": "postgresql://u:p@other/n"}
INI_PARTS = {"shoptrack.db_host": "db", "shoptrack.db_name": "shop", "shoptrack.db_user": "clerk"}


@pytest.mark.parametrize(
    ("environ", "ini", "host"),
    [
        (URL | PARTS, {}, "other"),
        ({}, INI_URL | INI_PARTS, "other"),
        (URL, INI_PARTS, "other"),
        (PARTS, INI_URL, "db"),
        ({"SHOPTRACK_DB_NAME": "shop"}, INI_URL | INI_PARTS, "db"),
        ({"SHOPTRACK_DB_PASSWORD": "word"}, INI_URL, "other"),
        ({"SHOPTRACK_DB_PASSWORD": "word"}, INI_PARTS, "db"),
        (URL | {"SHOPTRACK_DB_HOST": ""}, INI_PARTS, "other"),
        (PARTS | {"DATABASE_URL": ""}, INI_URL, "db"),
    ],
)
def test_the_higher_source_that_names_a_database_wins_and_within_one_the_address(
    environ, ini, host
):
    assert read(environ, ini).database_url.host == host


def test_by_default_it_is_a_file_in_the_working_folder():
    settings = read()
    assert settings.database_url == make_url("sqlite:///shoptrack.sqlite3")
    assert settings.database_is_default is True


def test_the_default_file_that_somebody_names_is_not_the_default():
    assert read({"DATABASE_URL": "sqlite:///shoptrack.sqlite3"}).database_is_default is False
    assert read(ini={"shoptrack.database_url": "sqlite:///a.db"}).database_is_default is False


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("postgres://clerk:word@db:5432/shop", "postgresql://clerk:***@db:5432/shop"),
        ("sqlite:///shop.sqlite3", "sqlite:///shop.sqlite3"),
    ],
)
def test_an_address_is_shown_as_people_write_it_without_the_password(written, seen):
    assert format_url(url(written)) == seen
