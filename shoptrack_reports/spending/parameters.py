"""The parameters of the report of what was spent."""

from shoptrack.i18n.text_input import shorten
from shoptrack.resources.fields import InvalidValue
from shoptrack.resources.query_string import integer_between, one_of
from shoptrack_reports.cuts import CUTS, LATEST_MONTH_START
from shoptrack_reports.parameters import Option, Parameters
from shoptrack_reports.spending.groups import GROUPS

MOST_KEYS = 2
NAMES = (*CUTS, *GROUPS)
POSSIBLE = f"Possible are: {', '.join(NAMES)}."
FORMATS = {"json": "application/json", "csv": "text/csv", "svg": "image/svg+xml"}
MARKED, UNMARKED = "utf-8-sig", "utf-8"  # with and without a byte order mark


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if name not in NAMES:
            raise InvalidValue(f"Cannot group by {shorten(name)!r}. {POSSIBLE}")
        if names.count(name) > 1:
            raise InvalidValue(f"{name!r} stands twice.")
    if len(names) > MOST_KEYS:
        raise InvalidValue(f"Name at most {MOST_KEYS}.")
    return names


PARAMETERS = Parameters(
    (
        Option(
            "group_by",
            _names,
            {
                "type": "array",
                "items": {"type": "string", "enum": list(NAMES)},
                "minItems": 1,
                "maxItems": MOST_KEYS,
                "uniqueItems": True,
            },
            "One or two of these, by commas.",
            missing=f"This field is required. {POSSIBLE}",
            several=True,
        ),
        Option(
            "month_start",
            integer_between(1, LATEST_MONTH_START),
            {"type": "integer", "minimum": 1, "maximum": LATEST_MONTH_START},
            "The day on which months begin, for those who count from pay-day to pay-day. A month is "
            "called by the calendar's month in which it begins. Without it the household's setting "
            "counts, `SHOPTRACK_MONTH_START`.",
        ),
        Option(
            "format",
            one_of(*FORMATS),
            {"type": "string", "enum": list(FORMATS)},
            "The format, whatever the header `Accept` says.",
        ),
        Option(
            "encoding",
            one_of(MARKED, UNMARKED),
            {"type": "string", "enum": [MARKED, UNMARKED], "default": MARKED},
            f"Of a file. Excel takes one that lacks the mark of `{MARKED}` for one in an older encoding.",
            default=MARKED,
        ),
    )
)
