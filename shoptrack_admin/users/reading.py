"""What the pages know of users and groups."""

from hashlib import blake2b
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import BigInteger, Connection, Row, and_, bindparam, case, select

from shoptrack.contributions import Contributions
from shoptrack.db.folding import by_code_points
from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack_admin.translation import _
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

MOST_GROUPS = 500  # that a form offers


class Permission(NamedTuple):
    """A permission that can be given."""

    name: str
    label: str


class Known(NamedTuple):
    """A user or a group, with what it was given.

    :param version: changes with anything that the form shows
    """

    row: Row
    groups: set[int]
    permissions: set[str]
    version: str


_columns = [c for c in User.__table__.columns if c.name not in ("password", "email")]
_group = select(Group.id, Group.name).where(Group.id == bindparam("id", type_=BigInteger))


def can_see_private(identity: Any, user: Row) -> bool:
    """Whether somebody may see a user's email address, and from where the user is signed in.

    A superuser's are for superusers: they are what an attack on the account begins with.
    """
    return identity.is_superuser or not user.is_superuser or user.id == identity.id


def email_column(identity: Any) -> Any:
    """Return users' email addresses as somebody may see them: as `can_see_private` says, others are empty."""
    if identity.is_superuser:
        return User.email
    is_private = and_(User.is_superuser, User.id != identity.id)
    return case((is_private, ""), else_=User.email)


def user(request, connection: Connection) -> Known:
    """Return the user whom the address names.

    :raises HTTPSeeOther: there is none
    """
    statement = select(*_columns, email_column(request.identity).label("email")).where(
        User.id == bindparam("id", type_=BigInteger)
    )
    row = _row(request, connection, statement, "admin:users", _("user"))
    owner = {"user_id": row.id}
    groups = set(connection.scalars(select(UserGroup.group_id).filter_by(**owner)))
    permissions = set(connection.scalars(select(UserPermission.permission).filter_by(**owner)))
    # Signing in is no change of what the form shows.
    shown = [value for name, value in row._mapping.items() if name != "last_login_at"]
    return Known(row, groups, permissions, _version(shown, groups, permissions))


def group(request, connection: Connection) -> Known:
    """Return the group that the address names.

    :raises HTTPSeeOther: there is none
    """
    row = _row(request, connection, _group, "admin:groups", _("group"))
    statement = select(GroupPermission.permission).where(GroupPermission.group_id == row.id)
    permissions = set(connection.scalars(statement))
    return Known(row, set(), permissions, _version(row, set(), permissions))


def all_groups(connection: Connection) -> list[Row]:
    """Return the groups that a user can be put into, by their names."""
    statement = (
        select(Group.id, Group.name).order_by(by_code_points(Group.name_key)).limit(MOST_GROUPS)
    )
    return list(connection.execute(statement))


def permissions_by_subject(request) -> dict[str, list[Permission]]:
    """Return all permissions that can be given, by what they are about."""
    brought = Contributions.of(request.registry)
    labels = {"view": _("view"), "add": _("add"), "change": _("change"), "delete": _("delete")}
    names = {
        "users": _("users"),
        "groups": _("groups"),
        "plugins": _("plugins"),
        "history": _("history"),
    }
    subjects: dict[str, list[Permission]] = {}
    for name in brought.permissions:
        path, _colon, verb = name.partition(":")
        resource = brought.resources.get(path)
        subject = resource.plural() if resource else names.get(path, path.replace("-", " "))
        subjects.setdefault(subject, []).append(Permission(name, labels.get(verb, verb)))
    return subjects


def undeclared(request, permissions: set[str]) -> set[str]:
    """Return those that no package that is switched on declares; a form must not lose them."""
    return permissions - Contributions.of(request.registry).permissions.keys()


def gone(request, route: str, noun: str) -> HTTPSeeOther:
    """Return the redirection to a list, for an address that names nothing."""
    said = _(
        "There is no ${noun} “${id}”. Perhaps it was deleted.",
        noun=noun,
        id=request.matchdict["id"][:30],
    )
    request.messages.add(said, "warning")
    return HTTPSeeOther(request.route_path(route))


def _row(request, connection: Connection, statement: Any, route: str, noun: str) -> Row:
    try:
        id = parse_id(request.matchdict["id"])
    except InvalidValue:
        raise gone(request, route, noun) from None
    row = connection.execute(statement, {"id": id}).first()
    if row is None:
        raise gone(request, route, noun)
    return row


def _version(row: Any, groups: set[int], permissions: set[str]) -> str:
    shown = (tuple(row), sorted(groups), sorted(permissions))
    return blake2b(repr(shown).encode(), digest_size=8).hexdigest()
