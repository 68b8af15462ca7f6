"""Tables of settings: typed and validated models whose fields are variables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.fields import FieldInfo

from shoptrack.i18n.text_input import InvalidText, check_text

PREFIX = "SHOPTRACK_"
INI_PREFIX = "shoptrack."


@dataclass(frozen=True)
class Variable:
    """A variable of a settings table, as `setting` declared it."""

    field: str
    names: tuple[str, ...]
    expected: str
    secret: bool
    overridden_by: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the current name; the others are older."""
        return self.names[0]

    @property
    def ini_key(self) -> str:
        """Return the key in the .ini file: ``shoptrack.debug`` for ``SHOPTRACK_DEBUG``."""
        return INI_PREFIX + self.name.removeprefix(PREFIX).lower()

    @classmethod
    def from_field(cls, field: str, info: FieldInfo) -> "Variable":
        """Return the declaration of a table's field.

        :raises TypeError: the field was not declared by `setting`
        """
        if not isinstance(info.json_schema_extra, dict) or "variable" not in info.json_schema_extra:
            raise TypeError(f"Declare {field} with shoptrack.settings.setting(…).")
        declared: Any = info.json_schema_extra["variable"]
        return cls(field, **declared)


def setting(
    default: Any,
    *names: str,
    expected: str,
    secret: bool = False,
    overridden_by: Sequence[str] = (),
    **constraints: Any,
) -> Any:
    """Declare one variable of a `SettingsTable`.

    :param default: the value if no source has the variable; validated, too
    :param names: the variable's name, then older names, which are also read
    :param expected: the valid values, as the end of the sentence "It takes …"
    :param secret: hide the value in messages, and keep white space at its ends
    :param overridden_by: fields of this table; if a higher source has one of them, this value is ignored
    :param constraints: pydantic's, such as ``ge=1`` or ``max_length=20``
    """
    if not names:
        raise TypeError("A setting needs the name of its variable.")
    declared: Any = {
        "names": names,
        "expected": expected,
        "secret": secret,
        "overridden_by": tuple(overridden_by),
    }
    return Field(default, json_schema_extra={"variable": declared}, **constraints)


class SettingsTable(BaseModel):
    """A typed, frozen table of settings. Subclass it, and declare each field with `setting`.

    ::

        class AuthSettings(SettingsTable):
            '''How long a sign-in lasts.'''

            access_token_seconds: int = setting(
                300, "SHOPTRACK_ACCESS_TOKEN_SECONDS", ge=1, expected="whole seconds, 1 or more"
            )

    `Sources.read` makes a table from its sources. ``AuthSettings(access_token_seconds=5)`` reads none.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
        validate_default=True,
    )

    @classmethod
    def of(cls, registry) -> Self:
        """Return the application's instance.

        :raises KeyError: the table was not added to this application
        """
        return registry[cls]

    @classmethod
    def get_variables(cls) -> tuple[Variable, ...]:
        """Return the variables in the order of the fields."""
        return tuple(Variable.from_field(field, info) for field, info in cls.model_fields.items())

    @classmethod
    def get_variable_names(cls) -> tuple[str, ...]:
        """Return all names that the table reads, including older ones."""
        return tuple(name for variable in cls.get_variables() for name in variable.names)

    @field_validator("*", mode="before")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        """Reject text that is not UTF-8: Python reads it from the environment as lone surrogates."""
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
