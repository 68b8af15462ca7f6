"""What a report is asked for: parameters of its own, beside filters of the list of records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shoptrack.api.clauses import Clause
from shoptrack.api.description import Parameter
from shoptrack.api.fields import REQUIRED, JSONSchema, Refused
from shoptrack.api.filters import Filter, filters_of
from shoptrack.api.parameters import sort_out
from shoptrack.errors import Invalid
from shoptrack.records.resources import ShoppingRecordResource


@dataclass(frozen=True)
class Option:
    """A parameter of a report's own.

    :param parse: turns what was sent into a value, or raises ``Refused``
    :param schema: what can be sent, in the words of Swagger 2.0
    :param several: whether it may be sent several times, which is the same as commas
    """

    name: str
    parse: Callable[[str], Any]
    schema: JSONSchema
    description: str
    default: Any = None
    required: bool = False
    several: bool = False


@dataclass(frozen=True)
class Asked:
    """What one request asks for.

    :param options: the value of every option, by name
    :param filters: the names of those that were sent, in one order whatever theirs
    :param values: what to put in for their placeholders
    """

    options: dict[str, Any]
    filters: tuple[str, ...]
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """Return the value of an option."""
        return self.options[name]


class Parameters:
    """The parameters of one report.

    :param filters: those of the list of records that it takes
    """

    def __init__(self, options: Sequence[Option], filters: Mapping[str, Filter]):
        self._options = {option.name: option for option in options}
        self._filters = filters
        self._several = {name for name in filters if name.endswith("__in")} | {
            option.name for option in options if option.several
        }

    @property
    def described(self) -> list[Parameter]:
        """Return what the API's description says of them."""
        return [
            *(
                Parameter(option.name, option.schema, option.description, option.required)
                for option in self._options.values()
            ),
            *(Parameter(name, f.schema, f.finds) for name, f in self._filters.items()),
        ]

    def parse(self, pairs: Iterable[tuple[str, str]]) -> Asked:
        """Return what these parameters ask for.

        :raises Invalid: naming each that is unknown, faulty, missing or sent twice
        """
        sent, errors = sort_out(pairs, {*self._options, *self._filters}, self._several)

        def take(name: str, parse: Callable[[str], Any]) -> Any:
            try:
                return parse(sent[name])
            except Refused as refused:
                errors[name] = list(refused.args)
                return None

        options = {}
        for name, option in self._options.items():
            if name in sent:
                options[name] = take(name, option.parse)
            else:
                options[name] = option.default
                if option.required:
                    errors[name] = [REQUIRED]
        filters = tuple(sorted(sent.keys() & self._filters.keys()))
        values = {name: take(name, self._filters[name].parse) for name in filters}
        if errors:
            raise Invalid(errors)
        return Asked(options, filters, values)

    def clauses(self, filters: Iterable[str]) -> list[Clause]:
        """Return the conditions of filters on ``shopping_records``, with placeholders for values."""
        return [self._filters[name].clause for name in filters]


def record_filters(*prefixes: str) -> dict[str, Filter]:
    """Return filters of the list of records: those whose names begin so, or all."""
    return {
        name: filter
        for name, filter in filters_of(ShoppingRecordResource).items()
        if not prefixes or name.startswith(prefixes)
    }


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that takes one of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise Refused(f"Must be one of {', '.join(choices)}.")
        return text

    return parse
