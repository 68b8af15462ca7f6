"""What one may do with budgets, beside viewing, adding, changing and deleting them."""

from enum import StrEnum


class BudgetPermission(StrEnum):
    """Names of permissions.

    A check shows sums of shopping records, to those who may not see the records, too.
    """

    CHECK_BUDGETS = "budgets:check"
