"""Rules for administering users and groups. They apply everywhere: to pages, commands and plugins.

- Superusers may do everything. Only superusers make superusers, and only staff makes staff.
- Other actors need a permission for each change (``users:change`` and the like).
- An actor can only grant permissions that the actor has, and can only add users to groups with no more than these.
- An actor can only change users and groups that have no more permissions than the actor. Otherwise, setting a
  password would allow the actor to sign in as a user with more permissions.
- Users cannot delete their own account, and there is always an active superuser.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, BindParameter, Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.db import Database, get_database, get_registry
from shoptrack.db.migrations import Lineages, check_unreferenced
from shoptrack.errors import Conflict, DomainError, Forbidden, NotFound, ValidationError
from shoptrack.permissions import Permissions
from shoptrack_auth.models import Group, GroupPermission, User
from shoptrack_auth.permissions import (
    GRANTED_COLUMNS,
    AuthPermission,
    get_granted_permissions,
    parse_granted_permissions,
)
from shoptrack_auth.translation import _

log = logging.getLogger(__name__)

# A user's id, or the operator of the server, who runs commands and may do everything.
ActorId = int | Literal["operator"]
OPERATOR: Literal["operator"] = "operator"
ADVISORY_LOCK_ID = 6_018_250_712_214_357_113  # a random number; other packages use other ones

SUPERUSERS_ONLY = _("Only superusers can change superusers.")
SUPERUSER_REQUIRED = _("Only superusers can make other users superusers.")
STAFF_REQUIRED = _("Only staff can make other users staff.")
LAST_SUPERUSER = _("This is the last active superuser. Create another one first.")
OWN_ACCOUNT = _("You cannot delete your own account. Ask another user administrator.")


class LastSuperuser(Conflict):
    """The change would leave no active superuser."""

    detail = LAST_SUPERUSER
    code = "last_superuser"


class OwnAccountDeletion(Conflict):
    """Users cannot delete their own account."""

    detail = OWN_ACCOUNT
    code = "own_account"


@dataclass(frozen=True)
class Actor:
    """The user who administers users and groups, with the permissions of this moment."""

    id: ActorId
    is_staff: bool
    is_superuser: bool
    permissions: frozenset[str]

    def find_missing(self, permissions: Iterable[str]) -> list[str]:
        """Return the permissions that the actor does not have, sorted."""
        return [] if self.is_superuser else sorted(set(permissions) - self.permissions)

    def log_denial(self, error: DomainError) -> DomainError:
        """Log an error as a denial, and return the error."""
        log.warning("Denied to user %s: %s", self.id, error)
        return error


def lock_and_get_actor(db: Session, by: ActorId, permission: AuthPermission) -> Actor:
    """Return the actor, and lock the administration of users until the transaction ends.

    :raises Forbidden: the actor lacks the permission
    """
    lock_accounts(db)
    if by == OPERATOR:
        return Actor(OPERATOR, True, True, frozenset())
    columns = select(User.is_staff, User.is_superuser, *GRANTED_COLUMNS).where(
        User.id == by, User.is_active
    )
    row = db.execute(columns).first()
    if row is None:
        raise Forbidden
    actor = Actor(by, row.is_staff, row.is_superuser, parse_granted_permissions(row))
    if actor.find_missing([permission]):
        raise actor.log_denial(Forbidden())
    return actor


def lock_accounts(db: Session) -> None:
    """Lock the administration of users until the transaction ends.

    Otherwise, two actors could demote each other at the same time, or grant a permission that they are losing.
    """
    if not Database.of(db.info["registry"]).is_sqlite:  # SQLite has one writer at a time
        db.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK_ID)))


def delete_row(db: Session, row: User | Group, noun: str) -> None:
    """Delete a user or a group, without the checks of the actor.

    :raises InUse: rows of a table that this package does not know refer to it
    """
    table, id = row.__tablename__, row.id
    db.delete(row)
    try:
        db.flush()
    except IntegrityError:
        lineages = Lineages.of(get_registry(db)).values()
        with get_database(db).read_engine.connect() as connection:
            check_unreferenced(connection, lineages, table, [id], noun)
        raise


def get_managed_user(db: Session, actor: Actor, id: int) -> User:
    """Return a user whom the actor may change.

    :raises NotFound: the user does not exist
    :raises Forbidden: the user is a superuser, or has a permission that the actor lacks
    """
    user = db.scalar(_select_current(User, id))
    if user is None:
        raise NotFound(_("No User matches the given query."))
    if user.is_superuser and not actor.is_superuser:
        raise actor.log_denial(Forbidden(SUPERUSERS_ONLY))
    _check_not_more_privileged(actor, user.username, get_granted_permissions(db.connection(), id))
    return user


def get_managed_group(db: Session, actor: Actor, id: int) -> Group:
    """Return a group that the actor may change.

    :raises NotFound: the group does not exist
    :raises Forbidden: the group has a permission that the actor lacks
    """
    group = db.scalar(_select_current(Group, id))
    if group is None:
        raise NotFound(_("No Group matches the given query."))
    _check_not_more_privileged(actor, group.name, _get_group_permissions(db, [id]))
    return group


def check_roles(actor: Actor, *, is_staff: bool, is_superuser: bool) -> None:
    """Check that the actor may give a user these roles.

    :raises ValidationError: with errors for ``is_staff`` and ``is_superuser``
    """
    errors: dict[str, list[str]] = {}
    if is_staff and not (actor.is_staff or actor.is_superuser):
        errors["is_staff"] = [STAFF_REQUIRED]
    if is_superuser and not actor.is_superuser:
        errors["is_superuser"] = [SUPERUSER_REQUIRED]
    if errors:
        raise actor.log_denial(ValidationError(errors))


def check_permissions(db: Session, actor: Actor, permissions: Iterable[str]) -> None:
    """Check that the actor may grant these permissions, and that they exist.

    :raises ValidationError: with errors for ``permissions``
    """
    permissions = set(permissions)
    unknown = permissions - Permissions.of(db.info["registry"]).declared.keys()
    if unknown:
        raise ValidationError(
            {"permissions": [_("Unknown permissions: ${names}.", names=_join_names(unknown))]}
        )
    if missing := actor.find_missing(permissions):
        raise actor.log_denial(ValidationError({"permissions": [_make_missing_message(missing)]}))


def check_groups(db: Session, actor: Actor, ids: Iterable[int]) -> None:
    """Check that the actor may add users to these groups, and that they exist.

    :raises ValidationError: with errors for ``groups``
    """
    ids = set(ids)
    unknown = ids - set(db.scalars(select(Group.id).where(Group.id.in_(_bind_ids(ids)))))
    if unknown:
        raise ValidationError(
            {"groups": [_("Unknown groups: ${names}.", names=_join_names(map(str, unknown)))]}
        )
    if missing := actor.find_missing(_get_group_permissions(db, ids)):
        raise actor.log_denial(ValidationError({"groups": [_make_missing_message(missing)]}))


def is_last_superuser(db: Session, user: User) -> bool:
    """Return whether a user is the only active superuser."""
    if not (user.is_active and user.is_superuser):
        return False
    others = select(User.id).where(User.is_active, User.is_superuser, User.id != user.id)
    return db.scalar(others.limit(1)) is None


def _get_group_permissions(db: Session, ids: Iterable[int]) -> set[str]:
    condition = GroupPermission.group_id.in_(_bind_ids(ids))
    return set(db.scalars(select(GroupPermission.permission).where(condition)))


def _bind_ids(ids: Iterable[int]) -> BindParameter:
    """Return a parameter for any 64-bit ids. With the type of the column, PostgreSQL would reject large ones."""
    return bindparam("ids", list(ids), BigInteger, expanding=True)


def _select_current(model: type[User] | type[Group], id: int) -> Select:
    """Return a statement that reads a row again, even if the session has loaded it before."""
    row = select(model).where(model.id == bindparam("id", id, BigInteger))
    return row.execution_options(populate_existing=True)


def _check_not_more_privileged(actor: Actor, name: str, permissions: Iterable[str]) -> None:
    if missing := actor.find_missing(permissions):
        message = _(
            "You cannot change ${name}. Missing permissions: ${permissions}.",
            name=name,
            permissions=_join_names(missing),
        )
        raise actor.log_denial(Forbidden(message))


def _make_missing_message(missing: Iterable[str]) -> str:
    return _(
        "You can only grant permissions that you have. Missing: ${permissions}.",
        permissions=_join_names(missing),
    )


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
