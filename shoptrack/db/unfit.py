"""Detects a PostgreSQL database that ShopTrack cannot use, with a message that suggests a remedy.

Otherwise a request would detect it, too late and with an error that does not help its client.
"""

import shlex
from collections.abc import Collection

from sqlalchemy import Connection, text

from shoptrack.db import postgresql_settings
from shoptrack.errors import DomainError

REQUIRED_ENCODING = "UTF8"
MIN_SERVER_VERSION = 14  # the first version with CREATE OR REPLACE TRIGGER


class UnfitDatabase(DomainError):
    """ShopTrack cannot use the database, and retrying is useless."""


_FACTS = text(
    """
    SELECT current_database() AS name, current_user AS role, current_schema() AS schema,
           current_setting('server_version_num')::int / 10000 AS version,
           current_setting('server_encoding') AS encoding,
           current_setting('search_path') AS search_path
    """
)

MAX_LISTED_TABLES = 3  # inaccessible tables by name; the others are counted
# Settings belong to the role that signed in, the session user, which may act as another role.
_ROLE_AND_DATABASE = text("SELECT quote_ident(session_user), quote_ident(current_database())")
_CAN_CREATE = text(
    "SELECT has_schema_privilege(current_schema(), 'CREATE'), quote_ident(current_schema()), quote_ident(current_user)"
)
_INACCESSIBLE_TABLES = text(
    """
    SELECT relname AS name, relnamespace::regnamespace::text AS schema, quote_ident(current_user) AS role
    FROM pg_class
    WHERE relkind = 'r' AND pg_table_is_visible(oid) AND relname = ANY(CAST(:names AS text[]))
    AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
             AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
    ORDER BY relname
    """
)


def check_database(connection: Connection) -> None:
    """Check that a PostgreSQL database works as ShopTrack requires.

    :raises UnfitDatabase: its server is too old, its encoding is not UTF8, its settings would change responses, or
        its role has no schema
    """
    if connection.dialect.name != "postgresql":
        return
    facts = connection.execute(_FACTS).one()
    if facts.version < MIN_SERVER_VERSION:
        raise UnfitDatabase(
            f"The server of the database {facts.name} is PostgreSQL {facts.version}. ShopTrack needs "
            f"{MIN_SERVER_VERSION} or newer."
        )
    if facts.encoding != REQUIRED_ENCODING:
        raise UnfitDatabase(
            f"The database {facts.name} has the encoding {facts.encoding}, and ShopTrack needs {REQUIRED_ENCODING}. "
            "A database keeps its encoding for good: create another one, and name it in DATABASE_URL. "
            f"{_format_createdb(facts.role)}"
        )
    if facts.schema is None:
        raise UnfitDatabase(
            f"The role {facts.role} has no schema for tables: its search_path is {facts.search_path}, of which none "
            f"is there that it may use. Run: {_format_alter_role(connection, 'search_path', 'public')}"
        )
    if wrong := postgresql_settings.find_wrong_settings(connection):
        are = ", ".join(f"{name} is '{value}'" for name, (value, _) in wrong.items())
        mended = " ".join(
            _format_alter_role(connection, name, right) for name, (_, right) in wrong.items()
        )
        raise UnfitDatabase(
            f"Settings of the database {facts.name} would change what ShopTrack answers: {are}. Run as a superuser, "
            f"and have a pooler connect anew: {mended}"
        )


def check_schema(connection: Connection) -> None:
    """Check that the role may create tables in PostgreSQL's schema.

    :raises UnfitDatabase: it may not
    """
    if connection.dialect.name != "postgresql":
        return
    may, schema, role = connection.execute(_CAN_CREATE).one()
    if not may:
        raise UnfitDatabase(
            f"The role {role} may create no tables in the schema {schema}. Run as its owner: "
            f"GRANT CREATE ON SCHEMA {schema} TO {role};"
        )


def check_table_privileges(connection: Connection, tables: Collection[str]) -> None:
    """Check that the role may use these PostgreSQL tables, for example if another role created them.

    :raises UnfitDatabase: naming the tables, and the statements that grant access
    """
    if connection.dialect.name != "postgresql":
        return
    closed = connection.execute(_INACCESSIBLE_TABLES, {"names": sorted(tables)}).all()
    if closed:
        schema, role = closed[0].schema, closed[0].role
        names = ", ".join(row.name for row in closed[:MAX_LISTED_TABLES])
        more = (
            f" and {len(closed) - MAX_LISTED_TABLES} more"
            if len(closed) > MAX_LISTED_TABLES
            else ""
        )
        raise UnfitDatabase(
            f"The role {role} may not use the tables {names}{more}. Run as their owner: GRANT SELECT, INSERT, "
            f"UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA "
            f"{schema} TO {role};"
        )


def _format_createdb(role: str) -> str:
    """Return the command that creates a suitable database, whatever the server's locale is."""
    return (
        f"As PostgreSQL's superuser: createdb --owner={shlex.quote(role)} --encoding={REQUIRED_ENCODING} "
        "--template=template0 --locale=C NAME"
    )


def _format_alter_role(connection: Connection, name: str, value: str) -> str:
    """Return the statement that sets a value for a role in a database; it overrides server, database and role."""
    role, database = connection.execute(_ROLE_AND_DATABASE).one()
    return f"ALTER ROLE {role} IN DATABASE {database} SET {name} = '{value}';"
