"""The responses of the spending report, for the OpenAPI document."""

from typing import Any

from shoptrack.resources import ID, JSONSchema, or_id
from shoptrack.rest import Header, ResponseDescription, allow_null, object_schema
from shoptrack_reports.spending.dimensions import DIMENSIONS, Dimension
from shoptrack_reports.spending.query import FORMATS, NAMES

TEXT: JSONSchema = {"type": "string"}
DATE: JSONSchema = {"type": "string", "format": "date"}
AMOUNT: JSONSchema = {"type": "integer", "format": "int64"}
COUNT: JSONSchema = {"type": "integer", "minimum": 0}
PERIODS: dict[str, JSONSchema] = {
    "day": DATE,
    "week": {**TEXT, "pattern": r"^\d{4}-W\d{2}$", "description": "A week of ISO 8601."},
    "month": {
        **TEXT,
        "pattern": r"^\d{4}-\d{2}$",
        "description": "The calendar month of its first day.",
    },
    "year": {"type": "integer"},
    "weekday": {"type": "integer", "minimum": 1, "maximum": 7, "description": "1 is a Monday."},
}
EXAMPLE: dict[str, Any] = {
    "group_by": ["month", "category"],
    "month_start": 25,
    "from": "2025-04-25",
    "to": "2025-05-24",
    "total": 1200,
    "count": 2,
    "rows": [
        {
            "month": "2025-04",
            "category": {"id": 1, "name": "Meat"},
            "total": 1200,
            "count": 2,
            "records": "/api/shopping-records/?purchase_date__gte=2025-04-25"
            "&purchase_date__lte=2025-05-24&category_id=1",
        }
    ],
}
PICTURE_EXAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" role="img">…</svg>'
FILE_EXAMPLE = "month,category_id,category,total,count,currency\r\n2025-04,1,Meat,1200,2,JPY\r\n"


def _make_report_schema() -> JSONSchema:
    row = object_schema(
        **PERIODS,
        **{name: _make_member_schema(group) for name, group in DIMENSIONS.items()},
        total=AMOUNT,
        count=COUNT,
        records={**TEXT, "description": "The URL of the row's records."},
    )
    # A row has only the requested keys.
    row["required"] = ["total", "count", "records"]
    days: JSONSchema = {
        "from": allow_null(DATE),
        "to": allow_null(DATE),
    }
    return object_schema(
        group_by={"type": "array", "items": {**TEXT, "enum": list(NAMES)}},
        month_start={"type": "integer"},
        **days,
        total=AMOUNT,
        count=COUNT,
        rows={"type": "array", "items": row},
    )


def _make_member_schema(group: Dimension) -> JSONSchema:
    member = or_id(object_schema(id=ID, **dict.fromkeys(group.texts, TEXT)))
    return allow_null(member) if group.is_optional else member


FILE = Header("Content-Disposition", "The name of the file.", is_required=False)
CSV, SVG = (FORMATS["csv"],), (FORMATS["svg"],)
RESPONSES = (
    ResponseDescription(200, "The report.", _make_report_schema(), example=EXAMPLE),
    ResponseDescription(
        200,
        "The rows as a CSV file, with totals as amounts of the currency: `12.80` for 1280 cents.",
        TEXT,
        [FILE],
        FILE_EXAMPLE,
        media_types=CSV,
    ),
    ResponseDescription(200, "The report as a chart.", TEXT, [], PICTURE_EXAMPLE, media_types=SVG),
)
