"""Deleting users, one or several, and deactivating several: all of those that were chosen, or none."""

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import func, select

from shoptrack.db.folding import by_code_points
from shoptrack.errors import DomainError, ValidationError
from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_auth import users
from shoptrack_auth.models import User, UserGroup, UserPermission, UserSession
from shoptrack_auth.permissions import AuthPermission

MOST = 100  # users at a time


class Many:
    """The page that asks whether the chosen users shall be deleted, or deactivated.

    :param change: what happens to a user, given the request and the id
    :param done: what is told afterwards
    """

    def __init__(self, title: str, button: str, change: Callable[[Any, int], Any], done: Callable):
        self._title = title
        self._button = button
        self._change = change
        self._done = done

    def ask(self, request) -> Any:
        """Show who was chosen, and what goes with each."""
        return self._page(request, _chosen(request, request.GET))

    def carry_out(self, request) -> Any:
        """Change all of them, or none."""
        ids = _chosen(request, request.form)
        for id in ids:
            try:
                self._change(request, id)
            except DomainError as refusal:
                sentences = [refusal.detail]
                if isinstance(refusal, ValidationError):
                    sentences = [said for several in refusal.errors.values() for said in several]
                request.response.status_int = 400
                name = request.reader.scalar(select(User.username).where(User.id == id)) or id
                errors = {
                    "": [_("Nothing was changed, because of “${name}”:", name=name), *sentences]
                }
                return self._page(request, ids) | {"errors": errors}
        request.messages.add(self._done(len(ids)))
        return HTTPSeeOther(request.route_path("admin:users"))

    def _page(self, request, ids: list[int]) -> dict[str, Any]:
        def number(model: Any) -> Any:
            return select(func.count()).where(model.user_id == User.id).scalar_subquery()

        statement = select(
            User.id,
            User.username,
            number(UserSession).label("sessions"),
            number(UserGroup).label("groups"),
            number(UserPermission).label("permissions"),
        ).where(User.id.in_(ids))
        return {
            "errors": {},
            "rows": list(
                request.reader.execute(statement.order_by(by_code_points(User.username_key)))
            ),
            "heading": self._title,
            "button": self._button,
        }


def _chosen(request, sent) -> list[int]:
    """Return the ids that were chosen from the list.

    :raises HTTPSeeOther: none were, or too many
    """
    ids = set()
    for text in sent.getall("id"):
        try:
            ids.add(parse_id(text))
        except InvalidValue:
            continue
    ids = {id for id in ids if 0 < id < 2**31}
    if not 0 < len(ids) <= MOST:
        said = _("Choose 1 to ${most} users.", most=MOST)
        request.messages.add(said, "warning")
        raise HTTPSeeOther(request.route_path("admin:users"))
    return sorted(ids)


def _delete(request, id: int) -> None:
    users.delete(request.db, id, by=request.identity.id, request=request)


def _deactivate(request, id: int) -> None:
    users.change(request.db, id, by=request.identity.id, is_active=False, request=request)


def includeme(config):
    """Serve both pages."""
    deleting = Many(
        _("Delete these users?"),
        _("Delete"),
        _delete,
        lambda count: _("Users that were deleted: ${count}.", count=count),
    )
    deactivating = Many(
        _("Deactivate these users?"),
        _("Deactivate"),
        _deactivate,
        lambda count: _("Users that were deactivated: ${count}.", count=count),
    )
    for name, many, permission in (
        ("delete", deleting, AuthPermission.DELETE_USERS),
        ("deactivate", deactivating, AuthPermission.CHANGE_USERS),
    ):
        add_page(
            config,
            f"users-{name}",
            f"users/{name}/",
            get=many.ask,
            post=many.carry_out,
            template="shoptrack_admin:templates/users/many.jinja2",
            permission=permission,
        )
