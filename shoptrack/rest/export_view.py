"""The export of a resource: all rows of its list as a CSV file."""

from hashlib import blake2b
from typing import Any

from shoptrack.i18n.translation import LANGUAGES
from shoptrack.resources.csv import CsvExport
from shoptrack.resources.csv.encodings import DELIMITERS, ENCODINGS
from shoptrack.resources.csv.export import FORMATS, HEADINGS
from shoptrack.resources.list_query import PAGING
from shoptrack.resources.repository import Repository
from shoptrack.rest import csv_export, etags, views
from shoptrack.rest.description import (
    Header,
    OperationDescription,
    Parameter,
    ResponseDescription,
)
from shoptrack.rest.resource_descriptions import describe_list_parameters

PARAMETERS = (
    Parameter(
        "format",
        {"type": "string", "enum": list(FORMATS), "default": FORMATS[0]},
        "The kind of file.",
    ),
    Parameter(
        "encoding",
        {"type": "string", "enum": list(ENCODINGS), "default": ENCODINGS[0]},
        "The file's encoding. `utf-8-sig` begins with a byte order mark, which Excel needs. `cp932` is "
        "Windows' Shift_JIS; characters that it lacks are written as `&#128512;`.",
    ),
    Parameter(
        "delimiter",
        {"type": "string", "enum": list(DELIMITERS), "default": ","},
        "The character between two cells.",
    ),
    Parameter(
        "headings",
        {"type": "string", "enum": list(HEADINGS)},
        "The first line: `keys` for the columns' stable names, or headings in a language. The default "
        "is the language of `Accept-Language`, else English.",
    ),
)

MEDIA_TYPES = ("text/csv",)


class ExportView:
    """The view of one resource in one application."""

    def __init__(self, repository: Repository):
        self.export = CsvExport(repository)

    def read(self, request) -> Any:
        """Respond with the file."""
        repository = self.export.repository
        hidden = repository.get_hidden(request.identity)
        query = self.export.parameters.parse(list(request.GET.items()), hidden)
        language = request.accept_language.lookup(list(LANGUAGES), default=LANGUAGES[0])
        request.response.vary = (*(request.response.vary or ()), "Accept-Language")
        version, newest = repository.get_version(request.reader, query.shape, hidden)
        if version is not None:
            options = repr((sorted(query.options.items()), language)).encode()
            etag = f"{version}-{blake2b(options, digest_size=4).hexdigest()}"
            if etags.is_not_modified(request, etag, is_strong=False):
                return etags.make_not_modified(request)
        return csv_export.respond_with_rows(
            request,
            self.export,
            query,
            hidden,
            language=language,
            is_short=newest <= views.STREAM_THRESHOLD_ROWS,
        )


def describe_export(export: CsvExport) -> OperationDescription:
    """Return the description of an export's view."""
    many = export.resource.path.replace("-", " ")
    headers = [
        Header("Content-Disposition", "The file's name."),
        Header(
            "ETag", "Changes with any row of the list. `If-None-Match` takes it.", is_required=False
        ),
    ]
    selecting = (
        parameter
        for parameter in describe_list_parameters(export.parameters)
        if parameter.name not in PAGING
    )
    known = ResponseDescription(
        304, "The client has it already.", headers=[Header("ETag", "The tag that it sent.")]
    )
    return OperationDescription(
        summary=f"Export {many}",
        query=(*selecting, *PARAMETERS),
        responses=[
            ResponseDescription(
                200,
                f"All {many} that match, with the headings in the first line.",
                {"type": "string"},
                headers,
                example=export.make_example(),
                media_types=MEDIA_TYPES,
            ),
            known,
        ],
    )
