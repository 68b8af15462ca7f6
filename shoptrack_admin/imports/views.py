"""The pages of an import: the form, and the confirmation of what a dry run has found."""

from functools import partial
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import DomainError, ValidationError
from shoptrack.resources import InvalidValue, ServedResources, parse_id
from shoptrack.rest import csv_import
from shoptrack_admin.imports.uploads import (
    UploadGone,
    delete_upload,
    find_upload,
    open_upload,
    store_upload,
)
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _, translate_for_request

OPTIONS = ("mapping", "date_format", "encoding", "delimiter", "ignore_ids")
ENCODING_LABELS = {"utf-8": "UTF-8", "cp932": "Shift_JIS (cp932)", "utf-16": "UTF-16"}
DELIMITERS = {",": ",", ";": ";", "tab": _("Tab")}
OUTCOMES = {
    "new": _("New"),
    "changed": _("Changed"),
    "same": _("There already"),
    "faulty": _("Faulty"),
    "skipped": _("Left out"),
}


class ImportViews:
    """The import of a resource."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin
        self._path = admin.resource.path

    def show_form(self, request) -> dict[str, Any]:
        """Show the form."""
        return self._show(request, {})

    def upload(self, request) -> Any:
        """Plan the import of the file, and keep it until it is confirmed."""
        uploaded = request.form_files.get("file")
        if uploaded is None or not uploaded.size:
            return self._show(request, request.form, {"file": [_("Choose a file.")]})
        texts = {name: text for name in OPTIONS if (text := request.form.get(name))}
        try:
            options = csv_import.parse_options(request.registry, self._path, texts)
            with csv_import.plan_file(request, self._path, uploaded.file, options) as plan:
                report = self._make_report(request, plan)
        except ValidationError as invalid:
            return self._show(request, request.form, invalid.errors)
        except DomainError as error:
            return self._show(request, request.form, {"file": [error.detail]})
        id = store_upload(
            request.db,
            request.identity.id,
            self._path,
            uploaded.name,
            uploaded.file,
            texts,
            report,
        )
        return HTTPSeeOther(self.admin.path(request, "import-file", id=id))

    def show_report(self, request) -> Any:
        """Show what the import would do."""
        return self._show_report(request, self._find(request))

    def confirm(self, request) -> Any:
        """Import the file, as it was planned before."""
        upload = self._find(request)
        options = csv_import.parse_options(request.registry, self._path, upload.options)
        with (
            open_upload(request.reader, upload.id) as file,
            csv_import.plan_file(request, self._path, file, options) as plan,
        ):
            if plan.faults.lines:  # the data have changed since
                request.response.status_int = 400
                report = self._make_report(request, plan)
                return self._show_report(request, upload, report)
            delete_upload(request.db, upload.id)
            try:
                counts = csv_import.store(request, plan)["counts"]
            except csv_import.FaultyFile as faulty:  # which only the writing has shown
                request.response.status_int = 400
                return self._show_report(
                    request, upload, self._translate(request, faulty.report) | {"warnings": []}
                )
        number = counts["new"] + counts["changed"]
        request.messages.add(
            _("Lines of “${name}” imported: ${count}", name=upload.name, count=number)
        )
        return HTTPSeeOther(self.admin.path(request))

    def _make_report(self, request, plan: Any) -> dict[str, Any]:
        """Return the report of a dry run in the user's language, with warnings if there are no faults."""
        report = csv_import.make_report(plan, request.registry, is_dry_run=True)
        self._translate(request, report)
        translate = partial(translate_for_request, request)
        has_faults = bool(plan.faults.lines)
        warnings = [] if has_faults else csv_import.make_warnings(request, plan, translate)
        return report | {"warnings": warnings}

    def _translate(self, request, report: dict[str, Any]) -> dict[str, Any]:
        for fault in report["faults"]:
            fault["message"] = translate_for_request(request, fault["message"])
        return report

    def _find(self, request) -> Any:
        try:
            id = parse_id(request.matchdict["id"])
        except InvalidValue:
            raise UploadGone from None
        return find_upload(request.reader, request.identity.id, self._path, id)

    def _show(self, request, values, errors=None) -> dict[str, Any]:
        if errors:
            request.response.status_int = 400
        return {
            "admin": self.admin,
            "values": values,
            "errors": errors or {},
            "mappings": csv_import.get_mappings(request.registry, self._path),
            "date_formats": csv_import.DATE_FORMATS,
            "encodings": ENCODING_LABELS,
            "delimiters": DELIMITERS,
        }

    def _show_report(self, request, upload: Any, report: Any = None) -> dict[str, Any]:
        report = report or upload.report
        served = ServedResources.of(request.registry)
        return {
            "admin": self.admin,
            "upload": upload,
            "report": report,
            "outcomes": OUTCOMES,
            "can_confirm": not report["counts"]["faulty"]
            and report["counts"]["new"] + report["counts"]["changed"] > 0,
            "plurals": {path: resource.plural() for path, resource in served.items()},
        }
