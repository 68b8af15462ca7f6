"""Forms that browsers send: read once, fields that repeat included."""

from urllib.parse import parse_qsl

from webob.multidict import MultiDict

from shoptrack.errors import BadRequest, UnsupportedMediaType

MAX_FIELDS = 1000
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
        pairs = parse_qsl(
            request.body.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except UnicodeDecodeError:
        raise BadRequest("The form is not valid UTF-8.") from None
    except ValueError:
        raise BadRequest(f"The form has more than {MAX_FIELDS} fields.") from None
    return MultiDict(pairs)


def includeme(config):
    """Give requests ``request.form``."""
    config.add_request_method(form, reify=True)
