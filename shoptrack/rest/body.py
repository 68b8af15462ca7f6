"""Request bodies: JSON and both kinds of forms become a dictionary."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, MultipartPart, parse_options_header

from shoptrack.errors import BadRequest, UnsupportedMediaType, ValidationError
from shoptrack.web.body_limit import check_fits_in_memory

MAX_FORM_FIELDS = 1000
MAX_FORM_ESCAPES = (
    60_000  # such as %41; 20,000 Japanese characters. Python takes 1 ms for a thousand
)
MAX_JSON_VALUES = 10_000  # each takes about 100 times its bytes in the body
# of nested lists and objects; Python's own limit differs between its releases
MAX_DEPTH = 100
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # also an unterminated one
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
DEPTH_CHANGES = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class ParseError(ValueError):
    """A body is malformed; the text is the reason."""


def read_body(request, max_values: int = MAX_JSON_VALUES) -> dict[str, Any]:
    """Return the body as a dictionary; an empty one without a body, whatever its type.

    :param max_values: the maximum number of JSON values, at all levels together
    :raises UnsupportedMediaType: the body is neither JSON nor a form
    :raises BodyTooLarge: the view takes longer files, and this is none
    :raises BadRequest: the body is malformed
    :raises ValidationError: the JSON value is not an object
    """
    if not request.content_length:  # web/body_limit.py sets it for every body
        return {}
    check_fits_in_memory(request)
    media_type = request.headers.get("Content-Type", "")
    kind, options = parse_options_header(media_type) if media_type else ("", {})
    if kind == "application/json":
        return _object(parse_json(request.body, max_values))
    if kind == "application/x-www-form-urlencoded":
        return _read_form(request.body)
    if kind == "multipart/form-data":
        return _parse_multipart(request.body, options)
    raise UnsupportedMediaType(media_type)


def read_document(request, max_values: int = MAX_JSON_VALUES) -> Any:
    """Return the JSON body of a view that accepts nothing else. It may be a list.

    :raises BadRequest: the body is malformed
    """
    return parse_json(request.body, max_values) if request.content_length else None


def _object(document: Any) -> dict[str, Any]:
    if document is None:
        raise ValidationError({"non_field_errors": ["No data provided"]})
    if not isinstance(document, dict):
        kind = type(document).__name__
        raise ValidationError(
            {"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]}
        )
    return document


def parse_json(body: bytes, max_values: int = MAX_JSON_VALUES) -> Any:
    """Return a JSON document, which need not be an object.

    :raises BadRequest: the document is malformed, or has too many values
    """
    # orjson would accept repeated keys, and convert large integers to floats.
    try:
        text = body.decode("utf-8")
        _check_structure(body, max_values)
        return json.loads(
            text, object_pairs_hook=_make_dict_without_duplicates, parse_constant=_reject_constant
        )
    except (json.JSONDecodeError, UnicodeDecodeError, ParseError) as error:
        message = str(error)
    except ValueError:  # Python parses no integer of more than 4,300 digits.
        message = "A number has too many digits."
    raise BadRequest(f"JSON parse error - {message}")


def _check_structure(body: bytes, max_values: int) -> None:
    """Reject too many values and too deep nesting, before any value is created.

    A list of n values has n - 1 commas, and so has an object. Commas in strings are counted first, too. Strings are
    removed only where they could make the difference, and where they are not too many themselves.
    """
    opened = body.count(b"[") + body.count(b"{")
    if opened <= MAX_DEPTH and opened + body.count(b",") <= max_values:
        return
    too_many = f"Too many values (maximum: {max_values})."
    # A string has at least one quotation mark without a backslash before it, and a field has two strings.
    if body.count(b'"') - body.count(b'\\"') > 4 * max_values:
        raise ParseError(too_many)
    bare = STRING.sub(b"", body)
    opened = bare.count(b"[") + bare.count(b"{")
    if opened + bare.count(b",") > max_values:
        raise ParseError(too_many)
    if opened > MAX_DEPTH:
        brackets = bare.translate(None, NO_BRACKETS)
        if max(accumulate(map(DEPTH_CHANGES.__getitem__, brackets)), default=0) > MAX_DEPTH:
            raise ParseError(f"Nested too deeply (maximum: {MAX_DEPTH} levels).")


def _make_dict_without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return fields by name. A repeated name is an error, since the intended value is unknown."""
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        repeated = next(key for key, count in counts.items() if count > 1)
        raise ParseError(f"Duplicate key {json.dumps(repeated[:100])}.")
    return members


def _reject_constant(name: str) -> None:
    raise ParseError(f"Out of range float values are not JSON compliant: {name}")


def _read_form(body: bytes) -> dict[str, Any]:
    try:
        return _make_dict_without_duplicates(parse_form(body))
    except ParseError as error:
        message = str(error)
    raise BadRequest(f"Form parse error - {message}")


def parse_form(body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form as browsers send it, with repeated ones.

    :raises ParseError: it is not valid UTF-8, or has too many fields or escapes
    """
    if body.count(b"%") > MAX_FORM_ESCAPES:
        raise ParseError(f"More than {MAX_FORM_ESCAPES} characters that are escaped.")
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FORM_FIELDS,
        )
    except UnicodeDecodeError:
        message = "The form is not valid UTF-8."
    except ValueError:
        message = f"More than {MAX_FORM_FIELDS} fields."
    raise ParseError(message)


def _parse_multipart(body: bytes, options: dict[str, str]) -> dict[str, Any]:
    try:
        parts = MultipartParser(
            BytesIO(body),
            options.get("boundary", ""),
            content_length=len(body),
            part_limit=MAX_FORM_FIELDS,
            # The body is in memory already, so its parts need no temporary files.
            spool_limit=len(body),
            memory_limit=len(body),
            strict=True,
        )
        return _make_dict_without_duplicates([(part.name, _part_value(part)) for part in parts])
    except UnicodeDecodeError:
        message = "A field is not valid UTF-8."
    except (MultipartError, ParseError) as error:
        message = str(error)
    raise BadRequest(f"Multipart form parse error - {message}")


def _part_value(part: MultipartPart) -> str | bytes:
    """Return a part's text; a file stays bytes, which every field rejects."""
    return part.raw.decode("utf-8") if part.filename is None else part.raw
