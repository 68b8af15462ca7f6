"""The sources of settings, their order, and the messages about invalid values."""

import io
import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pyramid.exceptions
from dotenv.parser import Binding, parse_stream
from pydantic import ValidationError

from shoptrack.settings.table import INI_PREFIX, PREFIX, SettingsTable, Variable
from shoptrack.settings.value_types import MASK, mask_password

MAX_SHOWN_LENGTH = 200
_NAME = re.compile(r"\s*(?:export\s+)?(\w+)\s*=")

log = logging.getLogger(__name__)

Table = TypeVar("Table", bound=SettingsTable)


STARTUP_FAILED = "ShopTrack does not start."  # the beginning of the message when startup fails


class ConfigurationError(pyramid.exceptions.ConfigurationError):
    """A setting is wrong, and ShopTrack does not start with it. The message shows no secret."""


@dataclass(frozen=True, repr=False)
class SourceValue:
    """A value, its key, and the name of the source, such as ``the environment``."""

    value: Any
    key: str
    source: str


@dataclass(frozen=True, repr=False)
class Source:
    """The environment or ``.env``: values by the names of the variables."""

    name: str
    values: Mapping[str, Any]
    prefix: ClassVar[str] = PREFIX

    def keys(self, variable: Variable) -> tuple[str, ...]:
        """Return the keys of a variable in this source, the preferred one first."""
        return variable.names

    def find(self, variable: Variable) -> SourceValue | None:
        """Return the value of a variable. An empty value counts as not set."""
        for key in self.keys(variable):
            value = self.values.get(key)
            if isinstance(value, str) and not variable.secret:
                value = value.strip()
            if value is not None and value != "":
                return SourceValue(value, key, self.name)
        return None

    def find_unknown(self, variables: Iterable[Variable]) -> list[str]:
        """Return the keys with ShopTrack's prefix that are no variable's."""
        known = {key for variable in variables for key in self.keys(variable)}
        return sorted(
            key for key in self.values if key.startswith(self.prefix) and key not in known
        )


class IniSource(Source):
    """The .ini file: values by keys such as ``shoptrack.debug``."""

    prefix = INI_PREFIX

    def keys(self, variable: Variable) -> tuple[str, ...]:
        """Return the only key: older names were never read from an .ini file."""
        return (variable.ini_key,)


class Sources:
    """The process environment, then ``.env``, then the .ini; a table's defaults come last.

    A value replaces those of the sources below, it never adds to them. Within one source the
    variable's own name wins over its older names. An empty value counts as not set. Nothing is
    written into the environment.
    """

    def __init__(
        self,
        ini: Mapping[str, Any] | None = None,
        environ: Mapping[str, str] | None = None,
        dotenv_path: Path | None = Path(".env"),
    ):
        """Read the sources.

        :param ini: the ``[app:main]`` section, default none
        :param environ: default the environment of the process
        :param dotenv_path: a file that need not exist, default ``.env`` in the working folder
        :raises ConfigurationError: ``.env`` cannot be read
        """
        self.ini = ini or {}
        self._sources = (
            Source("the environment", os.environ if environ is None else environ),
            Source(".env", read_dotenv(dotenv_path) if dotenv_path else {}),
            IniSource("the .ini", self.ini),
        )

    def read(self, table: type[Table]) -> Table:
        """Return a table with the values of the sources.

        :raises ConfigurationError: listing all invalid values
        """
        variables = table.get_variables()
        found: dict[str, SourceValue] = {}
        for source in self._sources:
            here = {
                variable.field: value
                for variable in variables
                if variable.field not in found
                and not any(field in found for field in variable.overridden_by)
                and (value := source.find(variable))
            }
            found.update(here)
        try:
            return table(**{field: value.value for field, value in found.items()})
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
        # Raised outside the handler: pydantic's error contains the values, secrets among them.
        raise ConfigurationError(format_invalid_values(variables, errors, found))

    def check_unknown(
        self,
        tables: Iterable[type[SettingsTable]],
        find_disabled: Callable[[], Mapping[str, Iterable[Variable]]] = dict,
    ) -> None:
        """Check that the tables declare all names with ShopTrack's prefix.

        A name that a disabled plugin declares is logged.

        :param find_disabled: returns the variables of installed plugins that are not enabled, by plugin; called only
            if a name is unknown
        :raises ConfigurationError: listing the unknown names, similar ones and all known ones
        """
        variables = [variable for table in tables for variable in table.get_variables()]
        unknown = self._find_unknown(variables)
        if not unknown:
            return
        disabled: list[Variable] = []
        for plugin, own in find_disabled().items():
            disabled += own
            left = self._find_unknown([*variables, *disabled])
            for source, name in unknown:
                if (source, name) not in left:
                    log.warning(
                        "%s in %s has no effect: its plugin %r is not enabled.",
                        name,
                        source.name,
                        plugin,
                    )
            unknown = left
        if unknown:
            raise ConfigurationError(format_unknown_names(unknown, variables, disabled))

    def _find_unknown(self, variables: list[Variable]) -> list[tuple[Source, str]]:
        return [
            (source, name) for source in self._sources for name in source.find_unknown(variables)
        ]


def read_dotenv(path: Path) -> dict[str, str | None]:
    """Return the variables of the file; none if the file does not exist.

    :raises ConfigurationError: the file, or a line of it, cannot be read
    """
    variables = {}
    for binding in parse_stream(io.StringIO(_read_text(path))):
        if binding.error:
            raise ConfigurationError(_format_broken_line(path, binding))
        if binding.key is not None:
            variables[binding.key] = binding.value
    return variables


def _read_text(path: Path) -> str:
    # Raised outside the handlers: a decoder's error contains the whole file.
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        reason = f"{path} is not UTF-8 (byte {error.start} cannot be read). Save it as UTF-8."
    except OSError as error:
        reason = (
            f"{path} cannot be read: {error.strerror}. Let ShopTrack's user read it, or remove it."
        )
    raise ConfigurationError(reason)


def _format_broken_line(path: Path, binding: Binding) -> str:
    """Name the line, and its variable, but not the value, which may be a secret."""
    text = binding.original.string
    blank = text[: len(text) - len(text.lstrip())]
    line = binding.original.line + blank.count("\n")
    name = _NAME.match(text)
    which = f" ({name[1]})" if name else ""
    return (
        f"Line {line} of {path}{which} is no NAME=value. Close every quote that is opened; a value "
        "with quotes or ' #' in it stands between single quotes, where \\' is a single quote."
    )


def format_invalid_values(
    variables: Iterable[Variable],
    errors: Iterable[Mapping[str, Any]],
    found: Mapping[str, SourceValue],
) -> str:
    """Return a line for each invalid variable.

    :param errors: pydantic's, without their input
    :param found: the values of the sources, by field; nothing for a field with its default
    """
    # Messages of ShopTrack or a plugin are used; pydantic's are less helpful than the variable's `expected`.
    reasons: dict[str, list[str]] = {}
    for error in errors:
        field = error["loc"][0] if error["loc"] else ""
        sentence = str(error["ctx"]["error"]) if error["type"] == "value_error" else ""
        reasons.setdefault(field, []).append(sentence)
    lines = [f"- {sentence}" for sentence in reasons.get("", ())]
    lines += [
        _format_invalid_value(variable, reasons[variable.field], found.get(variable.field))
        for variable in variables
        if variable.field in reasons
    ]
    return "\n".join(["ShopTrack cannot start with these settings:", *lines])


def _format_invalid_value(variable: Variable, reasons: list[str], found: SourceValue | None) -> str:
    sentences = list(dict.fromkeys(filter(None, reasons)))
    if found and variable.secret:
        # Dropped, not masked: the gaps in the words would reveal a short secret.
        sentences = [sentence for sentence in sentences if str(found.value) not in sentence]
    text = " ".join([*sentences, f"It takes {variable.expected}."])
    if not found:
        return f"- {variable.name}: not set. {text}"
    key = "" if found.key == variable.name else f" as {found.key}"
    return (
        f"- {variable.name}: found {_format_value(variable, found)} in {found.source}{key}. {text}"
    )


def _format_value(variable: Variable, found: SourceValue) -> str:
    if variable.secret:
        return MASK
    # Quoted as Python does, since a value may contain line breaks and control characters.
    text = repr(mask_password(str(found.value)))
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"


def format_unknown_names(
    unknown: Iterable[tuple[Source, str]],
    variables: Sequence[Variable],
    disabled: Sequence[Variable] = (),
) -> str:
    """Return a line for each unknown name with the most similar known one, then all known names.

    :param disabled: those of disabled plugins, which are only suggested
    """
    lines = []
    for source, name in unknown:
        known_here = [key for one in (*variables, *disabled) for key in source.keys(one)]
        nearest = get_close_matches(name, known_here, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        lines.append(f"- {name} in {source.name}.{hint}")
    known = ", ".join(f"{variable.name} ({variable.ini_key})" for variable in variables)
    return "\n".join(
        [
            "ShopTrack does not know these settings; correct or remove them:",
            *lines,
            f"The known ones, with their keys in the .ini: {known}.",
            "A plugin's are known while the plugin is installed.",
        ]
    )
