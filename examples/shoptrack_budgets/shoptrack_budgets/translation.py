"""The catalogue of this package's sentences."""

from shoptrack.translation import Messages

_ = Messages("shoptrack_budgets")
