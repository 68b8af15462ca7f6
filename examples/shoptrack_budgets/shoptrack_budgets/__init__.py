"""A plugin for ShopTrack: how much the household means to spend in a month, by category."""

from shoptrack_budgets.permissions import BudgetPermission
from shoptrack_budgets.resources import BudgetResource


def includeme(config):
    """Plug budgets into ShopTrack."""
    config.add_migrations("budgets", "shoptrack_budgets:revisions")
    config.add_translation_dirs("shoptrack_budgets:locale")
    config.add_permissions(BudgetPermission)
    config.add_resource(BudgetResource)
    config.include(".views")
    config.include(".administration")
