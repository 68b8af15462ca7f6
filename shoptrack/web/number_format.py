"""The numbers of a request's pages, and of what its user types."""

from shoptrack.i18n import NumberFormat
from shoptrack.settings import Settings


def make_number_format(request) -> NumberFormat:
    """Return how the user reads and types numbers: in the page's language, and in the household's currency."""
    return NumberFormat(request.locale_name, Settings.of(request.registry).currency)


def includeme(config):
    """Add ``request.number_format``."""
    config.add_request_method(make_number_format, "number_format", reify=True)
