"""The core's own settings."""

import secrets
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from sqlalchemy import URL

from shoptrack.settings.table import SettingsTable, setting
from shoptrack.settings.value_types import (
    DEFAULT_URL,
    Boolean,
    CommaList,
    CurrencyCode,
    NameList,
    NetworkList,
    OriginList,
    TimeZone,
    check_part,
    make_url_from_parts,
    parse_url,
    split_commas,
)

DEBUG_ORIGINS = ("http://localhost:5173", "http://127.0.0.1:5173")
DATABASE_PARTS = ("db_host", "db_port", "db_name", "db_user", "db_password")
MEBIBYTE = 1024 * 1024
YEAR_SECONDS = 365 * 24 * 3600  # seconds

MIN_KEY_BYTES = 32

# Both keys are public: the first is development.ini's, the second is in .env_example.
DEVELOPMENT_KEY = "development-only-key-that-everybody-can-read-never-for-production"
EXAMPLE_KEY = "replace-me-with-the-line-that-shoptrack-secret-key-prints"


def generate_secret_key() -> str:
    """Return a new key: 64 letters, digits, ``-`` and ``_`` that encode 384 random bits."""
    return secrets.token_urlsafe(48)


def check_for_production(key: SecretStr | None) -> SecretStr:
    """Return the key.

    :raises ValueError: the key is missing, short or public
    """
    if key is None:
        raise ValueError("It signs tokens and cookies, and production does not start without it.")
    text = key.get_secret_value()
    if text.strip() == DEVELOPMENT_KEY:
        raise ValueError("It is development.ini's, which everybody can read: for debug mode only.")
    if text.strip() == EXAMPLE_KEY:
        raise ValueError("It is the placeholder of .env_example.")
    size = len(text.encode(errors="surrogatepass"))
    if size < MIN_KEY_BYTES:
        raise ValueError(f"It has {size} bytes, and production needs {MIN_KEY_BYTES} or more.")
    return key


def _secret_key(value: Any, info: ValidationInfo) -> Any:
    # With an invalid SHOPTRACK_DEBUG, the rules are unknown; that value itself prevents startup.
    if info.data.get("debug", True):
        return DEVELOPMENT_KEY if value is None else value
    return check_for_production(SecretStr(value) if isinstance(value, str) else value)


def _fallbacks(value: Any, info: ValidationInfo) -> Any:
    keys = split_commas(value)
    if not info.data.get("debug", True):
        for number, key in enumerate(keys, 1):
            try:
                check_for_production(SecretStr(key) if isinstance(key, str) else key)
            except ValueError as error:
                raise ValueError(f"Key {number} of {len(keys)} will not do. {error}") from None
    return keys


def _origins(value: Any, info: ValidationInfo) -> Any:
    if value is None:
        return DEBUG_ORIGINS if info.data.get("debug") else ()
    return value


def _database_url(value: Any, info: ValidationInfo) -> Any:
    if value is not None:
        return parse_url(value) if isinstance(value, str) else value
    if not info.data.keys() >= set(DATABASE_PARTS):  # An invalid part prevents startup itself.
        return DEFAULT_URL
    host, port, name, user, password = (info.data[part] for part in DATABASE_PARTS)
    if not host and not name:
        return DEFAULT_URL
    needed = {"SHOPTRACK_DB_HOST": host, "SHOPTRACK_DB_NAME": name, "SHOPTRACK_DB_USER": user}
    missing = ", ".join(variable for variable, part in needed.items() if not part)
    if missing:
        raise ValueError(f"The database is named by its parts, of which is missing: {missing}.")
    secret = password.get_secret_value() if password else None
    return make_url_from_parts(host, port, name, user, secret)


def _hsts_seconds(value: Any, info: ValidationInfo) -> Any:
    if value is None:
        return YEAR_SECONDS if info.data.get("https_only") else 0
    return value


DatabasePart = Annotated[str, AfterValidator(check_part)]


class Settings(SettingsTable):
    """The core's settings. Some fields are validated by the values of earlier ones."""

    debug: Boolean = setting(
        False,
        "SHOPTRACK_DEBUG",
        "DEBUG",
        "DJANGO_DEBUG",
        expected="true or false (1 and 0, yes and no, on and off will do)",
    )
    secret_key: Annotated[SecretStr, BeforeValidator(_secret_key)] = setting(
        None,
        "SHOPTRACK_SECRET_KEY",
        "DJANGO_SECRET_KEY",
        secret=True,
        expected=f"{MIN_KEY_BYTES} bytes or more; `shoptrack secret-key` prints a fresh one",
    )
    secret_key_fallbacks: Annotated[tuple[SecretStr, ...], BeforeValidator(_fallbacks)] = setting(
        (),
        "SHOPTRACK_SECRET_KEY_FALLBACKS",
        secret=True,
        expected=f"keys that were replaced, by commas, each of {MIN_KEY_BYTES} bytes or more",
    )
    allowed_hosts: CommaList = setting(
        ("localhost", "127.0.0.1", "[::1]"),
        "SHOPTRACK_ALLOWED_HOSTS",
        "DJANGO_ALLOWED_HOSTS",
        min_length=1,
        expected="names of hosts by commas, such as shop.example.com, .example.org",
    )
    cors_allowed_origins: Annotated[OriginList, BeforeValidator(_origins)] = setting(
        None,
        "SHOPTRACK_CORS_ALLOWED_ORIGINS",
        "DJANGO_CORS_ALLOWED_ORIGINS",
        expected="origins by commas, such as https://shop.example.com, http://localhost:5173",
    )
    trusted_proxies: NetworkList = setting(
        (),
        "SHOPTRACK_TRUSTED_PROXIES",
        expected="addresses and networks by commas, such as 10.0.0.0/8, 192.0.2.7, 2001:db8::/32",
    )
    https_only: Boolean = setting(
        False,
        "SHOPTRACK_HTTPS_ONLY",
        expected="true or false; true turns plain http away, which takes a proxy that speaks https",
    )
    hsts_seconds: Annotated[int, Field(ge=0), BeforeValidator(_hsts_seconds)] = setting(
        None,
        "SHOPTRACK_HSTS_SECONDS",
        expected="whole seconds, 0 or more, in which browsers shall use https only",
    )
    max_body_size: int = setting(
        5 * MEBIBYTE // 2,
        "SHOPTRACK_MAX_BODY_SIZE",
        ge=1,
        le=32 * MEBIBYTE,
        expected=f"whole bytes, 1 to {32 * MEBIBYTE}",
    )
    max_pending_size: int = setting(
        24 * MEBIBYTE,
        "SHOPTRACK_MAX_PENDING_SIZE",
        ge=MEBIBYTE,
        le=1024 * MEBIBYTE,
        expected=f"whole bytes, {MEBIBYTE} to {1024 * MEBIBYTE}",
    )
    max_upload_size: int = setting(
        65 * MEBIBYTE,  # an import of 64 MiB, in a form
        "SHOPTRACK_MAX_UPLOAD_SIZE",
        ge=1,
        le=4096 * MEBIBYTE,
        expected=f"whole bytes, 1 to {4096 * MEBIBYTE}",
    )
    max_streams: int = setting(
        2,
        "SHOPTRACK_MAX_STREAMS",
        ge=1,
        le=1000,
        expected="a whole number, 1 or more, and less than the server has threads",
    )
    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = setting(
        None,
        "SHOPTRACK_METRICS_TOKEN",
        secret=True,
        expected="16 characters or more, which Prometheus sends as its bearer token",
    )
    time_zone: TimeZone = setting(
        "Asia/Tokyo",
        "SHOPTRACK_TIME_ZONE",
        expected="a name of the time zone database, such as Asia/Tokyo or Europe/Paris",
    )
    currency: CurrencyCode = setting(
        "JPY",
        "SHOPTRACK_CURRENCY",
        expected="a code of ISO 4217, such as JPY, EUR or USD",
    )
    history_days: Annotated[int, Field(ge=1, le=36_500)] | None = setting(
        None,
        "SHOPTRACK_HISTORY_DAYS",
        expected="whole days, 1 to 36500; a job deletes older entries of the history, and none without it",
    )
    log_format: Literal["text", "json"] = setting(
        "text", "SHOPTRACK_LOG_FORMAT", expected="text or json"
    )
    statement_seconds: float = setting(
        20.0,
        "SHOPTRACK_STATEMENT_SECONDS",
        ge=0.1,
        le=3600,
        allow_inf_nan=False,
        expected="seconds, 0.1 to 3600; an SQL statement of a request that takes longer is given up",
    )
    slow_query_seconds: float = setting(
        1.0,
        "SHOPTRACK_SLOW_QUERY_SECONDS",
        ge=0,
        allow_inf_nan=False,
        expected="seconds, 0 or more; an SQL statement that takes longer is logged, and 0 logs none",
    )
    plugins: NameList = setting(
        (), "SHOPTRACK_PLUGINS", expected="names of plugins by spaces, commas or line ends"
    )
    db_host: DatabasePart | None = setting(
        None,
        "SHOPTRACK_DB_HOST",
        expected="the name or address of the PostgreSQL server, or the folder of its socket",
    )
    db_port: int = setting(
        5432, "SHOPTRACK_DB_PORT", ge=1, le=65535, expected="the server's port, 1 to 65535"
    )
    db_name: DatabasePart | None = setting(
        None, "SHOPTRACK_DB_NAME", expected="the name of the PostgreSQL database"
    )
    db_user: DatabasePart | None = setting(
        None, "SHOPTRACK_DB_USER", expected="the name of the database's user"
    )
    db_password: SecretStr | None = setting(
        None, "SHOPTRACK_DB_PASSWORD", secret=True, expected="the password of the database's user"
    )
    db_pooled: Boolean = setting(
        False,
        "SHOPTRACK_DB_POOLED",
        expected="true or false; true where PgBouncer, or the like, gives out connections by transactions",
    )
    sqlite_synchronous: Literal["full", "normal"] = setting(
        "full",
        "SHOPTRACK_SQLITE_SYNCHRONOUS",
        expected="full or normal; full keeps every acknowledged change through a power cut, "
        "normal may lose those of the last half minute",
    )
    database_url: Annotated[URL, BeforeValidator(_database_url)] = setting(
        None,
        "DATABASE_URL",
        overridden_by=("db_host", "db_name"),
        expected="postgresql://user:password@host:port/name, sqlite:///file or sqlite:////full/path",
    )
    config_file: str | None = setting(
        None, "SHOPTRACK_CONFIG", expected="the .ini file that the command line reads"
    )
    try_folder: str | None = setting(
        None, "SHOPTRACK_TRY_FOLDER", expected="the folder of `shoptrack try`"
    )
    try_host: str | None = setting(
        None, "SHOPTRACK_TRY_HOST", expected="the address at which `shoptrack try` serves"
    )

    @property
    def database_is_default(self) -> bool:
        """Return whether no setting names a database, so that it is the SQLite file in the working folder."""
        return not self.model_fields_set & {"database_url", "db_host", "db_name"}
