"""Deleting or deactivating the selected users: all of them, or none."""

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import func, select

from shoptrack.db import by_code_points
from shoptrack.errors import DomainError, ValidationError
from shoptrack.resources import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_auth import users
from shoptrack_auth.models import User, UserGroup, UserPermission, UserSession
from shoptrack_auth.permissions import AuthPermission

MAX_USERS = 100


class BulkChangeView:
    """The confirmation of a bulk change of users, and the change.

    :param change: changes one user, given the request and the id
    :param done: makes the flash message of a count
    """

    def __init__(self, title: str, button: str, change: Callable[[Any, int], Any], done: Callable):
        self._title = title
        self._button = button
        self._change = change
        self._done = done

    def show_form(self, request) -> Any:
        """Show the selected users with their sessions, groups and permissions."""
        return self._page(request, _get_selected_ids(request, request.GET))

    def run(self, request) -> Any:
        """Change all selected users, or none."""
        ids = _get_selected_ids(request, request.form)
        for id in ids:
            try:
                self._change(request, id)
            except DomainError as refusal:
                messages = [refusal.detail]
                if isinstance(refusal, ValidationError):
                    messages = [
                        message for several in refusal.errors.values() for message in several
                    ]
                request.response.status_int = 400
                name = request.reader.scalar(select(User.username).where(User.id == id)) or id
                errors = {
                    "": [_("Nothing was changed, because of “${name}”:", name=name), *messages]
                }
                return self._page(request, ids) | {"errors": errors}
        request.messages.add(self._done(len(ids)))
        return HTTPSeeOther(request.route_path("admin:users"))

    def _page(self, request, ids: list[int]) -> dict[str, Any]:
        def _count(model: Any) -> Any:
            return select(func.count()).where(model.user_id == User.id).scalar_subquery()

        statement = select(
            User.id,
            User.username,
            _count(UserSession).label("sessions"),
            _count(UserGroup).label("groups"),
            _count(UserPermission).label("permissions"),
        ).where(User.id.in_(ids))
        return {
            "errors": {},
            "rows": list(
                request.reader.execute(statement.order_by(by_code_points(User.username_key)))
            ),
            "heading": self._title,
            "button": self._button,
        }


def _get_selected_ids(request, params) -> list[int]:
    """Return the ids that were selected in the list.

    :raises HTTPSeeOther: none or too many
    """
    ids = set()
    for text in params.getall("id"):
        try:
            ids.add(parse_id(text))
        except InvalidValue:
            continue
    ids = {id for id in ids if 0 < id < 2**31}
    if not 0 < len(ids) <= MAX_USERS:
        message = _("Choose 1 to ${most} users.", most=MAX_USERS)
        request.messages.add(message, "warning")
        raise HTTPSeeOther(request.route_path("admin:users"))
    return sorted(ids)


def _delete(request, id: int) -> None:
    users.delete(request.db, id, by=request.identity.id)


def _deactivate(request, id: int) -> None:
    users.change(request.db, id, by=request.identity.id, is_active=False)


def includeme(config):
    """Serve both pages."""
    deletion = BulkChangeView(
        _("Delete these users?"),
        _("Delete"),
        _delete,
        lambda count: _("Deleted users: ${count}.", count=count),
    )
    deactivation = BulkChangeView(
        _("Deactivate these users?"),
        _("Deactivate"),
        _deactivate,
        lambda count: _("Deactivated users: ${count}.", count=count),
    )
    for name, view, permission in (
        ("delete", deletion, AuthPermission.DELETE_USERS),
        ("deactivate", deactivation, AuthPermission.CHANGE_USERS),
    ):
        add_page(
            config,
            f"users-{name}",
            f"users/{name}/",
            get=view.show_form,
            post=view.run,
            template="shoptrack_admin:templates/users/many.jinja2",
            permission=permission,
        )
