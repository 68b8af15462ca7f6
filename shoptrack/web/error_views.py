"""The exception view, and the conversion of other errors to domain errors."""

import json
from typing import Any

import orjson
from pyramid.exceptions import URLDecodeError
from pyramid.httpexceptions import (
    HTTPException,
    HTTPForbidden,
    HTTPMethodNotAllowed,
    HTTPNotFound,
    HTTPRedirection,
)
from pyramid.interfaces import ISecurityPolicy
from pyramid.response import Response
from pyramid_retry import is_error_retryable, mark_error_retryable
from pyramid_tm import maybe_tag_retryable

from shoptrack.db import database_errors
from shoptrack.errors import BadRequest, DomainError, MethodNotAllowed, NotAuthenticated, NotFound
from shoptrack.i18n.translation import _
from shoptrack.permissions import Permissions
from shoptrack.web.refusal_log import RefusalLog
from shoptrack.web.request_path import is_api_path


class ServerError(DomainError):
    """An unexpected error. The log has the details, and the client gets the request ID."""

    status = 500
    detail = _("Internal server error. See the server log for details.")


class LibraryHTTPError(DomainError):
    """An HTTP exception of a library."""

    def __init__(self, exception: HTTPException):
        super().__init__(exception.detail or exception.explanation or exception.title)
        self.status = exception.status_int  # type: ignore[misc]


def convert_to_domain_error(request, error: BaseException) -> DomainError:
    """Return the domain error for any exception."""
    match error:
        case DomainError():
            return error
        case HTTPForbidden():
            return request.registry.getUtility(ISecurityPolicy).make_denial(request)
        case HTTPMethodNotAllowed():
            return MethodNotAllowed(request.method, sorted(error.allow or ()))
        case HTTPNotFound():
            return NotFound()
        case HTTPException():
            return LibraryHTTPError(error)
        case URLDecodeError():
            return BadRequest("The address is not valid UTF-8.")
    return database_errors.convert_database_error(error) or ServerError()


def make_error_response(request, error: BaseException) -> Response:
    """Return the response to an error: JSON below ``/api/``, plain text elsewhere."""
    known = convert_to_domain_error(request, error)
    body = known.body()
    if known.status >= 500:
        body = body | {"request_id": request.request_id}
    if is_api_path(request.environ):
        response = Response(_dump(body), content_type="application/json")
    else:
        response = Response(f"{body.get('detail', known)}\n", content_type="text/plain")
        response.headers["Cache-Control"] = "no-store"
    response.status_int = known.status
    response.headers.update(_challenge(request.registry, known))
    response.headers.update(known.headers())
    return response


def _dump(body: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:
        # A message quotes half of a character, which a client has sent. As an escape it is valid JSON.
        return json.dumps(body).encode()


def _challenge(registry, error: DomainError) -> dict[str, str]:
    """Return the header with the authentication schemes, for an error that requires it."""
    if isinstance(error, NotAuthenticated) and error.has_challenge:
        challenges = Permissions.of(registry).get_challenges()
        if challenges:
            return {"WWW-Authenticate": ", ".join(challenges)}
    return {}


def error_view(error: Exception, request, respond=make_error_response) -> Response:
    """Respond to an exception that no view of a plugin handles.

    :param respond: makes the response of the request and the exception; pages of a plugin have their own
    """
    if isinstance(error, HTTPRedirection):
        return error
    if "tm.active" in request.environ:
        # pyramid_tm does not mark the error as retryable where its veto has seen the error response.
        maybe_tag_retryable(request, request.exc_info)
    if request.method in ("GET", "HEAD") and database_errors.is_disconnect(error):
        # For example after a restart of the database: reading again over a new connection is safe.
        mark_error_retryable(error)
    response = respond(request, error)
    # An attempt that will be repeated is not a failure yet.
    if response.status_int >= 500 and not is_error_retryable(request, error):
        request.registry[RefusalLog].log_failure(f"{request.method} {request.path}", error)
    return response


def includeme(config):
    """Register the view for every exception."""
    config.include("shoptrack.web.refusal_log")
    for context in (Exception, HTTPException):
        config.add_exception_view(error_view, context=context)
    config.add_notfound_view(error_view)
    config.add_forbidden_view(error_view)
