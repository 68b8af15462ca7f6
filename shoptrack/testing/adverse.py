"""A PostgreSQL database with adverse settings, which all differ from ShopTrack's.

They are all settings that a role may change for itself. Other databases of the server are unaffected.
"""

from sqlalchemy import URL, Connection, NullPool, create_engine

NAME = "adverse_"  # part of the database's name
SCHEMA = "household"
# Without the settings that a connection cannot correct: `shoptrack.db.unfit` rejects those.
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
    # Query plans that return rows in another order if the query has no ORDER BY.
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
    """Return a clause of CREATE DATABASE for Turkish, whose lowercase I has no dot; empty if the server lacks ICU."""
    found = "SELECT EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'tr-x-icu')"
    has_turkish = connection.exec_driver_sql(found).scalar()
    return " LOCALE_PROVIDER icu ICU_LOCALE 'tr'" if has_turkish else ""


def make_adverse(url: URL) -> None:
    """Apply the adverse settings to connections of a database's owner."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        known = "SELECT current_setting(%(name)s, true) IS NOT NULL"
        for name, value in SETTINGS.items():
            if not connection.exec_driver_sql(known, {"name": name}).scalar():
                continue  # a setting of a later PostgreSQL release
            quoted = value if name == "search_path" else f"'{value}'"
            connection.exec_driver_sql(
                f"ALTER ROLE CURRENT_USER IN DATABASE {url.database} SET {name} = {quoted}"
            )


def is_adverse(url: URL) -> bool:
    """Return whether a database has adverse settings, which copies of other databases lack."""
    return NAME in (url.database or "")
