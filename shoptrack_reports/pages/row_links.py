"""Links to the pages of rows, for users who may view them."""

from typing import Any

from shoptrack.catalog.resources import ProductResource, StoreResource

WITH_REPORTS = (ProductResource.path, StoreResource.path)  # whose pages show more than a form


class RowLinks:
    """The paths of rows' pages on one page. The path of each list is generated once."""

    def __init__(self, request: Any):
        self._request = request
        self._paths: dict[str, str | None] = {}

    def get_path(self, resource: Any, id: int) -> str | None:
        """Return the path of a row's page, ``None`` if the user may not view it."""
        name = resource.path
        if name not in self._paths:
            allowed = self._request.has_permission(resource.permission("view"))
            self._paths[name] = self._request.route_path(f"admin:{name}") if allowed else None
        path = self._paths[name]
        return path and f"{path}{id}/"
