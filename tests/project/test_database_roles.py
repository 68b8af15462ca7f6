"""The role that serves is not PostgreSQL's superuser: in new volumes of compose.yml, and in old ones once asked for."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from shoptrack.db import Database
from shoptrack.db.migrations import check_migrations
from shoptrack.plugins.deploy_checks import Deployment, check_database_role
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack.testing.postgresql_server import own_server

from .conftest import PATIENCE, POSTGRESQL_BIN, ROOT

INIT = yaml.safe_load((ROOT / "compose.yml").read_text())["configs"]["roles"]["content"]
SEPARATE = (ROOT / "deploy" / "postgresql" / "separate-role.sql").read_text()
PASSWORD = 'it\'s "p@ss" $word'
PLUGINS = ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")
# An older compose.yml had the image call the superuser so.
AS_IN_AN_OLD_VOLUME = f"""
CREATE ROLE other SUPERUSER LOGIN;
\\connect - other
ALTER ROLE postgres RENAME TO shoptrack;
ALTER ROLE shoptrack PASSWORD $${PASSWORD}$$;
CREATE DATABASE shoptrack OWNER shoptrack;
\\connect - shoptrack
DROP ROLE other;
"""
# Kinds of objects that no release has made so far.
MORE_KINDS = """
CREATE TYPE mood AS ENUM ('glad');
CREATE DOMAIN yen AS integer;
CREATE TABLE serials (id serial PRIMARY KEY, price yen);
CREATE SEQUENCE free;
CREATE VIEW prices AS SELECT price FROM serials;
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
"""
OWNERS = """
SELECT DISTINCT pg_get_userbyid(owner) FROM (
  SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION SELECT typowner FROM pg_type WHERE typnamespace = 'public'::regnamespace
  UNION SELECT datdba FROM pg_database WHERE datname = 'shoptrack'
) AS owners (owner)
"""
RIGHTS = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"


class Server:
    """A PostgreSQL of the test's own, and ways in."""

    def __init__(self, url: URL):
        self.folder = str(url.query["host"])

    def psql(self, script: str, user: str, database: str = "postgres") -> str:
        """Run a script as the image runs those of /docker-entrypoint-initdb.d/."""
        address = ["--host", self.folder, "--username", user, "--dbname", database]
        done = subprocess.run(
            [
                POSTGRESQL_BIN / "psql",
                "--quiet",
                "-v",
                "ON_ERROR_STOP=1",
                "--no-password",
                "--no-psqlrc",
                *address,
            ],
            input=script,
            env=os.environ | {"POSTGRES_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    def connect(self, user: str, dbname: str = "postgres", **more: str) -> psycopg.Connection:
        where = make_conninfo(host=self.folder, user=user, dbname=dbname, **more)
        return psycopg.connect(where, autocommit=True)

    def ask_for_passwords(self) -> None:
        """Have everybody show a password, as the image's server does over the network."""
        with self.connect("postgres") as connection:
            (before, file) = connection.execute(
                "SELECT pg_conf_load_time(), current_setting('hba_file')"
            ).fetchone() or ("", "")
            Path(file).write_text("local all all scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
            end = time.monotonic() + PATIENCE
            while connection.execute("SELECT pg_conf_load_time()").fetchone() == (before,):
                assert time.monotonic() < end
                time.sleep(0.01)

    def check_roles(self) -> None:
        """Check that shoptrack owns its database and nothing more, and that nobody signs in as postgres."""
        with self.connect("postgres", dbname="shoptrack") as connection:
            assert connection.execute(OWNERS).fetchall() == [("shoptrack",)]
            found = connection.execute(
                f"SELECT rolname, {RIGHTS}, rolpassword IS NULL FROM pg_authid WHERE rolcanlogin"
            )
            assert set(found) == {("postgres", True, True), ("shoptrack", False, False)}
        self.ask_for_passwords()
        with self.connect("shoptrack", password=PASSWORD):
            pass
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            self.connect("postgres", password=PASSWORD)

    def build(self):
        """Return the application on the database, as the role that serves."""
        query = {"host": self.folder}
        return make_test_app(
            URL.create(
                "postgresql+psycopg", "shoptrack", PASSWORD, database="shoptrack", query=query
            ),
            PLUGINS,
        )


@pytest.fixture
def server() -> Iterator[Server]:
    with own_server() as url:
        yield Server(url)


def finding(app) -> str | None:
    return check_database_role(Deployment(app.registry))


@pytest.mark.database("postgresql")
def test_a_new_volume_serves_by_a_role_that_owns_its_database_alone(server):
    server.psql(INIT, "postgres")
    app = server.build()
    upgrade_database(app)
    assert finding(app) is None
    Database.of(app.registry).dispose()
    server.check_roles()


@pytest.mark.database("postgresql")
def test_an_old_volume_goes_on_and_gets_such_a_role_when_asked_to(server):
    server.psql(AS_IN_AN_OLD_VOLUME, "postgres")
    app = server.build()
    upgrade_database(app)
    assert "'shoptrack' is a superuser" in str(finding(app))
    Database.of(app.registry).dispose()
    server.psql(MORE_KINDS, "shoptrack", "shoptrack")

    said = server.psql(SEPARATE, "shoptrack", "shoptrack")
    assert said == "shoptrack is an ordinary role now, and postgres is the superuser.\n"
    check_migrations(app.registry)
    assert finding(app) is None
    with Database.of(app.registry).engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO serials (price) VALUES (1)")
        connection.exec_driver_sql("DROP TABLE serials CASCADE")
        connection.exec_driver_sql("ALTER TABLE products ADD COLUMN more integer")
    Database.of(app.registry).dispose()

    again = server.psql(SEPARATE, "postgres", "shoptrack")
    assert again == "The superuser is another role already. Nothing was changed.\n"
    server.check_roles()
