"""Form data of requests, parsed once."""

from webob.multidict import MultiDict

from shoptrack.errors import BadRequest, UnsupportedMediaType
from shoptrack.rest import ParseError, parse_form

FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"


def read_form(request) -> MultiDict:
    """Return the fields of the body, repeated ones included; none without a body.

    :raises UnsupportedMediaType: not a URL-encoded form
    :raises BadRequest: malformed form
    """
    if not request.body:
        return MultiDict()
    if request.content_type != FORM_MEDIA_TYPE:
        raise UnsupportedMediaType(request.content_type)
    try:
        return MultiDict(parse_form(request.body))
    except ParseError as error:
        raise BadRequest(str(error)) from None


def includeme(config):
    """Add ``request.form``."""
    config.add_request_method(read_form, "form", reify=True)
