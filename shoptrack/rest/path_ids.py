"""Ids in paths: ``/api/products/12/``."""

import re
from typing import Any

from shoptrack.errors import NotFound
from shoptrack.resources.fields import MAX_NUMBER_LENGTH, is_bigint


def parse_path_id(request: Any, resource: Any) -> int:
    """Return the id of the row in the path.

    :param resource: the ``shoptrack.resources.resource.Resource`` of the row
    :raises NotFound: the id is invalid, so there is no such row
    """
    text = request.matchdict["id"]
    if not re.fullmatch(r"-?[0-9]+", text):
        raise NotFound
    if len(text) > MAX_NUMBER_LENGTH or not is_bigint(number := int(text)):
        raise make_not_found(resource)
    return number


def make_not_found(resource: Any) -> NotFound:
    """Return the error for an id in the path that no row of a resource has."""
    return NotFound(f"No {resource.model.__name__} matches the given query.")
