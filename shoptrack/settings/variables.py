"""A variable: the names that it is read by, and how a table declares it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo

PREFIX = "SHOPTRACK_"
INI_PREFIX = "shoptrack."


@dataclass(frozen=True)
class Variable:
    """One variable of a settings table, as `setting` declared it."""

    field: str
    names: tuple[str, ...]
    expected: str
    secret: bool
    overridden_by: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name to use; the others are older."""
        return self.names[0]

    @property
    def ini_key(self) -> str:
        """The key in the .ini: ``shoptrack.debug`` for ``SHOPTRACK_DEBUG``."""
        return INI_PREFIX + self.name.removeprefix(PREFIX).lower()

    @classmethod
    def of(cls, field: str, info: FieldInfo) -> "Variable":
        """Return what a table's field was declared with.

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

    :param default: what holds where no source has the variable; it is validated too
    :param names: the variable's name, then older names that are read as well
    :param expected: what it takes, as the end of the sentence "It takes …"
    :param secret: never show the value, and take it as it is, with white space at its ends
    :param overridden_by: fields of this table; where a higher source has one, this value is passed over
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
