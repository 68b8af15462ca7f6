"""Panels of plugins, on the overview and on the pages of rows."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from pyramid.renderers import render

import shoptrack_admin
from shoptrack.plugins import AdminPanel, AdminRowPanel
from shoptrack_admin.access import has_access
from shoptrack_admin.plugin_failures import run_part

FAILED = "shoptrack_admin:templates/panels/failed.jinja2"


def render_panels(
    request, panels: Iterable[AdminPanel | AdminRowPanel], *arguments: Any
) -> list[Markup]:
    """Return the panels that the request's user may view, as HTML. A message stands for a panel that fails.

    :param arguments: of ``load``, after the request
    """
    permitted = (
        panel
        for panel in sorted(panels, key=lambda panel: (panel.order, panel.name))
        if has_access(request, panel.permission, staff_only=panel.staff_only)
    )
    rendered = (_render(request, panel, arguments) for panel in permitted)
    return [Markup(html) for html in rendered if html]


def _render(request, panel: AdminPanel | AdminRowPanel, arguments: tuple[Any, ...]) -> str:
    """Return the HTML of a panel, "" if the panel has nothing to show."""

    def load_and_render() -> str:
        values = panel.load(request, *arguments)
        if values is None:
            return ""
        return render(panel.template, {"panel": values}, request, shoptrack_admin)

    html = run_part(request, f"The panel {panel.name!r}", load_and_render, None)
    if html is None:
        return render(FAILED, {"name": panel.name}, request, shoptrack_admin)
    return html
