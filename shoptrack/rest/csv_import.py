"""Importing a CSV file: all of its rows are stored, or none. Pages with such an import use these functions, too."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import IO, Any

from pyramid_retry import mark_error_retryable

from shoptrack.errors import BadRequest, BodyTooLarge, Forbidden
from shoptrack.i18n.translation import LANGUAGES, _, make_translator
from shoptrack.resources.csv.faults import FaultyFile
from shoptrack.resources.csv.mappings import CsvMappings
from shoptrack.resources.csv.options import ImportOptions
from shoptrack.resources.csv.planning import ImportPlan, plan_import
from shoptrack.resources.csv.report import find_line_warnings, make_report
from shoptrack.resources.csv.writing import OutdatedImport, RefusedLines, store_plan
from shoptrack.resources.fields import InvalidValue, parse_boolean
from shoptrack.resources.fields.cells import DATE_FORMATS
from shoptrack.resources.query_string import QueryString
from shoptrack.resources.repository import Repository
from shoptrack.rest import row_warnings
from shoptrack.rest.body import parse_json
from shoptrack.rest.form_files import open_form
from shoptrack.rest.idempotency import peek_response, repeat_safely

__all__ = [
    "DATE_FORMATS",
    "MAX_BODY_BYTES",
    "FaultyFile",
    "get_mappings",
    "make_report",
    "parse_options",
    "plan_file",
    "store",
]

MAX_FILE_BYTES = 64 * 2**20
MAX_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024  # with the other parts of a form
MEDIA_TYPES = ("text/csv", "multipart/form-data")
CHUNK_BYTES = 65_536


def _parse_table(text: str) -> Any:
    try:
        return parse_json(text.encode(errors="surrogatepass"))
    except BadRequest:
        raise InvalidValue(
            _('This is no JSON. Send an object such as {"日付": "purchase_date"}.')
        ) from None


PARSERS: dict[str, Callable[[str], Any]] = {
    "columns": _parse_table,
    "defaults": _parse_table,
    "date_format": str,
    "language": str,
    "encoding": str,
    "delimiter": str,
    "ignore_ids": parse_boolean,
}
OPTIONS = ("dry_run", row_warnings.NAME, "mapping", *PARSERS)


def get_mappings(registry: Any, path: str) -> dict[str, str]:
    """Return the titles of a resource's ready mappings, by their names."""
    found = CsvMappings.of(registry).get(path, {})
    return {name: mapping.title for name, mapping in found.items()}


def read_options(registry: Any, path: str, params: QueryString) -> ImportOptions:
    """Return the options of an import.

    :param path: of the resource
    :raises ValidationError: naming each invalid one
    """
    mappings = CsvMappings.of(registry).get(path, {})

    def parse_mapping(name: str) -> dict[str, Any]:
        if name not in mappings:
            raise InvalidValue(_("Use one of: ${choices}.", choices=" ".join(mappings) or "-"))
        return mappings[name].options

    found: dict[str, Any] = {**params.get("mapping", parse_mapping, {})}
    for name in params.texts.keys() & PARSERS.keys():
        found[name] = params.get(name, PARSERS[name])
    params.raise_errors()
    return ImportOptions(**found)


def parse_options(registry: Any, path: str, texts: Mapping[str, str]) -> ImportOptions:
    """Return the options that a form has.

    :param texts: by the names of the API's parameters
    :raises ValidationError: naming each invalid one
    """
    return read_options(registry, path, QueryString(texts.items(), ("mapping", *PARSERS)))


@contextmanager
def plan_file(request, path: str, file: IO[bytes], options: ImportOptions) -> Iterator[ImportPlan]:
    """Return the plan of an import by a request's user. `make_report` reports it, and `store` stores it.

    :raises Forbidden: naming each permission that the file needs, and that the user lacks
    :raises BodyTooLarge: the file is too long
    """
    file.seek(0, 2)
    if file.tell() > MAX_FILE_BYTES:
        raise BodyTooLarge(f"The file is too long: at most {MAX_FILE_BYTES} bytes are taken here.")
    registry = request.registry
    languages = [make_translator(registry, language) for language in LANGUAGES]
    hidden = Repository.of(registry, path).get_hidden(request.identity)
    with plan_import(registry, path, file, options, languages=languages, hidden=hidden) as plan:
        lacking = [name for name in plan.needs if not request.has_permission(name)]
        if lacking:
            raise Forbidden(
                _("The file needs permissions that you lack: ${names}.", names=", ".join(lacking))
            )
        yield plan


def store(request, plan: ImportPlan) -> dict[str, Any]:
    """Store a plan in the request's transaction, and return the report.

    :raises FaultyFile: the file has faults
    :raises OutdatedImport: the data have changed; the request is tried again, three times in all
    """
    if not plan.faults.lines:
        try:
            store_plan(request.db, plan)
            return make_report(plan, request.registry, is_dry_run=False)
        except RefusedLines as error:
            plan.faults = error.faults
            plan.counts["faulty"] = error.faults.lines
        except OutdatedImport as error:
            mark_error_retryable(error)
            raise
    raise FaultyFile(make_report(plan, request.registry, is_dry_run=False))


def make_warnings(
    request, plan: ImportPlan, translate: Callable[[str], str] | None = None
) -> list[dict[str, Any]]:
    """Return the documents of what is unlikely about the lines of a plan: of the first hundred warnings.

    :param translate: into the language of a page; by default the client's language
    """
    found = find_line_warnings(plan, request.reader, request.has_permission)
    warnings = [warning for _line, warning in found]
    documents = row_warnings.make_documents(request, warnings, translate)
    for document, (line, _warning) in zip(documents, found, strict=True):
        del document["index"]
        document["line"] = line
    return documents


class CsvImportViews:
    """The view that imports rows of one resource in one application."""

    def __init__(self, repository: Repository):
        self.path = repository.resource.path

    def create(self, request) -> Any:
        """Import a CSV file: add its rows, and change those that it names by their ids. All of them, or none.

        The file is the body, or the part `file` of a form. The same file twice adds nothing. Two equal lines of a file
        are two rows, where the resource has such rows. Rows that the file names and that do not exist are added.
        """
        with _open_file(request) as (file, pairs):
            params = QueryString([*request.GET.items(), *pairs], OPTIONS)
            is_dry_run = params.get("dry_run", parse_boolean, False)
            with_warnings = params.get(row_warnings.NAME, parse_boolean, False)
            options = read_options(request.registry, self.path, params)
            content = _digest(pairs, file)
            # A dry run changes nothing, so it needs no key.
            if not is_dry_run and (stored := peek_response(request, content)) is not None:
                return stored
            with plan_file(request, self.path, file, options) as plan:
                warnings = (
                    {row_warnings.NAME: make_warnings(request, plan)} if with_warnings else {}
                )
                if is_dry_run:
                    return make_report(plan, request.registry, is_dry_run=True) | warnings
                # A file with faults stores nothing, and so needs no lock.
                view = repeat_safely(lambda request: _store(request, plan) | warnings, content)
                return store(request, plan) if plan.faults.lines else view(request)


def _store(request, plan: ImportPlan) -> dict[str, Any]:
    report = store(request, plan)
    if plan.counts["new"] or plan.counts["changed"]:
        request.response.status_int = 201
    return report


@contextmanager
def _open_file(request) -> Iterator[tuple[IO[bytes], list[tuple[str, str]]]]:
    """Return the file of a request, and the other fields of its form.

    :raises BadRequest: the form is malformed, or has no file
    """
    if not request.content_length:
        raise BadRequest(_("The body is empty. Send the file as the body."))
    if request.content_type != "multipart/form-data":
        yield request.environ["wsgi.input"], []
        return
    with open_form(request) as (pairs, files):
        if list(files) != ["file"]:
            raise BadRequest(_("Send the file as one part of the form, with the name file."))
        yield files["file"].file, pairs


def _digest(pairs: list[tuple[str, str]], file: IO[bytes]) -> bytes:
    """Return what makes two imports the same: the file and the options, and not the boundary of a form."""
    digest = blake2b(json.dumps(pairs).encode(), digest_size=32)
    file.seek(0)
    while part := file.read(CHUNK_BYTES):
        digest.update(part)
    return digest.digest()
