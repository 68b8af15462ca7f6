"""The list of groups, and the pages to add, change and delete a group."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import func, select

from shoptrack.db import by_code_points
from shoptrack.errors import DomainError, NotFound, ValidationError
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.edit_views import EDIT_CONFLICT
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_admin.users.members import find_members
from shoptrack_auth import groups
from shoptrack_auth.models import Group, GroupPermission, UserGroup
from shoptrack_auth.permissions import AuthPermission


def show_list(request) -> dict[str, Any]:
    """Show all groups, with the numbers of their members and permissions."""

    def _count(model: Any) -> Any:
        return select(func.count()).where(model.group_id == Group.id).scalar_subquery()

    statement = select(
        Group.id,
        Group.name,
        _count(UserGroup).label("members"),
        _count(GroupPermission).label("permissions"),
    ).order_by(by_code_points(Group.name_key))
    rows = list(request.reader.execute(statement.limit(queries.MAX_GROUPS)))
    return {"rows": rows, "can_add": bool(request.has_permission(AuthPermission.ADD_GROUPS))}


def show_add_form(request) -> dict[str, Any]:
    """Show an empty form."""
    return _page(request, None)


def add(request) -> Any:
    """Create a group."""
    form = request.form
    try:
        group = groups.create(
            request.db,
            form.get("name", ""),
            by=request.identity.id,
            permissions=form.getall("permissions"),
        )
    except ValidationError as invalid:
        return _page(request, None, invalid.errors, form)
    return _redirect_to_list(request, _("The group “${name}” was added.", name=group.name))


def show(request) -> dict[str, Any]:
    """Show the group, as a form if it may be changed."""
    return _page(request, queries.get_group(request, request.reader))


def change(request) -> Any:
    """Change the group, unless someone else has changed it since the form was opened."""
    details, form = queries.get_group(request, request.reader), request.form
    if form.get("version") != details.version:
        return _page(request, details, {"": [EDIT_CONFLICT]}, form)
    try:
        group = groups.change(
            request.db,
            details.row.id,
            by=request.identity.id,
            name=form.get("name", ""),
            permissions={
                *form.getall("permissions"),
                *queries.find_undeclared(request, details.permissions),
            },
        )
    except ValidationError as invalid:
        return _page(request, details, invalid.errors, form)
    except NotFound:
        raise queries.make_missing_row_redirect(request, "admin:groups", _("group")) from None
    except DomainError as refusal:
        return _page(request, details, {"": [refusal.detail]}, form)
    return _redirect_to_list(request, _("The group “${name}” was saved.", name=group.name))


def change_members(request) -> Any:
    """Add and remove members, unless someone else has done so since the form was opened."""
    details, form = queries.get_group(request, request.reader), request.form
    id = details.row.id
    members = find_members(request, id)
    listed = {user.id for user in members.listed}
    if form.get("version") != members.version:
        return _page(request, details, {"": [EDIT_CONFLICT]})
    selected = set(queries.parse_ids(form, "members")) & {*listed, *(u.id for u in members.others)}
    by = request.identity.id
    try:
        groups.change_members(
            request.db, id, by=by, add=selected - listed, remove=listed - selected
        )
    except ValidationError as invalid:
        messages = [message for several in invalid.errors.values() for message in several]
        return _page(request, details, {"": messages})
    except DomainError as refusal:
        return _page(request, details, {"": [refusal.detail]})
    request.messages.add(_("The members of “${name}” were saved.", name=details.row.name))
    return HTTPSeeOther(request.route_path("admin:group", id=id))


def show_delete_confirmation(request) -> dict[str, Any]:
    """Show the members who would lose the group's permissions."""
    details = queries.get_group(request, request.reader)
    members = find_members(request, details.row.id)
    return {"errors": {}, "row": details.row, "members": members.listed}


def delete(request) -> Any:
    """Delete the group."""
    row = queries.get_group(request, request.reader).row
    try:
        groups.delete(request.db, row.id, by=request.identity.id)
    except DomainError as refusal:
        request.response.status_int = 400
        return show_delete_confirmation(request) | {"errors": {"": [refusal.detail]}}
    return _redirect_to_list(request, _("The group “${name}” was deleted.", name=row.name))


def _redirect_to_list(request, message: str) -> HTTPSeeOther:
    request.messages.add(message)
    return HTTPSeeOther(request.route_path("admin:groups"))


def _page(
    request, details: queries.AccountDetails | None, errors: Any = None, form: Any = None
) -> dict[str, Any]:
    if errors:
        request.response.status_int = 400
    name, selected = (details.row.name, details.permissions) if details else ("", set())
    if form is not None:
        name, selected = form.get("name", ""), set(form.getall("permissions"))
    return {
        "errors": errors or {},
        "row": details and details.row,
        "version": details and details.version,
        "name": name,
        "selected": selected,
        "subjects": queries.get_permissions_by_subject(request),
        "members": find_members(request, details.row.id) if details else None,
        "can_change_members": bool(request.has_permission(AuthPermission.CHANGE_USERS)),
        "can_save": bool(
            request.has_permission(
                AuthPermission.CHANGE_GROUPS if details else AuthPermission.ADD_GROUPS
            )
        ),
        "can_delete": bool(details and request.has_permission(AuthPermission.DELETE_GROUPS)),
        "can_view_users": bool(request.has_permission(AuthPermission.VIEW_USERS)),
    }


def includeme(config):
    """Serve the pages."""
    templates = "shoptrack_admin:templates/groups"
    add_page(
        config,
        "groups",
        "groups/",
        get=show_list,
        template=f"{templates}/list.jinja2",
        permission=AuthPermission.VIEW_GROUPS,
    )
    add_page(
        config,
        "group-add",
        "groups/add/",
        get=show_add_form,
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
        "group-members",
        "groups/{id}/members/",
        post=change_members,
        template=f"{templates}/group.jinja2",
        permission=AuthPermission.CHANGE_USERS,
    )
    add_page(
        config,
        "group-delete",
        "groups/{id}/delete/",
        get=show_delete_confirmation,
        post=delete,
        template=f"{templates}/delete.jinja2",
        permission=AuthPermission.DELETE_GROUPS,
    )
