"""The tables of Django that are imported, their target models, and the rules for their rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, TableClause, column, table

from shoptrack.db import Base
from shoptrack.resources import Field, Integer, Resource, Values
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission
from shoptrack_auth.names import make_group_key, make_username_key
from shoptrack_auth.users import USERNAME_TAKEN
from shoptrack_django_import.fields import (
    BooleanField,
    DateTimeField,
    EmailAddress,
    GroupName,
    LinkField,
    OptionalText,
    PermissionField,
    Username,
)
from shoptrack_django_import.permissions import Permissions
from shoptrack_django_import.resources import RESOURCES

ID = Integer("id", minimum=1)
LINK_ID = Integer("id", minimum=-(2**63), maximum=2**63 - 1)  # only named, not stored
NAME_LENGTH = 150


@dataclass(frozen=True)
class UniqueRule:
    """Values of this column are unique, compared after a function has normalized them."""

    key: str
    sentence: str
    compared: Callable[[Any], Any] = str


@dataclass(frozen=True)
class DjangoTable:
    """One of Django's tables.

    :param model: the target of the rows
    :param fields: of the table's columns, by the columns' names
    :param stored: makes the model's values from the columns' values
    :param condition: selects the rows to import, default all
    """

    name: str
    model: type[Base]
    fields: tuple[Field, ...]
    unique: tuple[UniqueRule, ...] = ()
    stored: Callable[[Values], Values] = dict
    condition: ColumnElement[bool] | None = None

    @property
    def source(self) -> TableClause:
        """Return the table with the columns to read."""
        return table(self.name, *(column(field.key) for field in self.fields))


def get_django_tables(permissions: Permissions) -> list[DjangoTable]:
    """Return the tables; referenced tables come first."""
    return [
        DjangoTable(
            "auth_user",
            User,
            USER,
            (UniqueRule("username", USERNAME_TAKEN, make_username_key),),
            _user,
        ),
        DjangoTable(
            "auth_group", Group, GROUP, (UniqueRule("name", GROUP_TAKEN, make_group_key),), _group
        ),
        DjangoTable(
            "auth_user_groups",
            UserGroup,
            (LINK_ID, LinkField("user_id", User), LinkField("group_id", Group)),
            stored=_link,
        ),
        _grants(
            "auth_user_user_permissions", UserPermission, LinkField("user_id", User), permissions
        ),
        _grants(
            "auth_group_permissions", GroupPermission, LinkField("group_id", Group), permissions
        ),
        *(_rows(name, resource) for name, resource in RESOURCES.items()),
    ]


USER = (
    ID,
    Username("username"),
    OptionalText("password", trim=False, max_length=255),  # the hash, unchanged
    EmailAddress("email"),
    OptionalText("first_name", max_length=NAME_LENGTH),
    OptionalText("last_name", max_length=NAME_LENGTH),
    BooleanField("is_active"),
    BooleanField("is_staff"),
    BooleanField("is_superuser"),
    DateTimeField("date_joined"),
    DateTimeField("last_login", required=False),
)
GROUP = (ID, GroupName("name"))
GROUP_TAKEN = "A group with that name already exists."


def _user(values: Values) -> Values:
    stored = dict(values)
    stored["joined_at"] = stored.pop("date_joined")
    stored["last_login_at"] = stored.pop("last_login")
    stored["username_key"] = make_username_key(values["username"])
    return stored


def _group(values: Values) -> Values:
    return {**values, "name_key": make_group_key(values["name"])}


def _link(values: Values) -> Values:
    """Leave the id out; the two references identify a link."""
    return {name: value for name, value in values.items() if name != "id"}


def _grants(
    name: str, model: type[Base], holder: LinkField, permissions: Permissions
) -> DjangoTable:
    return DjangoTable(
        name,
        model,
        (LINK_ID, holder, PermissionField("permission_id", permissions.ours)),
        stored=_grant,
        condition=column("permission_id").not_in(list(permissions.others)),
    )


def _grant(values: Values) -> Values:
    stored = _link(values)
    stored["permission"] = stored.pop("permission_id")
    return stored


def _rows(name: str, resource: type[Resource]) -> DjangoTable:
    unique = tuple(
        UniqueRule(field.key, resource.make_unique_message(field))
        for field in resource.fields
        if field.unique
    )
    return DjangoTable(name, resource.model, (ID, *resource.fields), unique)


def get_target_model(field: Field) -> type[Base] | None:
    """Return the target model of a reference."""
    if field.resource is not None:
        return field.resource.model
    return field.model if isinstance(field, LinkField) else None
