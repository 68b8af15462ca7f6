"""Queries of the pages of users and groups."""

from hashlib import blake2b
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import BigInteger, Connection, Row, and_, bindparam, case, select

from shoptrack.db import by_code_points
from shoptrack.permissions import Permissions
from shoptrack.resources import InvalidValue, ServedResources, parse_id
from shoptrack_admin.translation import _
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

MAX_GROUPS = 500


class PermissionChoice(NamedTuple):
    """A permission that can be granted."""

    name: str
    label: str


class AccountDetails(NamedTuple):
    """A user or a group, with its permissions.

    :param version: a hash of all values that the form shows
    """

    row: Row
    groups: set[int]
    permissions: set[str]
    version: str


_columns = [c for c in User.__table__.columns if c.name not in ("password", "email")]
_group = select(Group.id, Group.name).where(Group.id == bindparam("id", type_=BigInteger))


def can_see_private(identity: Any, user: Row) -> bool:
    """Return whether an identity may see a user's email address and sessions.

    Those of superusers are for superusers only: attacks on an account begin with them.
    """
    return identity.is_superuser or not user.is_superuser or user.id == identity.id


def email_column(identity: Any) -> Any:
    """Return the column of email addresses, empty where `can_see_private` denies them."""
    if identity.is_superuser:
        return User.email
    is_private = and_(User.is_superuser, User.id != identity.id)
    return case((is_private, ""), else_=User.email)


def get_user(request, connection: Connection) -> AccountDetails:
    """Return the user of the path's id.

    :raises HTTPSeeOther: unknown user
    """
    statement = select(*_columns, email_column(request.identity).label("email")).where(
        User.id == bindparam("id", type_=BigInteger)
    )
    row = _get_row(request, connection, statement, "admin:users", _("user"))
    owner = {"user_id": row.id}
    groups = set(connection.scalars(select(UserGroup.group_id).filter_by(**owner)))
    permissions = set(connection.scalars(select(UserPermission.permission).filter_by(**owner)))
    # A sign-in does not change what the form shows.
    shown = [value for name, value in row._mapping.items() if name != "last_login_at"]
    return AccountDetails(row, groups, permissions, _hash_version(shown, groups, permissions))


def get_group(request, connection: Connection) -> AccountDetails:
    """Return the group of the path's id.

    :raises HTTPSeeOther: unknown group
    """
    row = _get_row(request, connection, _group, "admin:groups", _("group"))
    statement = select(GroupPermission.permission).where(GroupPermission.group_id == row.id)
    permissions = set(connection.scalars(statement))
    return AccountDetails(row, set(), permissions, _hash_version(row, set(), permissions))


def get_all_groups(connection: Connection) -> list[Row]:
    """Return the groups by name."""
    statement = (
        select(Group.id, Group.name).order_by(by_code_points(Group.name_key)).limit(MAX_GROUPS)
    )
    return list(connection.execute(statement))


def get_permissions_by_subject(request) -> dict[str, list[PermissionChoice]]:
    """Return all permissions that can be granted, by subject."""
    labels = {"view": _("view"), "add": _("add"), "change": _("change"), "delete": _("delete")}
    names = {
        "users": _("users"),
        "groups": _("groups"),
        "plugins": _("plugins"),
        "history": _("history"),
    }
    subjects: dict[str, list[PermissionChoice]] = {}
    for name in Permissions.of(request.registry).declared:
        path, _colon, verb = name.partition(":")
        resource = ServedResources.of(request.registry).get(path)
        subject = resource.plural() if resource else names.get(path, path.replace("-", " "))
        subjects.setdefault(subject, []).append(PermissionChoice(name, labels.get(verb, verb)))
    return subjects


def parse_ids(form, name: str) -> list[int]:
    """Return the ids that a form has selected; -1 for an invalid one, which no row has."""
    return [
        int(id) if id.isascii() and id.isdecimal() and len(id) < 20 else -1
        for id in form.getall(name)
    ]


def find_undeclared(request, permissions: set[str]) -> set[str]:
    """Return the permissions that no enabled package declares; a form must keep them."""
    return permissions - Permissions.of(request.registry).declared.keys()


def make_missing_row_redirect(request, route: str, noun: str) -> HTTPSeeOther:
    """Return the redirect from an unknown row to its list."""
    message = _(
        "There is no ${noun} “${id}”. Perhaps it was deleted.",
        noun=noun,
        id=request.matchdict["id"][:30],
    )
    request.messages.add(message, "warning")
    return HTTPSeeOther(request.route_path(route))


def _get_row(request, connection: Connection, statement: Any, route: str, noun: str) -> Row:
    try:
        id = parse_id(request.matchdict["id"])
    except InvalidValue:
        raise make_missing_row_redirect(request, route, noun) from None
    row = connection.execute(statement, {"id": id}).first()
    if row is None:
        raise make_missing_row_redirect(request, route, noun)
    return row


def _hash_version(row: Any, groups: set[int], permissions: set[str]) -> str:
    shown = (tuple(row), sorted(groups), sorted(permissions))
    return blake2b(repr(shown).encode(), digest_size=8).hexdigest()
