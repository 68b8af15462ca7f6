"""The first page."""

from shoptrack_admin.menu import Entry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _


def show(request) -> dict:
    """Show what this user may see."""
    return {}


def includeme(config):
    """Serve the first page."""
    add_page(config, "index", "", get=show, template="shoptrack_admin:templates/index.jinja2")
    add_menu_entry(config, Entry("admin:index", _("Overview"), order=-100))
