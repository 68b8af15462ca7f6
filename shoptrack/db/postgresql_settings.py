"""PostgreSQL settings that the server, database or role may set, and the values that ShopTrack requires.

One statement sets them on each new connection, so requests send nothing extra. Before the application serves,
`shoptrack.db.unfit` checks the settings that a connection cannot set, or that a pooler blocks.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from shoptrack.db.statement_timeout import to_milliseconds

# Other values would change or lose a response. All listed values are valid; connections set the first.
REQUIRED_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "DateStyle": ("ISO, MDY", "ISO, DMY", "ISO, YMD"),  # the format of dates and times
    "standard_conforming_strings": ("on",),
    "extra_float_digits": ("1", "2", "3"),
    "transform_null_equals": ("off",),
    "array_nulls": ("on",),
    "quote_all_identifiers": ("off",),  # definitions are compared as text
    "gin_fuzzy_search_limit": ("0",),  # searches would find only some rows
    "exit_on_error": ("off",),  # a constraint violation would end the connection
    # With stricter levels, concurrent writes could abort even a single statement.
    "default_transaction_isolation": ("read committed",),
}
# Only a superuser may set this. As a replica, the server skips triggers and foreign keys.
REQUIRED_SUPERUSER_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "session_replication_role": ("origin", "local")
}
# Further settings of each connection.
SESSION_SETTINGS: Mapping[str, str] = {
    "TimeZone": "UTC",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "default_transaction_deferrable": "off",
    # Planning would take longer than the query: a record's seven tables can be joined in thousands of orders. That
    # took 60 of a page's 70 ms, and the written order is good. JIT compilation does not pay off for any of our
    # statements.
    "join_collapse_limit": "1",
    "jit": "off",
    # The application itself limits the number and the length of waits.
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "transaction_timeout": "0",
}


def get_settings(statement_seconds: float | None) -> dict[str, str]:
    """Return the settings of a new connection.

    :param statement_seconds: the statement timeout; ``None`` for none
    """
    limit = {"statement_timeout": str(to_milliseconds(statement_seconds))}
    return {
        **limit,
        **{name: values[0] for name, values in REQUIRED_SETTINGS.items()},
        **SESSION_SETTINGS,
    }


def format_statement(settings: Mapping[str, str]) -> str:
    """Return a statement that sets those settings that the server has: older and newer versions lack some."""
    values = ", ".join(f"('{name}', '{value}')" for name, value in settings.items())
    return (
        f"SELECT set_config(name, value, false) FROM (VALUES {values}) AS told (name, value) "
        "WHERE current_setting(name, true) IS NOT NULL"
    )


def find_wrong_settings(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return the settings that would change responses, each with its current and its valid value."""
    needed = {**REQUIRED_SETTINGS, **REQUIRED_SUPERUSER_SETTINGS}
    statement = text(
        "SELECT name, current_setting(name, true) FROM unnest(CAST(:names AS text[])) AS name"
    )
    return {
        name: (value, needed[name][0])
        for name, value in connection.execute(statement, {"names": list(needed)})
        if value is not None and value not in needed[name]
    }
