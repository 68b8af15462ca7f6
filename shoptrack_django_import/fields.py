"""The fields of Django's tables that no resource has. Each checks by a rule that stands elsewhere."""

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
        """Take text; none at all will do."""
        if isinstance(value, str) and not (value.strip() if self.trim else value):
            return ""
        return super().parse(value)


class Username(Text):
    """A name to sign in with."""

    def parse(self, value: Any) -> str:
        """Take what can be a username."""
        return _by(clean_username, super().parse(value))


class GroupName(Text):
    """A group's name."""

    def parse(self, value: Any) -> str:
        """Take what can be a group's name."""
        return _by(clean_group_name, super().parse(value))


class EmailAddress(OptionalText):
    """An address, or none."""

    def parse(self, value: Any) -> str:
        """Take what can be an address."""
        email = super().parse(value)
        _by(validate_email, email)
        return email


class BooleanField(Field):
    """Yes or no. SQLite keeps 1 or 0."""

    def parse(self, value: Any) -> bool:
        """Take a truth value, or its number."""
        if value in (0, 1):
            return bool(value)
        raise InvalidValue("Must be a valid boolean.")


class DateTimeField(Field):
    """A point in time. Django writes UTC; SQLite keeps it as text without a time zone."""

    def parse(self, value: Any) -> datetime:
        """Take ISO 8601."""
        try:
            instant = datetime.fromisoformat(value)
            return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            raise InvalidValue("This is no point in time that can be kept.") from None


class LinkField(Field):
    """The id of a row that becomes one of a model's."""

    def __init__(self, name: str, model: type[Base]):
        super().__init__(name)
        self.model = model

    def parse(self, value: Any) -> int:
        """Take an id."""
        return parse_id(value)


class PermissionField(Field):
    """The id of a permission.

    :param permissions: ShopTrack's names, by Django's ids
    """

    def __init__(self, name: str, permissions: Mapping[int, str]):
        super().__init__(name)
        self._permissions = permissions

    def parse(self, value: Any) -> str:
        """Take the id of a permission that ShopTrack has."""
        try:
            return self._permissions[value]
        except (KeyError, TypeError):
            raise make_unknown_id_error(value) from None


def _by(check: Callable[[str], Any], value: str) -> Any:
    """Return what a rule for users makes of a value.

    :raises InvalidValue: with the rule's sentences
    """
    try:
        return check(value)
    except ValidationError as invalid:
        sentences = [said for several in invalid.errors.values() for said in several]
    raise InvalidValue(*sentences)
