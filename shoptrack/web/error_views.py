"""The one view that answers every error, and the mapping from foreign errors to the domain's."""

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
    """Something broke; the log knows what, the client gets the request's id to name it by."""

    status = 500
    detail = _("Internal server error. See the server log for details.")


class LibraryHTTPError(DomainError):
    """An HTTP exception that a library raised."""

    def __init__(self, exception: HTTPException):
        super().__init__(exception.detail or exception.explanation or exception.title)
        self.status = exception.status_int  # type: ignore[misc]


def convert_to_domain_error(request, error: BaseException) -> DomainError:
    """Return what a client is told about any exception."""
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
    """Return the answer to an error: JSON under ``/api/``, plain text elsewhere."""
    known = convert_to_domain_error(request, error)
    body = known.body()
    if known.status >= 500:
        body = body | {"request_id": request.request_id}
    if is_api_path(request.environ):
        response = Response(orjson.dumps(body), content_type="application/json")
    else:
        response = Response(f"{body.get('detail', known)}\n", content_type="text/plain")
        response.headers["Cache-Control"] = "no-store"
    response.status_int = known.status
    response.headers.update(_challenge(request.registry, known))
    response.headers.update(known.headers())
    return response


def _challenge(registry, error: DomainError) -> dict[str, str]:
    """Return the header that names the scheme to sign in by, where an error asks for that."""
    challenge = Permissions.of(registry).challenge
    if challenge and isinstance(error, NotAuthenticated) and error.has_challenge:
        return {"WWW-Authenticate": challenge}
    return {}


def error_view(error: Exception, request, respond=make_error_response) -> Response:
    """Answer an exception that no view of a plugin's own wanted to answer.

    :param respond: makes the answer of the request and the exception; a plugin's pages have their own
    """
    if isinstance(error, HTTPRedirection):
        return error
    if "tm.active" in request.environ:
        # Where the database asks for another try. pyramid_tm does not look once its veto, which
        # sees the error's answer, has spoken.
        maybe_tag_retryable(request, request.exc_info)
    if request.method in ("GET", "HEAD") and database_errors.is_disconnect(error):
        # The database was restarted, say. Reading does no harm twice, over a new connection.
        mark_error_retryable(error)
    response = respond(request, error)
    # A try that will be repeated is no failure yet.
    if response.status_int >= 500 and not is_error_retryable(request, error):
        request.registry[RefusalLog].log_failure(f"{request.method} {request.path}", error)
    return response


def includeme(config):
    """Answer every exception by one view."""
    config.include("shoptrack.web.refusal_log")
    for context in (Exception, HTTPException):
        config.add_exception_view(error_view, context=context)
    config.add_notfound_view(error_view)
    config.add_forbidden_view(error_view)
