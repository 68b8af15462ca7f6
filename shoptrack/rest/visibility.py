"""The permissions that the caller of a request lacks."""

from typing import Any

from shoptrack.permissions import Permissions
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.visibility import Hidden, get_hidden


def find_hidden(request: Any, *resources: AnyResource) -> Hidden:
    """Return the view permissions that the caller lacks, for these resources and all that they nest."""
    declared = Permissions.of(request.registry).declared
    return get_hidden(request.identity, declared, resources)
