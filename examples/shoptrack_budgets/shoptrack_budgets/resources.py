"""The resource of budgets, described."""

from typing import Any

from shoptrack.catalog.resources import CategoryResource
from shoptrack.resources import Money, Reference, Resource

from shoptrack_budgets.models import Budget
from shoptrack_budgets.months import Month
from shoptrack_budgets.translation import _


class BudgetResource(Resource):
    """How much the household means to spend on a category in a month."""

    model = Budget
    path = "budgets"
    verbose_name = _("budget")
    verbose_name_plural = _("budgets")
    fields = (
        Reference("category", CategoryResource),
        Month("month", verbose_name=_("month"), description="By its first day."),
        Money(
            "amount",
            verbose_name=_("amount"),
            minimum=0,
            description="What may be spent, in the currency's smallest unit.",
            example=30_000,
        ),
    )
    unique_together = (("category", "month"),)
    default_order = ("month", "id")

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return its category and month, as messages and the history name it."""
        return f"{CategoryResource.label_of(document['category'])} {str(document['month'])[:7]}"
