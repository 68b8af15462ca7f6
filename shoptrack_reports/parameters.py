"""Query parameters of reports: their own, and the filters of shopping records."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import (
    SHOW_ALL,
    Hidden,
    JSONSchema,
    ListParameters,
    QueryShape,
    QueryString,
    check_parameters,
)
from shoptrack.rest import Parameter, describe_list_parameters

RECORDS = frozenset({ShoppingRecordResource.permission("view")})
SUMMED_BY = ("purchase_date", "product_id", "store_id")  # fields of records that every report shows


@dataclass(frozen=True)
class ReportParameter:
    """A report's own query parameter.

    :param parse: converts the text to a value, or raises ``InvalidValue``
    :param schema: the JSON Schema of its values
    :param required_message: the error if the parameter is missing; "" for an optional one
    :param is_repeatable: whether several parameters of this name count as one with commas
    """

    name: str
    parse: Callable[[str], Any]
    schema: JSONSchema
    description: str
    default: Any = None
    required_message: str = ""
    is_repeatable: bool = False


@dataclass(frozen=True)
class ReportQuery:
    """The parsed query string of a report.

    :param options: the values of the report's own parameters, by name
    :param filters: the filters of records, as sent
    :param shape: the filters' conditions, ``conditions``, with placeholders for ``values``
    :param hidden: view permissions that the caller lacks
    """

    options: dict[str, Any]
    filters: Sequence[tuple[str, str]]
    shape: QueryShape
    values: dict[str, Any]
    hidden: Hidden

    def __getitem__(self, name: str) -> Any:
        """Return the value of one of the report's own parameters."""
        return self.options[name]


class ReportParameters:
    """The query parameters of one report.

    :param fields: prefixes of the accepted filters of records, such as ``purchase_date``; by default all are accepted
    """

    def __init__(self, options: Iterable[ReportParameter], fields: tuple[str, ...] = ()):
        self._options = {option.name: option for option in options}
        self._of_records = ListParameters(ShoppingRecordResource())
        self._filter_names = {
            name
            for name in (*self._of_records.filters, "search")
            if not fields or name.startswith(fields)
        }
        self._possible = {*self._options, *self._filter_names}
        self._several = (self._of_records.repeatable & self._filter_names) | {
            option.name for option in self._options.values() if option.is_repeatable
        }

    @property
    def openapi_parameters(self) -> list[Parameter]:
        """Return the parameters for the OpenAPI document."""
        own = [
            Parameter(option.name, option.schema, option.description, bool(option.required_message))
            for option in self._options.values()
        ]
        return own + [
            parameter
            for parameter in describe_list_parameters(self._of_records)
            if parameter.name in self._filter_names
        ]

    def parse(
        self, pairs: Iterable[tuple[str, str]], hidden: Hidden = SHOW_ALL, **defaults: Any
    ) -> ReportQuery:
        """Parse a query string.

        :param hidden: view permissions that the caller lacks
        :param defaults: of the report's own parameters, if a setting decides
        :raises Forbidden: naming each parameter about data that the caller may not view
        :raises ValidationError: naming each unknown, invalid, missing or duplicate parameter
        """
        query_string = QueryString(pairs, self._possible, self._several)
        check_parameters(((name, self._needs(name)) for name in query_string.texts), hidden)
        options = {}
        for name, option in self._options.items():
            options[name] = query_string.get(name, option.parse, defaults.get(name, option.default))
            if option.required_message and name not in query_string.texts:
                query_string.errors[name] = [option.required_message]
        filters = [
            (name, text) for name, text in query_string.texts.items() if name in self._filter_names
        ]
        try:
            list_query = self._of_records.parse(filters)
        except ValidationError as invalid:
            raise ValidationError(query_string.errors | invalid.errors) from None
        query_string.raise_errors()
        return ReportQuery(options, filters, list_query.shape, list_query.values, hidden)

    def _needs(self, name: str) -> frozenset[str]:
        """Return the view permissions that a filter requires beyond ``reports:view``."""
        needs = self._of_records.needs(name) if name in self._filter_names else frozenset()
        return needs if needs == RECORDS and not name.startswith(SUMMED_BY) else needs - RECORDS
