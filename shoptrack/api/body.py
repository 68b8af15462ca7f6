"""Reading bodies: JSON and both kinds of forms become one dictionary."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, MultipartPart, parse_options_header

from shoptrack.errors import BadRequest, Invalid, UnsupportedMediaType

MAX_FORM_FIELDS = 1000
# of lists and objects in each other; Python's own limit differs between its releases
MAX_DEPTH = 100
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # also one that does not end
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class Unreadable(ValueError):
    """A body is not well formed; the text says why."""


def read_body(request) -> dict[str, Any]:
    """Return the body's members. No body is an empty one, whatever its type.

    :raises UnsupportedMediaType: it is neither JSON nor a form, however long
    :raises BodyTooLarge: it is too long
    :raises BadRequest: it cannot be read
    :raises Invalid: it is JSON, but no object
    """
    if not request.content_length:  # web/body_limit.py tells it of every body
        return {}
    media_type = request.headers.get("Content-Type", "")
    kind, options = parse_options_header(media_type) if media_type else ("", {})
    if kind == "application/json":
        return _object(_parse_json(request.body))
    if kind == "application/x-www-form-urlencoded":
        return _parse_form(request.body)
    if kind == "multipart/form-data":
        return _parse_multipart(request.body, options)
    raise UnsupportedMediaType(media_type)


def _object(document: Any) -> dict[str, Any]:
    if document is None:
        raise Invalid({"non_field_errors": ["No data provided"]})
    if not isinstance(document, dict):
        kind = type(document).__name__
        raise Invalid(
            {"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]}
        )
    return document


def _parse_json(body: bytes) -> Any:
    # orjson would let repeated keys pass and turn large integers into floats.
    try:
        text = body.decode("utf-8")
        _check_depth(body)
        return json.loads(text, object_pairs_hook=_members, parse_constant=_no_constant)
    except (json.JSONDecodeError, UnicodeDecodeError, Unreadable) as error:
        said = str(error)
    except ValueError:  # Python reads no integer of more than 4,300 digits.
        said = "A number has too many digits."
    raise BadRequest(f"JSON parse error - {said}")


def _check_depth(body: bytes) -> None:
    """Refuse lists and objects that are nested too deeply, before the parser goes down with them."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    brackets = STRING.sub(b"", body).translate(None, NO_BRACKETS)
    if max(accumulate(map(STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH:
        raise Unreadable(f"The document is nested too deeply: {MAX_DEPTH} levels are read.")


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return members by their keys. Nobody can tell which of two with one key was meant."""
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        repeated = next(key for key, count in counts.items() if count > 1)
        raise Unreadable(f"The key {json.dumps(repeated[:100])} stands there more than once.")
    return members


def _no_constant(name: str) -> None:
    raise Unreadable(f"Out of range float values are not JSON compliant: {name}")


def _parse_form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FORM_FIELDS,
        )
        return _members(pairs)
    except UnicodeDecodeError:
        said = "The form is not valid UTF-8."
    except Unreadable as error:
        said = str(error)
    except ValueError:
        said = f"More than {MAX_FORM_FIELDS} fields."
    raise BadRequest(f"Form parse error - {said}")


def _parse_multipart(body: bytes, options: dict[str, str]) -> dict[str, Any]:
    try:
        parts = MultipartParser(
            BytesIO(body),
            options.get("boundary", ""),
            content_length=len(body),
            part_limit=MAX_FORM_FIELDS,
            # The body is in memory already; its parts need no temporary files.
            spool_limit=len(body),
            memory_limit=len(body),
            strict=True,
        )
        return _members([(part.name, _part_value(part)) for part in parts])
    except UnicodeDecodeError:
        said = "A field is not valid UTF-8."
    except (MultipartError, Unreadable) as error:
        said = str(error)
    raise BadRequest(f"Multipart form parse error - {said}")


def _part_value(part: MultipartPart) -> str | bytes:
    """Return a part's text; a file stays bytes, which no field takes."""
    return part.raw.decode("utf-8") if part.filename is None else part.raw
