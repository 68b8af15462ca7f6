"""Publish row events (`shoptrack.events`) for users and groups, with documents of the changed fields.

A document has a user's groups and permissions, and no password.
"""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shoptrack.events import RowAdded, RowChanged, RowDeleted, has_subscribers, publish
from shoptrack.resources import Document, Resource, Text
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

FLAG_FIELDS = ("is_active", "is_staff", "is_superuser")


class UserResource(Resource):
    """Users, for events only. They have no REST endpoints: `users` has the rules."""

    model = User
    path = "users"
    fields = (Text("username", unique=True),)


class GroupResource(Resource):
    """Groups of users, for events only."""

    model = Group
    path = "groups"
    fields = (Text("name", unique=True),)


def make_document(db: Session, account: User | Group) -> Document:
    """Return a user's or a group's document. Groups are listed by name."""
    if isinstance(account, Group):
        granted = select(GroupPermission.permission).where(GroupPermission.group_id == account.id)
        return {"id": account.id, "name": account.name, "permissions": _get_names(db, granted)}
    groups = select(Group.name).join(UserGroup).where(UserGroup.user_id == account.id)
    granted = select(UserPermission.permission).where(UserPermission.user_id == account.id)
    columns = ("id", "username", "first_name", "last_name", "email", *FLAG_FIELDS)
    return {
        **{name: getattr(account, name) for name in columns},
        "groups": _get_names(db, groups),
        "permissions": _get_names(db, granted),
    }


class AccountSnapshot:
    """The state of a user or a group before a change, from which the events are made.

    Without subscribers, nothing is read.

    :param account: ``None`` for a new user or group
    """

    def __init__(self, db: Session, account: User | Group | None = None):
        self._db = db
        self._has_subscribers = any(
            has_subscribers(db, kind) for kind in (RowAdded, RowChanged, RowDeleted)
        )
        self._before = make_document(db, account) if account and self._has_subscribers else {}

    def publish_added(self, account: User | Group) -> None:
        """Publish that a user or a group was added."""
        if self._has_subscribers:
            self._publish(RowAdded, account, {}, make_document(self._db, account))

    def publish_changed(self, account: User | Group) -> None:
        """Publish the fields that have changed, if any."""
        if not self._has_subscribers:
            return
        after = make_document(self._db, account)
        names = [name for name in after if after[name] != self._before[name]]
        if names:
            before = _select_fields(self._before, names)
            self._publish(RowChanged, account, before, _select_fields(after, names))

    def publish_deleted(self, account: User | Group) -> None:
        """Publish that the user or the group was deleted."""
        if self._has_subscribers:
            self._publish(RowDeleted, account, self._before, {})

    def _publish(self, kind, account: User | Group, before: Document, after: Document) -> None:
        resource: Resource
        if isinstance(account, User):
            resource, label = UserResource(), account.username
        else:
            resource, label = GroupResource(), account.name
        publish(kind(self._db, resource, account.id, label, before, after))


def _select_fields(document: Document, names: Iterable[str]) -> Document:
    return {name: document[name] for name in names}


def _get_names(db: Session, statement: Select) -> list[str]:
    return sorted(db.scalars(statement))
