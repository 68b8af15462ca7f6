"""The overview: numbers of rows, and panels."""

from sqlalchemy import func, select

from shoptrack.plugins import AdminContributions
from shoptrack_admin.menu import Menu, MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.panels import render_panels
from shoptrack_admin.translation import _


def show(request) -> dict:
    """Show the numbers and panels that this user may view."""
    panels = AdminContributions.of(request.registry).panels.values()
    return {"counts": request.row_counts, "panels": render_panels(request, panels)}


def counts(request) -> list[tuple[MenuEntry, int]]:
    """Return the numbers of rows for the user's menu entries, by one statement."""
    sections = Menu.of(request.registry).sections(request).values()
    entries = [entry for section in sections for entry in section if entry.model]
    if not entries:
        return []
    rows = (select(func.count()).select_from(entry.model).scalar_subquery() for entry in entries)
    return list(zip(entries, request.reader.execute(select(*rows)).one(), strict=True))


def includeme(config):
    """Serve the overview."""
    config.add_request_method(counts, "row_counts", reify=True)
    template = "shoptrack_admin:templates/index.jinja2"
    add_page(config, "index", "", get=show, template=template, staff_only=False)
    add_menu_entry(config, MenuEntry("admin:index", _("Overview"), order=-100))
