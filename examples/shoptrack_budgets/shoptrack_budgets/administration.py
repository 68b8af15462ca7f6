"""What the administration shows of budgets. Without one, nothing of this is used."""

from typing import Any

from shoptrack.db import get_today
from shoptrack.errors import ValidationError
from shoptrack.plugins import AdminPage

from shoptrack_budgets.permissions import BudgetPermission
from shoptrack_budgets.resources import BudgetResource
from shoptrack_budgets.spending import check
from shoptrack_budgets.translation import _
from shoptrack_budgets.views import QUERY

TEMPLATE = "shoptrack_budgets:templates/check.jinja2"


def show(request) -> dict[str, Any]:
    """Return what the page shows: the budgets of the month in the address, or of this one."""
    sent = request.GET.get("month", "").strip()
    month, errors = get_today(request.registry).replace(day=1), []
    if sent:
        try:
            month = QUERY.validate({"month": sent})["month"]
        except ValidationError as invalid:
            # A page shows the mistake beside the field, where the API would refuse it.
            request.response.status_int = 400
            errors = invalid.errors["month"]
    budgets = [] if errors else check(request.reader, month)
    return {"month": month.isoformat()[:7], "errors": errors, "budgets": budgets}


def includeme(config):
    """Order the pages that the resource has anyway, and add one of its own to the menu."""
    config.add_admin(
        BudgetResource.path,
        filters=("category", "month"),
        ordering="-month,-id",
    )
    label, needed = _("Budgets by month"), BudgetPermission.CHECK_BUDGETS
    page = AdminPage("budget-check", label, show, TEMPLATE, needed, staff_only=False)
    config.add_admin_page(page)
