"""The administration's page of reports. It is not served without the administration."""

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
