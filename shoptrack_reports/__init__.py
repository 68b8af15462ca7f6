"""Reports: prices by store and month, and the household's spending."""

from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.settings import ReportSettings


def includeme(config):
    """Set up the reports: settings, migrations, translations, permissions and endpoints."""
    config.add_settings_table(ReportSettings)
    config.add_migrations("reports", "shoptrack_reports:revisions")
    config.add_translation_dirs("shoptrack_reports:locale")
    config.add_permissions(ReportPermission)
    config.include(".units")
    config.include(".cheapest_stores")
    config.include(".prices")
    config.include(".spending")
    config.include(".pages")
