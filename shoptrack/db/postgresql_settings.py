"""What PostgreSQL's server, database and role may set, and what ShopTrack needs instead.

Each connection is told so when it is made, by one statement, and no request sends anything for it. What a connection
cannot set, and what a pooler keeps it from setting, is looked at before the application serves (`shoptrack.db.unfit`).
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from shoptrack.db.statement_timeout import to_milliseconds

# What would change a response or lose one: the values that will do. A connection is told the first.
REQUIRED_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "DateStyle": ("ISO, MDY", "ISO, DMY", "ISO, YMD"),  # in which days and instants are read
    "standard_conforming_strings": ("on",),
    "extra_float_digits": ("1", "2", "3"),
    "transform_null_equals": ("off",),
    "array_nulls": ("on",),
    "quote_all_identifiers": ("off",),  # definitions are compared by their texts
    "gin_fuzzy_search_limit": ("0",),  # searches would find some of the rows
    "exit_on_error": ("off",),  # what a constraint refuses would end the connection
    # A single statement would be broken off for what others do beside it.
    "default_transaction_isolation": ("read committed",),
}
# What only a superuser may set. Triggers and foreign keys do nothing in a replica.
REQUIRED_SUPERUSER_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "session_replication_role": ("origin", "local")
}
# What a connection is told besides.
SESSION_SETTINGS: Mapping[str, str] = {
    "TimeZone": "UTC",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "default_transaction_deferrable": "off",
    # Planning would take longer than the work: a record's seven tables can be joined in thousands of orders, which
    # took 60 ms of the 70 that a page took, and the order that is written is a good one. Compiling to machine code
    # pays for none of our statements.
    "join_collapse_limit": "1",
    "jit": "off",
    # Who waits, and for how long, is bounded by the application.
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "transaction_timeout": "0",
}


def get_settings(statement_seconds: float | None) -> dict[str, str]:
    """Return what a new connection is told.

    :param statement_seconds: how long a statement may take; ``None`` for as long as it takes
    """
    limit = {"statement_timeout": str(to_milliseconds(statement_seconds))}
    return {
        **limit,
        **{name: values[0] for name, values in REQUIRED_SETTINGS.items()},
        **SESSION_SETTINGS,
    }


def format_statement(settings: Mapping[str, str]) -> str:
    """Return the statement that sets what the server knows of these: older and newer ones lack some."""
    values = ", ".join(f"('{name}', '{value}')" for name, value in settings.items())
    return (
        f"SELECT set_config(name, value, false) FROM (VALUES {values}) AS told (name, value) "
        "WHERE current_setting(name, true) IS NOT NULL"
    )


def find_wrong_settings(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return the settings that would change responses: what each is, and what would do."""
    needed = {**REQUIRED_SETTINGS, **REQUIRED_SUPERUSER_SETTINGS}
    asked = text(
        "SELECT name, current_setting(name, true) FROM unnest(CAST(:names AS text[])) AS name"
    )
    return {
        name: (value, needed[name][0])
        for name, value in connection.execute(asked, {"names": list(needed)})
        if value is not None and value not in needed[name]
    }
