"""The overview: numbers of rows, and panels."""

from markupsafe import Markup
from pyramid.renderers import render
from sqlalchemy import func, select

import shoptrack_admin
from shoptrack.plugins import AdminContributions, AdminPanel
from shoptrack_admin.access import has_access
from shoptrack_admin.menu import Menu, MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.plugin_failures import run_part
from shoptrack_admin.translation import _

FAILED_PANEL = "shoptrack_admin:templates/panels/failed.jinja2"


def show(request) -> dict:
    """Show the numbers and panels that this user may view."""
    return {"counts": request.row_counts, "panels": render_panels(request)}


def render_panels(request) -> list[Markup]:
    """Return the panels that the request's user may view, as HTML. A message stands for a panel that fails."""
    panels = AdminContributions.of(request.registry).panels.values()
    permitted = (
        panel
        for panel in sorted(panels, key=lambda panel: (panel.order, panel.name))
        if has_access(request, panel.permission, staff_only=panel.staff_only)
    )
    rendered = (_render_panel(request, panel) for panel in permitted)
    return [Markup(html) for html in rendered if html]


def _render_panel(request, panel: AdminPanel) -> str:
    """Return the HTML of a panel, "" if the panel has nothing to show."""

    def load_and_render() -> str:
        values = panel.load(request)
        if values is None:
            return ""
        return render(panel.template, {"panel": values}, request, shoptrack_admin)

    html = run_part(request, f"The panel {panel.name!r}", load_and_render, None)
    if html is None:
        return render(FAILED_PANEL, {"name": panel.name}, request, shoptrack_admin)
    return html


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
