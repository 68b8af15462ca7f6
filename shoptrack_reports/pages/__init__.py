"""The administration's page of reports. Where there is no administration, there is no page."""

from shoptrack.plugins.administration import AdminPage
from shoptrack_reports.pages.page import show
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.translation import _

TEMPLATE = "shoptrack_reports:templates/reports.jinja2"


def includeme(config):
    """Add the page to whoever may see reports."""
    page = AdminPage("reports", _("Reports"), show, TEMPLATE, ReportPermission.VIEW_REPORTS)
    config.add_admin_page(page)
