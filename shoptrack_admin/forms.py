"""Form data of requests, parsed once."""

from collections.abc import Mapping

from webob.multidict import MultiDict

from shoptrack.errors import BadRequest, UnsupportedMediaType
from shoptrack.rest import FormFile, ParseError, open_form, parse_form
from shoptrack_admin.pages import FilePages

FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
FILES_MEDIA_TYPE = "multipart/form-data"


def read_form(request) -> MultiDict:
    """Return the fields of the body, repeated ones included; none without a body.

    :raises UnsupportedMediaType: not a URL-encoded form
    :raises BadRequest: malformed form
    """
    if not request.content_length:
        return MultiDict()
    if _has_files(request):
        return MultiDict(request.form_parts[0])
    if request.content_type != FORM_MEDIA_TYPE:
        raise UnsupportedMediaType(request.content_type)
    try:
        return MultiDict(parse_form(request.body))
    except ParseError as error:
        raise BadRequest(str(error)) from None


def read_files(request) -> Mapping[str, FormFile]:
    """Return the files of the form, by the names of their fields; none on a page without files."""
    return request.form_parts[1] if _has_files(request) else {}


def read_parts(request) -> tuple[list[tuple[str, str]], Mapping[str, FormFile]]:
    """Return the fields and the files of a form. The files are gone at the end of the request.

    :raises BadRequest: malformed form
    """
    opened = open_form(request)
    parts = opened.__enter__()
    request.add_finished_callback(lambda request: opened.__exit__(None, None, None))
    return parts


def _has_files(request) -> bool:
    if request.content_type != FILES_MEDIA_TYPE or request.matched_route is None:
        return False
    return request.matched_route.name in FilePages.of(request.registry)


def includeme(config):
    """Add ``request.form`` and ``request.form_files``."""
    config.add_request_method(read_form, "form", reify=True)
    config.add_request_method(read_files, "form_files", reify=True)
    config.add_request_method(read_parts, "form_parts", reify=True)
