"""Lines of text."""

from typing import Any, Unpack

from shoptrack.i18n.text_input import find_text_errors
from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import Common, Field, JSONSchema, Refused
from shoptrack.resources.fields.numbers import is_text_or_number
from shoptrack.settings import ConfigurationError


class Text(Field):
    """A line of text; white space around it is trimmed.

    :param max_length: in Unicode code points
    :param unique: whether no two rows have the same
    :param trim: false for secrets
    """

    def __init__(
        self,
        name: str,
        *,
        max_length: int | None = None,
        unique: bool = False,
        trim: bool = True,
        **common: Unpack[Common],
    ):
        self.max_length = max_length
        self.unique = unique
        self.trim = trim
        super().__init__(name, **common)

    def sample(self) -> str:
        """Return a word."""
        return "text"[: self.max_length]

    def takes(self) -> JSONSchema:
        """Ask for something, besides white space where that is trimmed; what is not is a secret."""
        secret = {"format": "password", "minLength": 1}
        return self.answers() | ({"pattern": r"\S"} if self.trim else secret)

    def answers(self) -> JSONSchema:
        """Return text, with its greatest length."""
        return {"type": "string"} | ({"maxLength": self.max_length} if self.max_length else {})

    def folded(self, model: Any) -> Any:
        """Return the model's column that keeps this text folded, for searching and ordering.

        :raises ConfigurationError: the model has none
        """
        name = f"{self.key}_folded"
        try:
            return getattr(model, name)
        except AttributeError:
            raise ConfigurationError(
                f"The model {model.__name__} needs a column for searching {self.key!r}. Add to it: "
                f'{name}: Mapped[str] = folded("{self.key}"), from shoptrack.db.folding.'
            ) from None

    def parse(self, value: Any) -> str:
        """Take text, and numbers as text."""
        if not is_text_or_number(value):
            raise Refused(_("Not a valid string."))
        text = str(value).strip() if self.trim else str(value)
        if not text:
            raise Refused(_("This field may not be blank."))
        faults: list[str] = []
        if self.max_length is not None and len(text) > self.max_length:
            limit = _(
                "Ensure this field has no more than ${limit} characters.", limit=self.max_length
            )
            faults.append(limit)
        faults += find_text_errors(text)
        if faults:
            raise Refused(*faults)
        return text
