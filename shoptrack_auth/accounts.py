"""Users and groups as documents, and what happens to them, told as what happens to rows is (`shoptrack.events`).

A document has everything that is given to a user and nothing that is secret.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shoptrack.events import Document, RowAdded, RowChanged, RowDeleted, has_subscribers, publish
from shoptrack.resources.fields import Text
from shoptrack.resources.resource import Resource
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

SWITCHES = ("is_active", "is_staff", "is_superuser")


class UserResource(Resource):
    """Users. They are not served by the six verbs: `users` has rules of its own."""

    model = User
    path = "users"
    fields = (Text("username", unique=True),)


class GroupResource(Resource):
    """Groups of users, which are not served either."""

    model = Group
    path = "groups"
    fields = (Text("name", unique=True),)


def document(db: Session, account: User | Group) -> Document:
    """Return what is stored of a user or a group, with the names of a user's groups."""
    if isinstance(account, Group):
        given = select(GroupPermission.permission).where(GroupPermission.group_id == account.id)
        return {"id": account.id, "name": account.name, "permissions": _names(db, given)}
    groups = select(Group.name).join(UserGroup).where(UserGroup.user_id == account.id)
    given = select(UserPermission.permission).where(UserPermission.user_id == account.id)
    columns = ("id", "username", "first_name", "last_name", "email", *SWITCHES)
    return {
        **{name: getattr(account, name) for name in columns},
        "groups": _names(db, groups),
        "permissions": _names(db, given),
    }


class Telling:
    """Tells what becomes of a user or a group. Made before the change, where there is a row already.

    :param request: what asked for it, for those who are told; ``None`` for a command
    """

    def __init__(self, db: Session, request: Any, account: User | Group | None = None):
        self._db = db
        self._request = request
        self._awaited = any(
            has_subscribers(db, kind) for kind in (RowAdded, RowChanged, RowDeleted)
        )
        self._before = document(db, account) if account and self._awaited else {}

    def added(self, account: User | Group) -> None:
        """Tell that there is a new one."""
        if self._awaited:
            self._tell(RowAdded, account, {}, document(self._db, account))

    def changed(self, account: User | Group) -> None:
        """Tell what has become different of it, if anything has."""
        if not self._awaited:
            return
        after = document(self._db, account)
        names = [name for name in after if after[name] != self._before[name]]
        if names:
            before = _members(self._before, names)
            self._tell(RowChanged, account, before, _members(after, names))

    def deleted(self, account: User | Group) -> None:
        """Tell that it is gone."""
        if self._awaited:
            self._tell(RowDeleted, account, self._before, {})

    def _tell(self, kind, account: User | Group, before: Document, after: Document) -> None:
        resource: Resource
        if isinstance(account, User):
            resource, label = UserResource(), account.username
        else:
            resource, label = GroupResource(), account.name
        publish(kind(self._db, resource, account.id, label, before, after, self._request))


def _members(document: Document, names: Iterable[str]) -> Document:
    return {name: document[name] for name in names}


def _names(db: Session, statement: Select) -> list[str]:
    return sorted(db.scalars(statement))
