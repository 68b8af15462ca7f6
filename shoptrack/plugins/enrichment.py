"""The directives by which a plugin adds to the resources of others: fields, rules, filters and factors of units."""

from collections.abc import Callable, Collection
from typing import Any

from pyramid.config import PHASE0_CONFIG
from sqlalchemy import bindparam

from shoptrack.catalog.unit_factors import FindFactor, UnitFactors
from shoptrack.errors import DomainError
from shoptrack.plugins.actions import AFTER_RESOURCES, add_action, find_resource
from shoptrack.resources.conditions import Condition
from shoptrack.resources.extensions import Extension, ResourceAdditions, Validator
from shoptrack.resources.fields import Field, Filter, FilterScope
from shoptrack.resources.row_warnings import CheckedRows, WarningFinder


def extend_resource(config, path: str, extension: type[Extension]) -> None:
    """Add fields to the resource of another package. A table of the plugin stores them.

    ::

        class RecordNotes(Extension):
            '''A note on each shopping record.'''

            model = RecordNote
            fields = (LongText("note", max_length=1000, required=False),)

        config.extend_resource("shopping-records", RecordNotes)

    Documents and bodies of the resource then have the fields, and so have its filters, search and ordering, forms,
    lists, CSV files, history and description. Documents that nest the rows do not have them, so the OpenAPI document
    calls the extended schema ``ExtendedShoppingRecord``. Two fields of one name are a configuration conflict.

    :param path: of the resource; the package that serves it may be enabled earlier or later
    :raises ConfigurationError: at the end of startup, if no enabled package serves the resource, if a field's name is
        taken, or if the extension's model cannot store its fields
    """
    instance = extension()

    def register():
        ResourceAdditions.of(config.registry)[path].extensions.append(instance)

    _add(config, "extend_resource", "extensions", path, extension.__name__, register, instance)
    for field in instance.fields:
        name = f"{path}: {field.name}"
        add_action(config, "extension fields", name, None, field, order=PHASE0_CONFIG)


def add_validator(config, path: str, validator: Validator) -> None:
    """Check the changes of a resource's rows: ``validator(db, changes)`` refuses by ``add_error`` of a change.

    ::

        def check_closed_stores(db, changes):
            closed = set(db.scalars(select(ClosedStore.id)))
            for change in changes:
                if change.new["store_id"] in closed:
                    change.add_error("store_id", _("This store is closed."))

        config.add_validator("shopping-records", check_closed_stores)

    It is called with the session and all `shoptrack.events.RowChange` of one request together, whether rows are added
    or changed, by the API, a form or a command. Values are valid by the resource's description already, except for
    what only the database can check. Ask it once for all changes.

    :param path: of the resource
    :raises ConfigurationError: at the end of startup, if no enabled package serves the resource
    """

    def register():
        ResourceAdditions.of(config.registry)[path].validators.append(validator)

    name = f"{validator.__module__}.{getattr(validator, '__qualname__', validator)}"
    _add(config, "add_validator", "validators", path, name, register, validator)


def add_warnings(
    config, path: str, find: Callable[[CheckedRows], None], *, needs: Collection[str] = ()
) -> None:
    """Warn about unlikely rows of a resource, without refusing them: ``find(checked)`` calls ``add_warning`` of a row.

    ::

        def find_closed_stores(checked):
            closed = set(checked.connection.scalars(select(ClosedStore.id)))
            for row in checked.rows:
                if row.values["store_id"] in closed:
                    row.add_warning("store_id", "store_closed", _("This store is closed."))

        config.add_warnings("shopping-records", find_closed_stores, needs={"stores:view"})

    It is called with up to 1,000 rows at once, most of which are stored already. Clients get its warnings by
    ``?warnings=true`` and at ``/api/shopping-records/{id}/warnings/``. It is not called for a user who may not view the
    rows. Its errors are logged and refuse nothing.

    :param path: of the resource
    :param needs: further permissions, if the function reads other rows
    :raises ConfigurationError: at the end of startup, if no enabled package serves the resource
    """

    def register():
        finder = WarningFinder(find, frozenset(needs))
        ResourceAdditions.of(config.registry)[path].warning_finders.append(finder)

    name = f"{find.__module__}.{getattr(find, '__qualname__', find)}"
    _add(config, "add_warnings", "warnings", path, name, register, find)


def add_error(config, path: str, error: type[DomainError]) -> None:
    """Document an error that the plugin raises when rows of a resource change, as in a subscriber.

    ::

        class MonthIsClosed(Conflict):
            '''The month of the record is closed.'''

            code = "month_is_closed"
            detail = _("This month is closed.")

        config.add_error("shopping-records", MonthIsClosed)

    :param path: of the resource
    :raises ConfigurationError: at the end of startup, if no enabled package serves the resource
    """

    def register():
        ResourceAdditions.of(config.registry)[path].errors.append(error)

    _add(config, "add_error", "errors", path, error.__name__, register, error)


def add_filter(
    config,
    path: str,
    field: Field,
    make_condition: Callable[[Any, Any], Condition],
    *,
    needs: Collection[str] = (),
) -> None:
    """Add a filter to the list of a resource.

    ::

        def is_refund(record, value):
            return (record.price < 0) == value

        field = Boolean("is_refund", description="Rows with a negative price.")
        config.add_filter("shopping-records", field, is_refund)

    ``GET /api/shopping-records/?is_refund=true`` then lists the refunds. Two filters of one name are a configuration
    conflict.

    :param path: of the resource
    :param field: its name is the parameter's; it converts and describes the values
    :param make_condition: returns a SQLAlchemy condition for the resource's model and the value's placeholder
    :param needs: further permissions, if the condition reads other rows, such as ``{"stores:view"}``
    :raises ConfigurationError: at the end of startup, if no enabled package serves the resource, or if its list has a
        filter of this name
    """

    def make_filter(scope: FilterScope) -> Filter:
        return Filter(
            field.name,
            field.parse,
            make_condition(scope.model, bindparam(field.name)),
            field.get_request_schema(),
            field.description,
            scope.needs | frozenset(needs),
        )

    def register():
        ResourceAdditions.of(config.registry)[path].filters.append(make_filter)

    _add(config, "add_filter", "filters", path, field.name, register, field)


def add_unit_factors(config, find_factor: FindFactor) -> None:
    """Tell how many of another unit one of a unit is: ``find_factor(connection, unit_id, other_id)``.

    ::

        def find_factor(connection, unit_id, other_id):
            if {unit_id, other_id} <= get_spoon_ids(connection):
                return Fraction(3)

        config.add_unit_factors(find_factor)

    When products with different units are merged, the quantities of their shopping records are multiplied by the
    factor. The function returns an exact number greater than 0, or ``None`` if it does not know the units. Where
    several packages know a factor, the one that was enabled first decides. The same function twice is a configuration
    conflict.
    """

    def register():
        UnitFactors.of(config.registry).append(find_factor)

    name = f"{find_factor.__module__}.{getattr(find_factor, '__qualname__', find_factor)}"
    add_action(config, "unit factors", name, register, find_factor)


def _add(
    config,
    directive: str,
    category: str,
    path: str,
    name: str,
    register: Callable[[], None],
    what: Any,
) -> None:
    # Resources are served by actions of PHASE1_CONFIG, so whatever is added to them comes before.
    add_action(config, category, f"{path}: {name}", register, what, order=PHASE0_CONFIG)
    config.action(
        None, lambda: find_resource(config.registry, directive, path), order=AFTER_RESOURCES
    )
