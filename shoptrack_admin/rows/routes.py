"""The addresses of a resource's pages, and who may open them."""

from shoptrack.contributions import Contributions
from shoptrack.resources.resource import Resource
from shoptrack_admin.menu import Entry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.actions import Action
from shoptrack_admin.rows.choices import Choices
from shoptrack_admin.rows.deleting import DeleteMany, DeleteOne
from shoptrack_admin.rows.editing import Editing
from shoptrack_admin.rows.export import Export
from shoptrack_admin.rows.listing import List
from shoptrack_admin.rows.merging import Merging
from shoptrack_admin.rows.table import Table
from shoptrack_admin.translation import _

TEMPLATES = "shoptrack_admin:templates/rows"


def add_row_pages(config, resource: Resource, brought: Contributions, *, order: int) -> None:
    """Serve the pages of a resource, and put its list into the menu.

    :param order: its place among the resources
    """
    table = Table(resource, brought.admin.get(resource.path))
    path = resource.path
    view, add, change, delete = (
        resource.permission(verb) for verb in ("view", "add", "change", "delete")
    )
    rows, editing = List(table), Editing(table)
    many, one, merging = DeleteMany(table), DeleteOne(table), Merging(table)

    def page(name: str, below: str, **arguments) -> None:
        template = arguments.pop("template", None)
        add_page(
            config,
            f"{path}:{name}" if name else path,
            f"{path}/{below}",
            template=template and f"{TEMPLATES}/{template}.jinja2",
            **arguments,
        )

    page("", "", get=rows.show, permission=view, template="list")
    page("export", "export.csv", get=Export(table), permission=view)
    page("choices", "choices/", get=Choices(table), permission=view)
    page("add", "add/", get=editing.ask_new, post=editing.add, permission=add, template="edit")
    page(
        "delete-many",
        "delete/",
        get=many.ask,
        post=many.delete,
        permission=delete,
        template="delete_many",
    )
    page(
        "merge",
        "merge/",
        get=merging.ask,
        post=merging.merge,
        permission=delete,
        template="merge",
    )
    for action in table.options.actions:
        doing = Action(table, action)
        page(
            f"action-{action.name}",
            f"actions/{action.name}/",
            get=doing.ask,
            post=doing.run,
            permission=action.permission,
            template="action",
        )
    page(
        "row",
        "{id}/",
        get=editing.ask,
        post=editing.change,
        permission=view,
        post_permission=change,
        template="edit",
    )
    page(
        "delete",
        "{id}/delete/",
        get=one.ask,
        post=one.delete,
        permission=delete,
        template="delete",
    )
    entry = Entry(table.name, resource.plural(), _("Data"), view, order, resource.model)
    add_menu_entry(config, entry)
