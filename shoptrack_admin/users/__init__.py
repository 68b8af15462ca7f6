"""Pages on which users and groups are looked after. The rules are those of ``shoptrack_auth``."""

from shoptrack_admin.menu import Entry, add_menu_entry
from shoptrack_admin.translation import _
from shoptrack_auth.models import Group, User
from shoptrack_auth.permissions import AuthPermission


def includeme(config):
    """Serve the pages, and put the two lists into the menu."""
    # Addresses with a name of their own come before those with an id.
    config.include(".lists")
    config.include(".adding")
    config.include(".deleting")
    config.include(".changing")
    config.include(".passwords")
    config.include(".sessions")
    config.include(".groups")
    for route, label, permission, model in (
        ("admin:users", _("users"), AuthPermission.VIEW_USERS, User),
        ("admin:groups", _("groups"), AuthPermission.VIEW_GROUPS, Group),
    ):
        add_menu_entry(config, Entry(route, label, _("Who"), permission, 200, model))
