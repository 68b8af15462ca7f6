"""The administration's page of reports, and panels on its pages of products and stores. Not served without it."""

from shoptrack.plugins import AdminPage
from shoptrack_reports.pages.views import show
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.translation import _

TEMPLATE = "shoptrack_reports:templates/reports.jinja2"


def includeme(config):
    """Add the page for users with ``reports:view``."""
    permission = ReportPermission.VIEW_REPORTS
    page = AdminPage("reports", _("Reports"), show, TEMPLATE, permission, staff_only=False)
    config.add_admin_page(page)
    config.include(".product_panel")
    config.include(".store_panel")
