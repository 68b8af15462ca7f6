"""The overview's panel of failed attempts to sign in."""

from datetime import timedelta

from sqlalchemy import func, select

from shoptrack.plugins import AdminPanel
from shoptrack_auth.models import FailedAttempt, get_utc_now
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.throttle import PASSWORD

MAX_ROWS = 5
RECENT = timedelta(days=1)  # older ones no longer count for the throttle, and may be deleted sooner


def load_panel(request) -> dict | None:
    """Return the IP addresses of recent failed attempts to sign in, latest first."""
    latest = func.max(FailedAttempt.at)
    addresses = (
        select(FailedAttempt.address, func.count().label("times"), latest.label("latest"))
        .where(FailedAttempt.kind == PASSWORD, FailedAttempt.at > get_utc_now() - RECENT)
        .group_by(FailedAttempt.address)
        .order_by(latest.desc())
        .limit(MAX_ROWS)
    )
    failures = list(request.reader.execute(addresses))
    return {"failures": failures} if failures else None


def includeme(config):
    """Show the panel to users who may view users."""
    template = "shoptrack_admin:templates/panels/failures.jinja2"
    config.add_admin_panel(
        AdminPanel("failures", template, load_panel, AuthPermission.VIEW_USERS, order=30)
    )
