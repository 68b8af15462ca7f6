"""A plugin for ShopTrack: how much the household means to spend in a month, by category."""

from shoptrack_budgets.permissions import BudgetPermission
from shoptrack_budgets.resources import BudgetResource


def includeme(config):
    """Plug budgets into ShopTrack."""
    config.add_migrations("budgets", "shoptrack_budgets:revisions")
    config.add_translation_dirs("shoptrack_budgets:locale")
    config.add_permissions(BudgetPermission)
    # Before the resource: its address /api/budgets/{id}/ would answer for /api/budgets/check/.
    config.include(".views")
    config.add_resource(BudgetResource)
    config.include(".administration")
