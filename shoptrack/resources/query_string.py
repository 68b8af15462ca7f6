"""Query parameters as sent: collected by name and parsed, with all errors."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.i18n.text_input import InvalidText, shorten
from shoptrack.resources.fields import InvalidValue
from shoptrack.resources.schema import Errors

UNKNOWN = "Unknown parameter."
REPEATED_PARAMETER = "Send this parameter only once."


class QueryString:
    """The parameters of one request: the text of each in ``texts``, and messages about invalid ones in ``errors``.

    Unknown names and repetitions are errors. Each unknown name is reported once, and only the first message lists the
    available names. So a long query does not cause a much longer response.

    :param available: the known names
    :param repeatable: the names that may be repeated; the values are joined by commas, since generated clients repeat
        the name, even if the OpenAPI document says commas
    """

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]],
        available: Collection[str],
        repeatable: Collection[str] = (),
    ):
        self.texts: dict[str, str] = {}
        self.errors: Errors = {}
        self._has_unknown = False
        repeated: dict[str, list[str]] = {}
        for name, text in pairs:
            if name not in available:
                self._add_unknown(shorten(name), available)
                continue
            if name in repeatable:
                repeated.setdefault(name, []).append(text)
            elif name in self.texts:
                self.errors[name] = [REPEATED_PARAMETER]
            self.texts[name] = text
        self.texts |= {name: ",".join(texts) for name, texts in repeated.items()}

    def _add_unknown(self, name: str, available: Collection[str]) -> None:
        if self._has_unknown:
            self.errors.setdefault(name, [UNKNOWN])
        else:
            self._has_unknown = True
            self.errors[name] = [f"{UNKNOWN} Available: {', '.join(sorted(available))}."]

    def get(self, name: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        """Return the value of a parameter, or the default if it is missing or invalid.

        :param parse: converts the text to a value, or raises ``InvalidValue``
        """
        if name not in self.texts:
            return default
        try:
            return parse(self.texts[name])
        except (InvalidValue, InvalidText) as error:
            self.errors[name] = list(error.args)
            return default

    def raise_errors(self) -> None:
        """Raise an error if any parameter is invalid.

        :raises ValidationError: naming each invalid parameter
        """
        if self.errors:
            raise ValidationError(self.errors)


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that accepts one of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise InvalidValue(f"Must be one of: {', '.join(choices)}.")
        return text

    return parse


def integer_between(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a parser that accepts an integer between two bounds."""

    def parse(text: str) -> int:
        # Python parses no number of more than 4,300 digits.
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
        if number is None or not minimum <= number <= maximum:
            raise InvalidValue(f"Must be a whole number from {minimum} to {maximum}.")
        return number

    return parse
