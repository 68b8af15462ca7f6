"""Who may look after whom. The rules hold wherever users and groups are changed from: pages, commands, anything later.

- Superusers may do everything, and they alone make superusers, as only the staff makes members of the staff.
- Others need the permission for what they do (`users:change` and the like), and nobody gives what they lack
  themselves: only permissions that they hold, and membership only of groups that give no more.
- Nor does anybody get at what they lack: users, and groups, that hold more than they do are not theirs to change.
  Who could set the password of such a user could sign in as one.
- Nobody deletes their own account, and there is always an active superuser.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session

from shoptrack.contributions import Contributions
from shoptrack.db import Database
from shoptrack.errors import Conflict, DomainError, Forbidden, NotFound, ValidationError
from shoptrack_auth.models import Group, GroupPermission, User
from shoptrack_auth.permissions import GRANTED, Permission, given, granted
from shoptrack_auth.translation import _

log = logging.getLogger(__name__)

# A user's id, or who runs commands on the machine and may do everything.
By = int | Literal["operator"]
OPERATOR: Literal["operator"] = "operator"
LOCK = 6_018_250_712_214_357_113  # any number that no other package locks by

SUPERUSERS_ONLY = _("Only superusers may change a superuser.")
MAKES_SUPERUSERS = _("Only superusers may make somebody a superuser.")
MAKES_STAFF = _("Only the staff may make somebody a member of the staff.")
LAST_SUPERUSER = _("This is the last active superuser. Make another one first.")
OWN_ACCOUNT = _("You cannot delete your own account. Ask somebody else who looks after users.")


class LastSuperuser(Conflict):
    """Nobody would be left who may do everything."""

    detail = LAST_SUPERUSER
    code = "last_superuser"


class OwnAccount(Conflict):
    """Somebody wants to delete the account that this is asked with."""

    detail = OWN_ACCOUNT
    code = "own_account"


@dataclass(frozen=True)
class Actor:
    """Who looks after users and groups, with the rights of this moment."""

    id: By
    is_staff: bool
    is_superuser: bool
    permissions: frozenset[str]

    def lacks(self, permissions: Iterable[str]) -> list[str]:
        """Return those of some permissions that the actor does not hold, in order."""
        return [] if self.is_superuser else sorted(set(permissions) - self.permissions)

    def refused(self, error: DomainError) -> DomainError:
        """Note in the log what the actor may not do, and return the error."""
        log.warning("InvalidValue to user %s: %s", self.id, error)
        return error


def acting(db: Session, by: By, needed: Permission) -> Actor:
    """Return who acts, and keep everybody else from acting until the transaction ends.

    Two who act at once could otherwise demote each other, or give what they are losing.

    :raises Forbidden: the permission that is needed is not held, or no longer
    """
    if not Database.of(db.info["registry"]).is_sqlite:  # where whoever writes is alone anyway
        db.execute(select(func.pg_advisory_xact_lock(LOCK)))
    if by == OPERATOR:
        return Actor(OPERATOR, True, True, frozenset())
    columns = select(User.is_staff, User.is_superuser, *GRANTED).where(
        User.id == by, User.is_active
    )
    row = db.execute(columns).first()
    if row is None:
        raise Forbidden
    actor = Actor(by, row.is_staff, row.is_superuser, granted(row))
    if actor.lacks([needed]):
        raise actor.refused(Forbidden())
    return actor


def touched_user(db: Session, actor: Actor, id: int) -> User:
    """Return a user who is about to be changed.

    :raises NotFound: there is none
    :raises Forbidden: the user is a superuser, or holds what the actor lacks
    """
    user = db.scalar(_fresh(User, id))
    if user is None:
        raise NotFound(_("No User matches the given query."))
    if user.is_superuser and not actor.is_superuser:
        raise actor.refused(Forbidden(SUPERUSERS_ONLY))
    _check_holds_no_more(actor, user.username, given(db.connection(), id))
    return user


def touched_group(db: Session, actor: Actor, id: int) -> Group:
    """Return a group that is about to be changed.

    :raises NotFound: there is none
    :raises Forbidden: the group gives what the actor lacks
    """
    group = db.scalar(_fresh(Group, id))
    if group is None:
        raise NotFound(_("No Group matches the given query."))
    _check_holds_no_more(actor, group.name, _of_groups(db, [id]))
    return group


def check_roles(actor: Actor, *, is_staff: bool, is_superuser: bool) -> None:
    """Refuse to make a user what the actor is not.

    :raises ValidationError: with sentences about ``is_staff`` and ``is_superuser``
    """
    faults: dict[str, list[str]] = {}
    if is_staff and not (actor.is_staff or actor.is_superuser):
        faults["is_staff"] = [MAKES_STAFF]
    if is_superuser and not actor.is_superuser:
        faults["is_superuser"] = [MAKES_SUPERUSERS]
    if faults:
        raise actor.refused(ValidationError(faults))


def check_permissions(db: Session, actor: Actor, permissions: Iterable[str]) -> None:
    """Refuse to give permissions that there are not, or that the actor lacks.

    :raises ValidationError: with sentences about ``permissions``
    """
    permissions = set(permissions)
    unknown = permissions - Contributions.of(db.info["registry"]).permissions.keys()
    if unknown:
        raise ValidationError(
            {"permissions": [_("There is no permission ${names}.", names=_named(unknown))]}
        )
    if missing := actor.lacks(permissions):
        raise actor.refused(ValidationError({"permissions": [_lacking(missing)]}))


def check_groups(db: Session, actor: Actor, ids: Iterable[int]) -> None:
    """Refuse to put a user into groups that there are not, or that give what the actor lacks.

    :raises ValidationError: with sentences about ``groups``
    """
    ids = set(ids)
    unknown = ids - set(db.scalars(select(Group.id).where(Group.id.in_(_any(ids)))))
    if unknown:
        raise ValidationError(
            {"groups": [_("There is no group ${names}.", names=_named(map(str, unknown)))]}
        )
    if missing := actor.lacks(_of_groups(db, ids)):
        raise actor.refused(ValidationError({"groups": [_lacking(missing)]}))


def is_last_superuser(db: Session, user: User) -> bool:
    """Tell whether a user is the only one who is active and may do everything."""
    if not (user.is_active and user.is_superuser):
        return False
    others = select(User.id).where(User.is_active, User.is_superuser, User.id != user.id)
    return db.scalar(others.limit(1)) is None


def _of_groups(db: Session, ids: Iterable[int]) -> set[str]:
    of_these = GroupPermission.group_id.in_(_any(ids))
    return set(db.scalars(select(GroupPermission.permission).where(of_these)))


def _any(ids: Iterable[int]) -> BindParameter:
    """Return ids to compare with; PostgreSQL would refuse 64-bit ones as what a table's ids are."""
    return bindparam("ids", list(ids), BigInteger, expanding=True)


def _fresh(model: type[User] | type[Group], id: int) -> Select:
    """Return the statement of a row as it is now, whatever this transaction read before."""
    row = select(model).where(model.id == bindparam("id", id, BigInteger))
    return row.execution_options(populate_existing=True)


def _check_holds_no_more(actor: Actor, name: str, permissions: Iterable[str]) -> None:
    if missing := actor.lacks(permissions):
        said = _(
            "${name} holds what you lack, and so is not yours to change: ${permissions}.",
            name=name,
            permissions=_named(missing),
        )
        raise actor.refused(Forbidden(said))


def _lacking(missing: Iterable[str]) -> str:
    return _(
        "You may give only what you hold yourself, and you lack: ${permissions}.",
        permissions=_named(missing),
    )


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
