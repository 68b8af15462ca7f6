"""Forms that browsers send: read once, fields that repeat included."""

from webob.multidict import MultiDict

from shoptrack.errors import BadRequest, UnsupportedMediaType
from shoptrack.rest.body import Unreadable, parse_form

KIND = "application/x-www-form-urlencoded"


def form(request) -> MultiDict:
    """Return the fields of a request's body; of a request without one, none.

    :raises UnsupportedMediaType: it is no form
    :raises BadRequest: it cannot be read
    """
    if not request.body:
        return MultiDict()
    if request.content_type != KIND:
        raise UnsupportedMediaType(request.content_type)
    try:
        return MultiDict(parse_form(request.body))
    except Unreadable as error:
        raise BadRequest(str(error)) from None


def includeme(config):
    """Give requests ``request.form``."""
    config.add_request_method(form, reify=True)
