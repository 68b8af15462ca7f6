"""What a report is asked for: parameters of its own, beside those that narrow the list of records."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.fields import JSONSchema
from shoptrack.resources.list_query import ListParameters
from shoptrack.resources.list_statements import QueryShape
from shoptrack.resources.query_string import QueryString
from shoptrack.resources.visibility import SHOW_ALL, Hidden, check_parameters
from shoptrack.rest.description import Parameter
from shoptrack.rest.resource_descriptions import describe_list_parameters

RECORDS = frozenset({ShoppingRecordResource.permission("view")})
SUMMED_BY = ("purchase_date", "product_id", "store_id")  # what any report tells of records


@dataclass(frozen=True)
class Option:
    """A parameter of a report's own.

    :param parse: turns what was sent into a value, or raises ``InvalidValue``
    :param schema: the JSON Schema of its values
    :param missing: the sentence for who does not send it; without one it may be left out
    :param several: whether it may be sent several times, which is the same as commas
    """

    name: str
    parse: Callable[[str], Any]
    schema: JSONSchema
    description: str
    default: Any = None
    missing: str = ""
    several: bool = False


@dataclass(frozen=True)
class Asked:
    """What one request asks for.

    :param options: the value of every option, by name
    :param narrowing: what narrows the records, as it was sent
    :param form: of a list that is narrowed so: its ``conditions``, with placeholders for ``values``
    :param hidden: the permissions to view that the caller lacks
    """

    options: dict[str, Any]
    narrowing: Sequence[tuple[str, str]]
    form: QueryShape
    values: dict[str, Any]
    hidden: Hidden

    def __getitem__(self, name: str) -> Any:
        """Return the value of an option."""
        return self.options[name]


class Parameters:
    """The parameters of one report.

    :param fields: what records are narrowed by, such as ``purchase_date``, with all filters whose names begin so; by
        default everything that a list of records is narrowed by
    """

    def __init__(self, options: Iterable[Option], fields: tuple[str, ...] = ()):
        self._options = {option.name: option for option in options}
        self._of_records = ListParameters(ShoppingRecordResource())
        self._narrowing = {
            name
            for name in (*self._of_records.filters, "search")
            if not fields or name.startswith(fields)
        }
        self._possible = {*self._options, *self._narrowing}
        self._several = (self._of_records.repeatable & self._narrowing) | {
            option.name for option in self._options.values() if option.several
        }

    @property
    def described(self) -> list[Parameter]:
        """Return what the API's description says of them."""
        own = [
            Parameter(option.name, option.schema, option.description, bool(option.missing))
            for option in self._options.values()
        ]
        return own + [
            one for one in describe_list_parameters(self._of_records) if one.name in self._narrowing
        ]

    def parse(
        self, pairs: Iterable[tuple[str, str]], hidden: Hidden = SHOW_ALL, **defaults: Any
    ) -> Asked:
        """Return what these parameters ask for.

        :param hidden: the permissions to view that the caller lacks
        :param defaults: of options, where they are not the same for every household
        :raises Forbidden: naming each that asks about what the caller may not view
        :raises ValidationError: naming each that is unknown, faulty, missing or sent twice
        """
        sent = QueryString(pairs, self._possible, self._several)
        check_parameters(((name, self._needs(name)) for name in sent.texts), hidden)
        options = {}
        for name, option in self._options.items():
            options[name] = sent.get(name, option.parse, defaults.get(name, option.default))
            if option.missing and name not in sent.texts:
                sent.errors[name] = [option.missing]
        narrowing = [(name, text) for name, text in sent.texts.items() if name in self._narrowing]
        try:
            asked = self._of_records.parse(narrowing)
        except ValidationError as invalid:
            raise ValidationError(sent.errors | invalid.errors) from None
        sent.raise_errors()
        return Asked(options, narrowing, asked.shape, asked.values, hidden)

    def _needs(self, name: str) -> frozenset[str]:
        """Return the permissions to view what a filter looks at, beyond what any report tells of records."""
        needs = self._of_records.needs(name) if name in self._narrowing else frozenset()
        return needs if needs == RECORDS and not name.startswith(SUMMED_BY) else needs - RECORDS
