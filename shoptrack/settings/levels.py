"""A level: one of the places that values come from, and pydantic-settings' view of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from shoptrack.settings.variables import INI_PREFIX, PREFIX, Variable


@dataclass(frozen=True, repr=False)
class SourceValue:
    """A value, the key under which it stands, and the place, such as ``the environment``."""

    value: Any
    key: str
    place: str


@dataclass(frozen=True, repr=False)
class Source:
    """The environment or ``.env``: values by the names of the variables."""

    place: str
    values: Mapping[str, Any]
    prefix: ClassVar[str] = PREFIX

    def keys(self, variable: Variable) -> tuple[str, ...]:
        """Return the keys that the variable may have here, the one that wins first."""
        return variable.names

    def find(self, variable: Variable) -> SourceValue | None:
        """Return the variable's value here. An empty one counts as not set."""
        for key in self.keys(variable):
            value = self.values.get(key)
            if isinstance(value, str) and not variable.secret:
                value = value.strip()
            if value is not None and value != "":
                return SourceValue(value, key, self.place)
        return None

    def unknown(self, variables: Iterable[Variable]) -> list[str]:
        """Return the keys here that have ShopTrack's prefix and belong to none of the variables."""
        known = {key for variable in variables for key in self.keys(variable)}
        return sorted(
            key for key in self.values if key.startswith(self.prefix) and key not in known
        )


class IniSource(Source):
    """The .ini: values by keys such as ``shoptrack.debug``."""

    prefix = INI_PREFIX

    def keys(self, variable: Variable) -> tuple[str, ...]:
        """Return the one key; older names never were in an .ini."""
        return (variable.ini_key,)


class PydanticSource(PydanticBaseSettingsSource):
    """Hands pydantic-settings what a level holds for a table, and remembers where it was."""

    def __init__(self, table: type[BaseSettings], level: Source):
        """Give a level to a table; ``found`` is what it had, by field, once it was asked."""
        super().__init__(table)
        self.level = level
        self.found: dict[str, SourceValue] = {}

    def __call__(self) -> dict[str, Any]:
        """Return the values that stand here, by field."""
        for name, field in self.settings_cls.model_fields.items():
            self.get_field_value(field, name)
        return {name: found.value for name, found in self.found.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return a field's value, its name, and that it is no JSON.

        ``current_state`` is what the levels above this one hold.
        """
        variable = Variable.of(field_name, field)
        found = self.level.find(variable)
        if not found or any(name in self.current_state for name in variable.overridden_by):
            return None, field_name, False
        self.found[field_name] = found
        return found.value, field_name, False
