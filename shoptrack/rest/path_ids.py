"""Ids in paths: ``/api/products/12/``."""

import re
from typing import Any

from shoptrack.errors import NotFound
from shoptrack.resources.fields import MAX_NUMBER_LENGTH, is_bigint


def parse_path_id(request: Any, resource: Any) -> int:
    """Return the id of a row that the path names.

    :param resource: the ``shoptrack.resources.resource.Resource`` whose row it is
    :raises NotFound: no row can have it
    """
    text = request.matchdict["id"]
    if not re.fullmatch(r"-?[0-9]+", text):
        raise NotFound
    if len(text) > MAX_NUMBER_LENGTH or not is_bigint(number := int(text)):
        raise make_not_found(resource)
    return number


def make_not_found(resource: Any) -> NotFound:
    """Return the error that no row of a resource has the id of the path."""
    return NotFound(f"No {resource.model.__name__} matches the given query.")
