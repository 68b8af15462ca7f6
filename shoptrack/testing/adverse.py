"""A PostgreSQL database whose role has everything set otherwise than ShopTrack would have it.

Whatever the role may set for itself is set, for this database alone: the server's others notice nothing.
"""

from sqlalchemy import URL, Connection, NullPool, create_engine

NAME = "adverse_"  # a part of the database's name
SCHEMA = "household"
# What no connection can set right is refused, and so not here: `shoptrack.db.unfit`.
SETTINGS = {
    "search_path": f"{SCHEMA}, public",
    "client_encoding": "LATIN1",
    "DateStyle": "German, DMY",
    "IntervalStyle": "sql_standard",
    "TimeZone": "America/St_Johns",
    "timezone_abbreviations": "India",
    "default_text_search_config": "pg_catalog.german",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "standard_conforming_strings": "off",
    "backslash_quote": "off",
    "escape_string_warning": "off",
    "transform_null_equals": "on",
    "array_nulls": "off",
    "quote_all_identifiers": "on",
    "xmloption": "document",
    "xmlbinary": "hex",
    "gin_fuzzy_search_limit": "1",
    "exit_on_error": "on",
    "row_security": "off",
    "restrict_nonsystem_relation_kind": "view, foreign-table",
    "check_function_bodies": "off",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "synchronous_commit": "off",
    "statement_timeout": "2s",
    "lock_timeout": "1ms",
    "idle_in_transaction_session_timeout": "2s",
    "idle_session_timeout": "2s",
    "transaction_timeout": "2s",
    "client_min_messages": "debug1",
    # Plans that give rows in another order, where none is asked for.
    "synchronize_seqscans": "off",
    "join_collapse_limit": "20",
    "jit": "on",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashagg": "off",
    "enable_hashjoin": "off",
    "enable_nestloop": "off",
}


def make_provider_clause(connection: Connection) -> str:
    """Return a part of CREATE DATABASE: Turkish, whose small I has no dot, where the server has ICU; else nothing."""
    found = "SELECT EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'tr-x-icu')"
    has_turkish = connection.exec_driver_sql(found).scalar()
    return " LOCALE_PROVIDER icu ICU_LOCALE 'tr'" if has_turkish else ""


def make_adverse(url: URL) -> None:
    """Set everything otherwise for those who connect to a database as its owner."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        known = "SELECT current_setting(%(name)s, true) IS NOT NULL"
        for name, value in SETTINGS.items():
            if not connection.exec_driver_sql(known, {"name": name}).scalar():
                continue  # a setting of a later release
            quoted = value if name == "search_path" else f"'{value}'"
            connection.exec_driver_sql(
                f"ALTER ROLE CURRENT_USER IN DATABASE {url.database} SET {name} = {quoted}"
            )


def is_adverse(url: URL) -> bool:
    """Return whether a database has been made so, which copies of others are not."""
    return NAME in (url.database or "")
