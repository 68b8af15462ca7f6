"""What was sent behind an address: sorted out by names, and read; all faults are gathered."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from shoptrack.errors import Invalid
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.fields import Refused
from shoptrack.resources.schema import Errors

UNKNOWN = "Unknown parameter."
ONCE = "Sent twice. Send it once."


class Sent:
    """The parameters of one request: the text of each in ``texts``, and sentences about faulty ones in ``errors``.

    Unknown names and repetitions are faults. Each unknown name is reported once, and only the first one with all that
    are available: a long query must not get a much longer response.

    :param possible: the names that mean something
    :param several: the names of which each value may be sent by itself; they are joined by commas, since generated
        clients repeat the name, whatever the description says of commas
    """

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]],
        possible: Collection[str],
        several: Collection[str] = (),
    ):
        self.texts: dict[str, str] = {}
        self.errors: Errors = {}
        self._has_unknown = False
        repeated: dict[str, list[str]] = {}
        for name, text in pairs:
            if name not in possible:
                self._add_unknown(shorten(name), possible)
                continue
            if name in several:
                repeated.setdefault(name, []).append(text)
            elif name in self.texts:
                self.errors[name] = [ONCE]
            self.texts[name] = text
        self.texts |= {name: ",".join(texts) for name, texts in repeated.items()}

    def _add_unknown(self, name: str, possible: Collection[str]) -> None:
        if self._has_unknown:
            self.errors.setdefault(name, [UNKNOWN])
        else:
            self._has_unknown = True
            self.errors[name] = [f"{UNKNOWN} Available: {', '.join(sorted(possible))}."]

    def take(self, name: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        """Return the value of a parameter, or a default where it was not sent or is faulty.

        :param parse: turns what was sent into a value, or raises ``Refused``
        """
        if name not in self.texts:
            return default
        try:
            return parse(self.texts[name])
        except Refused as refused:
            self.errors[name] = list(refused.args)
            return default

    def refuse_faults(self) -> None:
        """Raise where anything is wrong.

        :raises Invalid: naming each parameter that is
        """
        if self.errors:
            raise Invalid(self.errors)


def boolean(text: str) -> bool:
    """Read ``true`` or ``false``.

    :raises Refused: it is neither
    """
    if text not in ("true", "false"):
        raise Refused(_("Must be true or false."))
    return text == "true"


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that takes one of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise Refused(f"Must be one of: {', '.join(choices)}.")
        return text

    return parse


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a parser that takes a whole number between two."""

    def parse(text: str) -> int:
        # Python reads no number of more than 4,300 digits.
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
        if number is None or not least <= number <= most:
            raise Refused(f"Must be a whole number from {least} to {most}.")
        return number

    return parse
