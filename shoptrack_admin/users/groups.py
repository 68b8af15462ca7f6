"""Groups: the list, and what a group gives to its members."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import func, select

from shoptrack.db.folding import by_code_points
from shoptrack.errors import DomainError, NotFound, ValidationError
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.edit_views import EDIT_CONFLICT
from shoptrack_admin.translation import _
from shoptrack_admin.users import reading
from shoptrack_auth import groups
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup
from shoptrack_auth.permissions import AuthPermission

MOST_MEMBERS = 100  # that are shown


def show_all(request) -> dict[str, Any]:
    """Show all groups, with how many members each has and how many permissions it gives."""

    def number(model: Any) -> Any:
        return select(func.count()).where(model.group_id == Group.id).scalar_subquery()

    statement = select(
        Group.id,
        Group.name,
        number(UserGroup).label("members"),
        number(GroupPermission).label("permissions"),
    ).order_by(by_code_points(Group.name_key))
    rows = list(request.reader.execute(statement.limit(reading.MOST_GROUPS)))
    return {"rows": rows, "may_add": bool(request.has_permission(AuthPermission.ADD_GROUPS))}


def ask_new(request) -> dict[str, Any]:
    """Show an empty form."""
    return _page(request, None)


def add(request) -> Any:
    """Add a group."""
    form = request.form
    try:
        group = groups.create(
            request.db,
            form.get("name", ""),
            by=request.identity.id,
            permissions=form.getall("permissions"),
            request=request,
        )
    except ValidationError as invalid:
        return _page(request, None, invalid.errors, form)
    return _saved(request, _("The group “${name}” was added.", name=group.name))


def show(request) -> dict[str, Any]:
    """Show a group, in a form for who may change groups."""
    return _page(request, reading.group(request, request.reader))


def change(request) -> Any:
    """Change a group, unless somebody else has changed it meanwhile."""
    known, form = reading.group(request, request.reader), request.form
    if form.get("version") != known.version:
        return _page(request, known, {"": [EDIT_CONFLICT]}, form)
    try:
        group = groups.change(
            request.db,
            known.row.id,
            by=request.identity.id,
            name=form.get("name", ""),
            permissions={
                *form.getall("permissions"),
                *reading.undeclared(request, known.permissions),
            },
            request=request,
        )
    except ValidationError as invalid:
        return _page(request, known, invalid.errors, form)
    except NotFound:
        raise reading.gone(request, "admin:groups", _("group")) from None
    except DomainError as refusal:
        return _page(request, known, {"": [refusal.detail]}, form)
    return _saved(request, _("The group “${name}” was saved.", name=group.name))


def ask_delete(request) -> dict[str, Any]:
    """Show what goes with a group."""
    known = reading.group(request, request.reader)
    return {"errors": {}, "row": known.row, "members": _members(request, known.row.id)}


def delete(request) -> Any:
    """Delete a group."""
    row = reading.group(request, request.reader).row
    try:
        groups.delete(request.db, row.id, by=request.identity.id, request=request)
    except DomainError as refusal:
        request.response.status_int = 400
        return ask_delete(request) | {"errors": {"": [refusal.detail]}}
    return _saved(request, _("The group “${name}” was deleted.", name=row.name))


def _saved(request, said: str) -> HTTPSeeOther:
    request.messages.add(said)
    return HTTPSeeOther(request.route_path("admin:groups"))


def _members(request, id: int) -> list:
    statement = select(User.id, User.username).join(UserGroup).where(UserGroup.group_id == id)
    return list(
        request.reader.execute(
            statement.order_by(by_code_points(User.username_key)).limit(MOST_MEMBERS)
        )
    )


def _page(
    request, known: reading.Known | None, errors: Any = None, form: Any = None
) -> dict[str, Any]:
    if errors:
        request.response.status_int = 400
    name, chosen = (known.row.name, known.permissions) if known else ("", set())
    if form is not None:
        name, chosen = form.get("name", ""), set(form.getall("permissions"))
    return {
        "errors": errors or {},
        "row": known and known.row,
        "version": known and known.version,
        "name": name,
        "chosen": chosen,
        "subjects": reading.permissions_by_subject(request),
        "members": _members(request, known.row.id) if known else [],
        "may_save": bool(
            request.has_permission(
                AuthPermission.CHANGE_GROUPS if known else AuthPermission.ADD_GROUPS
            )
        ),
        "may_delete": bool(known and request.has_permission(AuthPermission.DELETE_GROUPS)),
        "may_see_users": bool(request.has_permission(AuthPermission.VIEW_USERS)),
    }


def includeme(config):
    """Serve the pages."""
    templates = "shoptrack_admin:templates/groups"
    add_page(
        config,
        "groups",
        "groups/",
        get=show_all,
        template=f"{templates}/list.jinja2",
        permission=AuthPermission.VIEW_GROUPS,
    )
    add_page(
        config,
        "group-add",
        "groups/add/",
        get=ask_new,
        post=add,
        template=f"{templates}/group.jinja2",
        permission=AuthPermission.ADD_GROUPS,
    )
    add_page(
        config,
        "group",
        "groups/{id}/",
        get=show,
        post=change,
        template=f"{templates}/group.jinja2",
        permission=AuthPermission.VIEW_GROUPS,
        post_permission=AuthPermission.CHANGE_GROUPS,
    )
    add_page(
        config,
        "group-delete",
        "groups/{id}/delete/",
        get=ask_delete,
        post=delete,
        template=f"{templates}/delete.jinja2",
        permission=AuthPermission.DELETE_GROUPS,
    )
