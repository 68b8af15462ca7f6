"""Pages for the rows of every resource, made from its description."""

from pyramid.config import PHASE1_CONFIG

from shoptrack.plugins import AdminContributions, AdminPage
from shoptrack.resources import ServedResources
from shoptrack_admin.menu import MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.routes import add_row_pages

AFTER_CHECKS = PHASE1_CONFIG + 2  # of the contributions, and before the actions of routes and views


def includeme(config):
    """Serve the pages of all resources, with the options of all packages."""

    def register():
        contributions = AdminContributions.of(config.registry)
        for number, resource in enumerate(ServedResources.of(config.registry).values()):
            add_row_pages(config, resource, contributions, order=number)
        for page in contributions.pages.values():
            add_page(
                config,
                f"page:{page.name}",
                f"{page.name}/",
                get=page.view,
                post=page.post,
                template=page.template,
                permission=page.permission,
                post_permission=page.post_permission,
                staff_only=page.staff_only,
                _info=_brought_at(config, page),
            )
            entry = MenuEntry(
                f"admin:page:{page.name}", page.label, page.section, page.permission, 50
            )
            add_menu_entry(config, entry)

    config.action("shoptrack_admin rows", register, order=AFTER_CHECKS)


def _brought_at(config, page: AdminPage):
    return config.introspector.get("shoptrack administration pages", page.name).action_info
