"""Pages of users and groups. The rules are those of ``shoptrack_auth``."""

from shoptrack_admin.menu import MenuEntry, add_menu_entry
from shoptrack_admin.translation import _
from shoptrack_auth.models import Group, User
from shoptrack_auth.permissions import AuthPermission


def includeme(config):
    """Serve the pages, and add both lists to the menu."""
    # Fixed paths come before those with an id.
    config.include(".list_view")
    config.include(".add_view")
    config.include(".bulk_views")
    config.include(".change_view")
    config.include(".password_views")
    config.include(".session_views")
    config.include(".token_views")
    config.include(".group_views")
    for route, label, permission, model in (
        ("admin:users", _("users"), AuthPermission.VIEW_USERS, User),
        ("admin:groups", _("groups"), AuthPermission.VIEW_GROUPS, Group),
    ):
        add_menu_entry(config, MenuEntry(route, label, _("Accounts"), permission, 200, model))
