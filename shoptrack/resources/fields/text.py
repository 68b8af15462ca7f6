"""Fields for text of one line, and of several."""

from collections.abc import Iterator
from typing import Any, Unpack

from sqlalchemy import String, bindparam

from shoptrack.db.folding import fold, fold_and_truncate
from shoptrack.i18n.text_input import InvalidText, check_text, find_text_errors
from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import Field, FieldOptions, FormInput
from shoptrack.resources.fields.lists import Filter, FilterScope, SortKey
from shoptrack.resources.fields.values import (
    INVALID_CURSOR,
    NOT_IN_HISTORY,
    InvalidValue,
    JSONSchema,
    is_text_or_number,
)
from shoptrack.resources.text_search import (
    MAX_SEARCH_LENGTH,
    contains_condition,
    make_like_pattern,
    parse_search_text,
)

SHORT_TEXT: JSONSchema = {"type": "string", "maxLength": MAX_SEARCH_LENGTH}
CONTAINS = (
    "Rows whose text holds this one; width, case, katakana or hiragana, and kinds of dashes do not "
    "matter."
)
MAX_HISTORY_LENGTH = 1000  # characters that the history stores


class Text(Field):
    """A line of text; white space at its ends is removed.

    :param max_length: in Unicode code points
    :param unique: whether no two rows may have the same text
    :param trim: false for secrets
    """

    is_label = True
    filter_input = "text"

    def __init__(
        self,
        name: str,
        *,
        max_length: int | None = None,
        unique: bool = False,
        trim: bool = True,
        **options: Unpack[FieldOptions],
    ):
        self.max_length = max_length
        self.unique = unique
        self.trim = trim
        self.is_secret = not trim
        super().__init__(name, **options)

    def make_example(self) -> str:
        """Return a word."""
        return "text"[: self.max_length]

    def get_request_schema(self) -> JSONSchema:
        """Return a schema that requires a character other than white space, if text is trimmed; secrets are not."""
        secret = {"format": "password", "minLength": 1}
        return self.get_response_schema() | ({"pattern": r"\S"} if self.trim else secret)

    def get_response_schema(self) -> JSONSchema:
        """Return a text schema with the maximum length."""
        return {"type": "string"} | ({"maxLength": self.max_length} if self.max_length else {})

    def parse(self, value: Any) -> str:
        """Accept text, and numbers as text."""
        if not is_text_or_number(value):
            raise InvalidValue(_("Not a valid string."))
        text = str(value).strip() if self.trim else str(value)
        if not text:
            raise InvalidValue(_("This field may not be blank."))
        errors: list[str] = []
        if self.max_length is not None and len(text) > self.max_length:
            limit = _(
                "Ensure this field has no more than ${limit} characters.", limit=self.max_length
            )
            errors.append(limit)
        errors += find_text_errors(text)
        if errors:
            raise InvalidValue(*errors)
        return text

    def get_folded_column(self, model: Any) -> Any:
        """Return the model's column with this text folded, ``None`` if there is none."""
        return getattr(model, f"{self.key}_folded", None)

    def store(self, model: Any, value: Any) -> dict[str, Any]:
        """Return the text, and the text folded."""
        stored = super().store(model, value)
        if self.get_folded_column(model) is not None:
            stored[f"{self.key}_folded"] = fold_and_truncate(value)
        return stored

    def find_model_problems(self, model: Any) -> Iterator[str]:
        """Yield an error if a column is missing, or if the text has no maximum length."""
        yield from super().find_model_problems(model)
        if self.max_length is None:
            yield f"the text {self.name!r} has no bound. Give it a max_length."
        if self.get_folded_column(model) is None:
            yield (
                f"the model {model.__name__} needs a column for searching {self.key!r}. Add to it: "
                f'{self.key}_folded: Mapped[str] = folded("{self.key}"), from shoptrack.db.folding.'
            )

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filters by the whole text and by a part of it."""
        if self.is_secret:
            return
        name, column = f"{scope.prefix}{self.name}", getattr(scope.model, self.key)
        same = column == bindparam(name, type_=String())
        description = "Rows with exactly this text."
        yield scope.make_filter(name, parse_search_text, same, SHORT_TEXT, description)
        folded = self.get_folded_column(scope.model)
        if folded is not None:
            yield scope.make_filter(
                f"{name}__icontains",
                lambda text: make_like_pattern(fold(parse_search_text(text))),
                contains_condition(folded, f"{name}__icontains"),
                SHORT_TEXT,
                CONTAINS,
                is_text_search=True,
            )
        if not self.required and not scope.is_nested:
            yield scope.find_missing(name, column)

    def make_sort_key(self, model: Any) -> SortKey | None:
        """Return the key of the folded text."""
        if not self.is_ordered or not self.required or self.is_secret:
            return None
        return SortKey(self.name, self.get_folded_column(model), _load_from_cursor)

    def get_search_column(self, model: Any) -> Any:
        """Return the column of folded text; ``None`` for a secret, which is not searched."""
        return None if self.is_secret else self.get_folded_column(model)

    def get_input(self) -> FormInput:
        """Return a text input with the maximum length."""
        limit = {"maxlength": self.max_length} if self.max_length else {}
        return FormInput("text", {**limit, "autocomplete": "off"})

    def to_history(self, value: Any) -> str:
        """Return the beginning of the text."""
        return value[:MAX_HISTORY_LENGTH]

    def from_history(self, stored: Any) -> Any:
        """Return the text, unless it may be only the beginning."""
        if len(stored) >= MAX_HISTORY_LENGTH < (self.max_length or len(stored)):
            raise InvalidValue(NOT_IN_HISTORY)
        return super().from_history(stored)


class LongText(Text):
    """Text of several lines, such as a note. Lists are not ordered by it.

    It is searched if the model has a folded column, which stores the beginning of the text.

    :param max_length: in Unicode code points
    """

    is_label = False
    is_ordered = False
    cell = "long-text"

    def find_model_problems(self, model: Any) -> Iterator[str]:
        """Yield an error if the column is missing, or if the text has no maximum length."""
        yield from Field.find_model_problems(self, model)
        if self.max_length is None:
            yield f"the text {self.name!r} has no bound. Give it a max_length."

    def parse(self, value: Any) -> str:
        """Accept text; forms send line breaks as two characters."""
        return super().parse(value.replace("\r\n", "\n") if isinstance(value, str) else value)

    def get_input(self) -> FormInput:
        """Return a text area."""
        limit = {"maxlength": self.max_length} if self.max_length else {}
        return FormInput("textarea", limit)


def _load_from_cursor(value: Any) -> str:
    try:
        if isinstance(value, str):
            return check_text(value)
    except InvalidText:
        pass
    raise InvalidValue(INVALID_CURSOR)
