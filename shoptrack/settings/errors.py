"""What is said when settings are wrong, with secrets masked."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import pyramid.exceptions

from shoptrack.settings.levels import Source, SourceValue
from shoptrack.settings.variables import Variable

MASK = "***"
MAX_SHOWN_LENGTH = 200

# Up to the last "@", since a password that was not percent-encoded may hold more of them.
_PASSWORD_IN_ADDRESS = re.compile(r"((?:[\w+.-]+:/*)?[^:/]*):(?!//).*@", re.DOTALL)
_PASSWORD_IN_QUERY = re.compile(r"(password\s*=\s*)('[^']*'|[^&\s]+)", re.IGNORECASE)


class ConfigurationError(pyramid.exceptions.ConfigurationError):
    """A setting is wrong, and ShopTrack does not start with it. The message shows no secret."""


def mask_password(text: str) -> str:
    """Return the text with the password of an address in it (``://user:password@host``) masked."""
    text = _PASSWORD_IN_ADDRESS.sub(rf"\1:{MASK}@", text, count=1)
    return _PASSWORD_IN_QUERY.sub(rf"\1{MASK}", text)


def format_invalid_values(
    variables: Iterable[Variable],
    errors: Iterable[Mapping[str, Any]],
    found: Mapping[str, SourceValue],
) -> str:
    """Return a line for each wrong variable.

    :param errors: pydantic's, without their input
    :param found: by field, what the sources have; nothing for a field with its default
    """
    # Sentences are ours or a plugin's; pydantic's own say less than what the variable expects.
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
        # Dropped, not masked: a short secret would be told by the holes that it leaves in the words.
        sentences = [sentence for sentence in sentences if str(found.value) not in sentence]
    text = " ".join([*sentences, f"It takes {variable.expected}."])
    if not found:
        return f"- {variable.name}: not set. {text}"
    key = "" if found.key == variable.name else f" as {found.key}"
    return (
        f"- {variable.name}: found {_format_value(variable, found)} in {found.place}{key}. {text}"
    )


def _format_value(variable: Variable, found: SourceValue) -> str:
    if variable.secret:
        return MASK
    # Quoted as Python does, since a value may hold line ends and control characters.
    text = repr(mask_password(str(found.value)))
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"


def format_unknown_names(
    unknown: Iterable[tuple[Source, str]], variables: Iterable[Variable]
) -> str:
    """Return a line for each unknown name, with the nearest known one, and then all known ones."""
    variables = list(variables)
    lines = []
    for level, name in unknown:
        known_here = [key for variable in variables for key in level.keys(variable)]
        nearest = get_close_matches(name, known_here, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        lines.append(f"- {name} in {level.place}.{hint}")
    known = ", ".join(f"{variable.name} ({variable.ini_key})" for variable in variables)
    return "\n".join(
        [
            "ShopTrack does not know these settings; correct or remove them:",
            *lines,
            f"The known ones, with their keys in the .ini: {known}.",
            "A plugin's are known while the plugin is switched on.",
        ]
    )
