"""The OpenAPI description of an import."""

from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.resources.csv.encodings import DELIMITERS
from shoptrack.resources.csv.faults import FaultyFile
from shoptrack.resources.csv.mappings import CsvMappings
from shoptrack.resources.csv.reading import READABLE_ENCODINGS
from shoptrack.resources.csv.report import OUTCOMES
from shoptrack.resources.csv.writing import OutdatedImport
from shoptrack.resources.fields import ID, JSONSchema
from shoptrack.resources.fields.cells import DATE_FORMATS
from shoptrack.resources.resource import Resource
from shoptrack.rest import idempotency, row_warnings
from shoptrack.rest.description import (
    FILE,
    Component,
    OperationDescription,
    Parameter,
    ResponseDescription,
    allow_null,
    object_schema,
)

TEXT: JSONSchema = {"type": "string"}
COUNT: JSONSchema = {"type": "integer", "minimum": 0}
FAULT = object_schema(line={"type": "integer", "minimum": 1}, column=allow_null(TEXT), message=TEXT)
NEW_ROW = object_schema(
    name=TEXT,
    line={"type": "integer", "minimum": 1},
    near={"type": "array", "items": object_schema(id=ID, label=TEXT)},
)
REPORT = object_schema(
    dry_run={"type": "boolean"},
    encoding=allow_null(TEXT),
    delimiter=allow_null(TEXT),
    columns={
        "type": "object",
        "description": "The keys of columns, by their headings in the file.",
        "additionalProperties": TEXT,
    },
    ignored_columns={"type": "array", "items": TEXT},
    counts=object_schema(**dict.fromkeys(OUTCOMES, COUNT)),
    new_rows={
        "type": "array",
        "description": "Rows that the file names and that do not exist, by resource; in a dry run with existing "
        "rows whose names are near.",
        "items": object_schema(
            resource=TEXT, count=COUNT, rows={"type": "array", "items": NEW_ROW}
        ),
    },
    faults={"type": "array", "description": "The first hundred.", "items": FAULT},
)
FAULTY = object_schema(
    detail=TEXT, code={"type": "string", "enum": ["faulty_file"]}, **REPORT["properties"]
)
# Only if the client asks for them.
REPORT["properties"][row_warnings.NAME] = {
    "type": "array",
    "description": "With `warnings=true`: the first hundred. `line` is the line of the row.",
    "items": row_warnings.WARNING,
}


def _make_report_example(resource: Resource) -> dict[str, Any]:
    first = resource.schema.writable[0].key
    return {
        "dry_run": False,
        "encoding": "utf-8",
        "delimiter": ",",
        "columns": {first: first},
        "ignored_columns": [],
        "counts": {**dict.fromkeys(OUTCOMES, 0), "new": 9},
        "new_rows": [],
        "faults": [],
    }


def describe_import_parameters(registry, resource: Resource) -> list[Parameter]:
    """Return the query parameters of an import."""
    mappings = list(CsvMappings.of(registry).get(resource.path, {}))
    boolean = {"type": "boolean", "default": False}
    return [
        Parameter("dry_run", boolean, "Only report what the import would do. Nothing is stored."),
        *(
            [
                Parameter(
                    "mapping",
                    {"type": "string", "enum": mappings},
                    "How a program's files are read.",
                )
            ]
            if mappings
            else []
        ),
        Parameter(
            row_warnings.NAME,
            boolean,
            "Whether to report what is unlikely about the rows that are added or changed.",
        ),
        Parameter(
            "columns",
            TEXT,
            'A JSON object: keys of columns by the file\'s headings, as in `{"日付": "purchase_date"}`. An empty key '
            "ignores a column. Columns of the export are known without it.",
        ),
        Parameter(
            "defaults",
            TEXT,
            'A JSON object: texts for empty or missing cells, as in `{"quantity": "1"}`.',
        ),
        Parameter(
            "date_format",
            {"type": "string", "enum": list(DATE_FORMATS), "default": DATE_FORMATS[0]},
            "Of all days in the file. Leading zeros may be missing.",
        ),
        Parameter(
            "language",
            {"type": "string", "default": "en"},
            "The language whose separators numbers have, such as `de`.",
        ),
        Parameter(
            "encoding",
            {"type": "string", "enum": list(READABLE_ENCODINGS)},
            "By default it is recognised.",
        ),
        Parameter(
            "delimiter",
            {"type": "string", "enum": list(DELIMITERS)},
            "By default it is recognised.",
        ),
        Parameter(
            "ignore_ids", boolean, "Whether the ids in the file are those of another installation."
        ),
    ]


def describe_import(registry, resource: Resource) -> OperationDescription:
    """Return the description of the import of a resource."""
    many = resource.path.replace("-", " ")
    report = Component("ImportReport", REPORT)
    example = _make_report_example(resource)
    parameters = describe_import_parameters(registry, resource)
    return OperationDescription(
        summary=f"Import {many} from a CSV file",
        body={
            "type": "object",
            "required": ["file"],
            "properties": {"file": FILE, **{one.name: one.schema for one in parameters}},
        },
        example={"file": "…", "dry_run": True},
        query=parameters,
        headers=[idempotency.PARAMETER, row_warnings.LANGUAGE],
        responses=[
            ResponseDescription(
                200,
                "A dry run, or all rows were there already.",
                report,
                example=example | {"dry_run": True},
            ),
            ResponseDescription(201, "Rows were added or changed.", report, example=example),
            ResponseDescription(
                400,
                "The file has faults.",
                Component("FaultyFile", FAULTY),
                example={
                    "detail": FaultyFile.detail,
                    "code": FaultyFile.code,
                    **example,
                    "counts": {**dict.fromkeys(OUTCOMES, 0), "new": 8, "faulty": 1},
                    "faults": [
                        {
                            "line": 7,
                            "column": None,
                            "message": "The line has 4 cells, and the header 6.",
                        }
                    ],
                },
            ),
            ValidationError,
            OutdatedImport,
            *idempotency.ERRORS,
            *resource.errors,
        ],
    )
