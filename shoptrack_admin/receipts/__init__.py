"""Entering a receipt: the store and the day once, and a line for each product."""

from shoptrack.records.resources import ShoppingRecordResource
from shoptrack_admin.menu import MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.receipts.last_purchases import show_last_purchases
from shoptrack_admin.receipts.views import save, show_form
from shoptrack_admin.translation import _

ADD = ShoppingRecordResource.permission("add")


def includeme(config):
    """Serve the page, and show it first in the menu."""
    add_page(
        config,
        "receipt",
        "receipts/new/",
        get=show_form,
        post=save,
        template="shoptrack_admin:templates/receipts/form.jinja2",
        permission=ADD,
        staff_only=False,
    )
    add_page(
        config,
        "last-purchases",
        "receipts/last-purchases/",
        get=show_last_purchases,
        permission=ADD,
        staff_only=False,
    )
    add_menu_entry(
        config, MenuEntry("admin:receipt", _("Enter a receipt"), permission=ADD, order=-110)
    )
