"""The overview's panel of who failed to sign in."""

from datetime import timedelta

from sqlalchemy import func, select

from shoptrack.plugins import AdminPanel
from shoptrack_auth.models import FailedAttempt, get_utc_now
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.throttle import PASSWORD

MAX_ROWS = 5
RECENT = timedelta(days=1)  # those that no longer slow anybody down may be gone sooner


def load_panel(request) -> dict | None:
    """Return the addresses from which signing in failed lately, the latest first."""
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
    """Show the panel to whoever may see users."""
    template = "shoptrack_admin:templates/panels/failures.jinja2"
    config.add_admin_panel(
        AdminPanel("failures", template, load_panel, AuthPermission.VIEW_USERS, order=30)
    )
