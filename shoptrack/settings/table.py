"""The base of every table of settings."""

from typing import Any, Self, cast

from pydantic import field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from shoptrack.i18n.text_input import InvalidText, check_text
from shoptrack.settings.variables import Variable

SOURCES_ARGUMENT = "shoptrack_sources"


class SettingsTable(BaseSettings):
    """A typed, frozen table of settings. Subclass it, and declare each field with `setting`.

    ::

        class AuthSettings(SettingsTable):
            '''How long a sign-in lasts.'''

            access_token_seconds: int = setting(
                300, "SHOPTRACK_ACCESS_TOKEN_SECONDS", ge=1, expected="whole seconds, 1 or more"
            )

    `Sources.read` fills a table in. One made by hand, ``AuthSettings(access_token_seconds=5)``,
    reads no source.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    @classmethod
    def of(cls, registry) -> Self:
        """Return the application's validated instance.

        :raises KeyError: the table was not added to this application
        """
        return registry[cls]

    @classmethod
    def get_variables(cls) -> tuple[Variable, ...]:
        """Return the table's variables, in its order."""
        return tuple(Variable.of(field, info) for field, info in cls.model_fields.items())

    @classmethod
    def get_variable_names(cls) -> tuple[str, ...]:
        """Return every name that the table reads, older ones too."""
        return tuple(name for variable in cls.get_variables() for name in variable.names)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Have pydantic-settings read the sources handed in, in place of its own."""
        by_hand = cast(InitSettingsSource, init_settings)
        return (by_hand, *by_hand.init_kwargs.pop(SOURCES_ARGUMENT, ()))

    @field_validator("*", mode="before")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        """Refuse what is not UTF-8: in the environment, Python makes lone surrogates of it."""
        if isinstance(value, str):
            try:
                check_text(value)
            except InvalidText:
                reason = "It holds a null character." if "\0" in value else "It is not UTF-8 text."
                raise ValueError(reason) from None
        return value


class SettingsTables(list[type[SettingsTable]]):
    """The tables of settings of one application."""

    @classmethod
    def of(cls, registry: Any) -> "SettingsTables":
        """Return the application's."""
        return registry.setdefault(cls, cls())
