"""The endpoint ``/api/budgets/check/``, which is no resource: nothing of it is stored."""

from typing import Any

from shoptrack.resources import ID, JSONSchema, Schema
from shoptrack.rest import ResponseDescription, Service, describe_view

from shoptrack_budgets.months import Month
from shoptrack_budgets.permissions import BudgetPermission
from shoptrack_budgets.spending import Spent, check

MONTH = Month("month", description="The month, as in `2026-11`.")
QUERY = Schema("BudgetCheckQuery", [MONTH])
AMOUNT: JSONSchema = {"type": "integer", "minimum": 0}


def _object(**members: JSONSchema) -> JSONSchema:
    return {"type": "object", "properties": members, "required": list(members)}


DOCUMENT = _object(
    month={"type": "string", "format": "date"},
    budgets={
        "type": "array",
        "items": _object(
            id=ID,
            category=_object(id=ID, name={"type": "string"}),
            limit=AMOUNT,
            spent={"type": "integer"},
            left=AMOUNT,
            over=AMOUNT,
        ),
    },
)
EXAMPLE = {
    "month": "2026-11-01",
    "budgets": [
        {
            "id": 1,
            "category": {"id": 1, "name": "Meat"},
            "limit": 30000,
            "spent": 32500,
            "left": 0,
            "over": 2500,
        }
    ],
}


@describe_view(
    query=[MONTH], responses=[ResponseDescription(200, "The budgets.", DOCUMENT, example=EXAMPLE)]
)
def check_budgets(request) -> dict[str, Any]:
    """Tell what was spent of each budget of a month, what is left, or how much too much it is."""
    month = QUERY.validate(dict(request.GET))["month"]
    budgets = [_budget(spent) for spent in check(request.reader, month)]
    return {"month": month.isoformat(), "budgets": budgets}


def _budget(spent: Spent) -> dict[str, Any]:
    return {
        "id": spent.budget_id,
        "category": {"id": spent.category_id, "name": spent.category},
        "limit": spent.limit,
        "spent": spent.spent,
        "left": spent.left,
        "over": spent.over,
    }


def includeme(config):
    """Serve it to whoever may check budgets."""
    # It is made here and not on import, since it belongs to one application.
    service = Service("budgets:check", "/api/budgets/check/", description="What was spent.")
    service.add_view("GET", check_budgets, permission=BudgetPermission.CHECK_BUDGETS)
    config.add_service(service)
