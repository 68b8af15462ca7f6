"""The fields of Django's tables that no resource has. Each uses a rule that is defined elsewhere."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from shoptrack.db import Base
from shoptrack.errors import ValidationError
from shoptrack.resources import Field, InvalidValue, Text, make_unknown_id_error, parse_id
from shoptrack_auth.names import clean_group_name, clean_username
from shoptrack_auth.profiles import validate_email


class OptionalText(Text):
    """A line of text that may be empty."""

    def parse(self, value: Any) -> str:
        """Accept text, also empty text."""
        if isinstance(value, str) and not (value.strip() if self.trim else value):
            return ""
        return super().parse(value)


class Username(Text):
    """A username."""

    def parse(self, value: Any) -> str:
        """Accept a valid username."""
        return _by(clean_username, super().parse(value))


class GroupName(Text):
    """The name of a group."""

    def parse(self, value: Any) -> str:
        """Accept a valid name of a group."""
        return _by(clean_group_name, super().parse(value))


class EmailAddress(OptionalText):
    """An email address, or empty text."""

    def parse(self, value: Any) -> str:
        """Accept a valid email address."""
        email = super().parse(value)
        _by(validate_email, email)
        return email


class BooleanField(Field):
    """A boolean. SQLite stores 1 or 0."""

    def parse(self, value: Any) -> bool:
        """Accept a boolean, or its number."""
        if value in (0, 1):
            return bool(value)
        raise InvalidValue("Must be a valid boolean.")


class DateTimeField(Field):
    """An instant. Django writes UTC; SQLite stores it as text without a time zone."""

    def parse(self, value: Any) -> datetime:
        """Accept ISO 8601."""
        try:
            instant = datetime.fromisoformat(value)
            return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            raise InvalidValue("This is no point in time that can be kept.") from None


class LinkField(Field):
    """The id of a row that is imported into a model's table."""

    def __init__(self, name: str, model: type[Base]):
        super().__init__(name)
        self.model = model

    def parse(self, value: Any) -> int:
        """Accept an id."""
        return parse_id(value)


class PermissionField(Field):
    """The id of a permission.

    :param permissions: ShopTrack's names, by Django's ids
    """

    def __init__(self, name: str, permissions: Mapping[int, str]):
        super().__init__(name)
        self._permissions = permissions

    def parse(self, value: Any) -> str:
        """Accept the id of a permission that ShopTrack has."""
        try:
            return self._permissions[value]
        except (KeyError, TypeError):
            raise make_unknown_id_error(value) from None


def _by(check: Callable[[str], Any], value: str) -> Any:
    """Apply a rule for users to a value, and return the result.

    :raises InvalidValue: with the rule's messages
    """
    try:
        return check(value)
    except ValidationError as invalid:
        sentences = [said for several in invalid.errors.values() for said in several]
    raise InvalidValue(*sentences)
