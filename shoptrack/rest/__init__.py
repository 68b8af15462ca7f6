"""How resources and other endpoints are served: Cornice services, bodies, negotiation, ETags and CSV files."""

from shoptrack.rest import csv_export, csv_import
from shoptrack.rest.body import ParseError, parse_form, parse_json, read_body
from shoptrack.rest.description import (
    FILE,
    Component,
    Header,
    OperationDescription,
    Parameter,
    ResponseDescription,
    SecurityScheme,
    allow_null,
    describe_view,
    object_schema,
)
from shoptrack.rest.etags import (
    PreconditionFailed,
    check_if_match,
    is_not_modified,
    make_not_modified,
)
from shoptrack.rest.form_files import FormFile, open_form
from shoptrack.rest.idempotency import (
    IdempotencyKeyReused,
    StoredResponse,
    find_stored_response,
    store_response,
)
from shoptrack.rest.merge_views import read_factor
from shoptrack.rest.negotiation import check_accept, select_media_type
from shoptrack.rest.path_ids import make_not_found, parse_path_id
from shoptrack.rest.resource_descriptions import describe_list_parameters
from shoptrack.rest.service import Service
from shoptrack.rest.visibility import find_hidden
from shoptrack.web.ranges import RangeNotSatisfiable
from shoptrack.web.streams import stream

__all__ = [
    "FILE",
    "Component",
    "FormFile",
    "Header",
    "IdempotencyKeyReused",
    "OperationDescription",
    "Parameter",
    "ParseError",
    "PreconditionFailed",
    "RangeNotSatisfiable",
    "ResponseDescription",
    "SecurityScheme",
    "Service",
    "StoredResponse",
    "allow_null",
    "check_accept",
    "check_if_match",
    "csv_export",
    "csv_import",
    "describe_list_parameters",
    "describe_view",
    "find_hidden",
    "find_stored_response",
    "is_not_modified",
    "make_not_found",
    "make_not_modified",
    "object_schema",
    "open_form",
    "parse_form",
    "parse_json",
    "parse_path_id",
    "read_body",
    "read_factor",
    "select_media_type",
    "store_response",
    "stream",
]


def includeme(config):
    """Set up Cornice and orjson, and list all resources at ``/api/``."""
    # Cornice's own exception views would take precedence over the application's exception view.
    config.add_settings({"handle_exceptions": False})
    config.include("cornice")
    config.include("shoptrack.rest.render")
    config.include("shoptrack.rest.root")
    config.include("shoptrack.rest.idempotency")
    config.include("shoptrack.openapi")
