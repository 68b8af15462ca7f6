"""The routes of a resource's pages, and their permissions."""

from shoptrack.plugins import AdminContributions
from shoptrack.resources import Repository, Resource
from shoptrack.rest import csv_import
from shoptrack_admin.imports.views import ImportViews
from shoptrack_admin.menu import MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.actions import ActionView
from shoptrack_admin.rows.bulk_edit_view import BulkEditView
from shoptrack_admin.rows.choices import ChoicesView
from shoptrack_admin.rows.delete_views import BulkDeleteView, DeleteView
from shoptrack_admin.rows.edit_views import EditViews
from shoptrack_admin.rows.export import ExportView
from shoptrack_admin.rows.list_view import ListView
from shoptrack_admin.rows.merge_view import MergeView
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.sums import SumsView
from shoptrack_admin.translation import _

TEMPLATES = "shoptrack_admin:templates/rows"


def add_row_pages(
    config, resource: Resource, contributions: AdminContributions, *, order: int
) -> None:
    """Serve the pages of a resource, and add its list to the menu.

    :param order: its position among the resources
    """
    repository = Repository.of(config.registry, resource.path)
    admin = ResourceAdmin(repository, contributions)
    path = resource.path
    view, add, change, delete = (
        resource.permission(verb) for verb in ("view", "add", "change", "delete")
    )
    rows, editing = ListView(admin), EditViews(admin)
    many, one, merging = BulkDeleteView(admin), DeleteView(admin), MergeView(admin)

    def page(name: str, below: str, **arguments) -> None:
        template = arguments.pop("template", None)
        add_page(
            config,
            f"{path}:{name}" if name else path,
            f"{path}/{below}",
            template=template and f"{TEMPLATES}/{template}.jinja2",
            **{"staff_only": False} | arguments,
        )

    page("", "", get=rows.show, permission=view, template="list")
    importing = ImportViews(admin)
    page(
        "import",
        "import/",
        get=importing.show_form,
        post=importing.upload,
        permission=add,
        template="import",
        max_file_size=csv_import.MAX_BODY_BYTES,
    )
    page(
        "import-file",
        "import/files/{id}/",
        get=importing.show_report,
        post=importing.confirm,
        permission=add,
        template="import_report",
    )
    page("export", "export.csv", get=ExportView(admin), permission=view)
    if any(field.is_summable for field in resource.own_fields()):
        page("sums", "sums/", get=SumsView(admin).show, permission=view, template="sums")
    page("choices", "choices/", get=ChoicesView(admin), permission=view)
    page(
        "add", "add/", get=editing.show_add_form, post=editing.add, permission=add, template="edit"
    )
    page(
        "delete-many",
        "delete/",
        get=many.show_confirmation,
        post=many.delete,
        permission=delete,
        template="delete_many",
    )
    page(
        "merge",
        "merge/",
        get=merging.show_form,
        post=merging.merge,
        permission=delete,
        template="merge",
    )
    if resource.bulk_fields:
        changing = BulkEditView(admin)
        page(
            "change-many",
            "change/",
            get=changing.show_form,
            post=changing.change,
            permission=change,
            template="change_many",
        )
    for action in admin.actions:
        doing = ActionView(admin, action)
        page(
            f"action-{action.name}",
            f"actions/{action.name}/",
            get=doing.show_confirmation,
            post=doing.run,
            permission=action.permission,
            template="action",
            staff_only=action.staff_only,
        )
    page(
        "row",
        "{id}/",
        get=editing.show_form,
        post=editing.change,
        permission=view,
        post_permission=change,
        template="edit",
    )
    page(
        "delete",
        "{id}/delete/",
        get=one.show_confirmation,
        post=one.delete,
        permission=delete,
        template="delete",
    )
    entry = MenuEntry(admin.name, resource.plural(), _("Data"), view, order, resource.model)
    add_menu_entry(config, entry)
