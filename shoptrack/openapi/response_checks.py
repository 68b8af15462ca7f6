"""Check in tests that responses match the OpenAPI document.

This needs jsonschema-rs, which ShopTrack itself does not require.
"""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
from pyramid.interfaces import IRoutesMapper

from shoptrack.openapi.operation import make_path
from shoptrack.openapi.spec import ApiSpec
from shoptrack.web import headers
from shoptrack.web.request_path import is_api_path

# Headers that any response may have; the document would not improve by repeating them for each response.
GENERAL_HEADERS = {name.lower() for name, _ in headers.API_HEADERS} | {
    "content-encoding",
    "content-length",
    "content-type",
    "strict-transport-security",
    "vary",
}
CROSS_ORIGIN = "access-control-"
REDIRECTIONS = (301, 308)


class UndocumentedResponse(AssertionError):
    """A response does not match the OpenAPI document."""


class ResponseChecker:
    """Compares responses with the document of one application."""

    def __init__(self, registry):
        self._document = registry[ApiSpec].openapi
        self._routes = registry.getUtility(IRoutesMapper)
        self._components = forbid_extra_members(self._document["components"])
        self._validators: dict[Any, jsonschema_rs.Draft202012Validator] = {}
        self._described = [
            (route, path, self._document["paths"].get(path))
            for route in self._routes.get_routes()
            for path in [make_path(route.pattern)]
        ]

    def check(self, request, response) -> None:
        """Compare a response with the document.

        :raises UndocumentedResponse: the response does not match
        """
        if not is_api_path(request.environ) or _is_preflight(request):
            return
        path, item = self._item(_path(request))
        method = "get" if request.method == "HEAD" else request.method.lower()
        if item is None:
            self._check_outside(request, response, path)
        elif method not in item:
            self._compare(
                request,
                response,
                path,
                self._shared("MethodNotAllowed", "BadRequest", "URITooLong"),
            )
        elif "default" not in item[method]["responses"]:
            self._compare(request, response, path, item[method]["responses"])
        else:
            self._check_media_type(request, response, path, item[method]["responses"]["default"])

    def _item(self, path: str) -> tuple[str, Mapping[str, Any] | None]:
        for route, described_path, item in self._described:
            # The next route may match where a predicate does not.
            if route.match(path) is not None and (item or not route.predicates):
                return described_path if item else path, item
        return path, None

    def _check_outside(self, request, response, path: str) -> None:
        """Check a response to a path outside the document. Responses of pages and redirects are not checked."""
        # A route without placeholders matches with an empty dictionary.
        is_page = any(route.match(path) is not None for route in self._routes.get_routes())
        if not is_page and response.status_int not in REDIRECTIONS:
            known = self._shared(
                "NotFound", "BadRequest", "URITooLong", "ServerError", "Unavailable"
            )
            self._compare(request, response, path, known)

    def _check_media_type(self, request, response, path: str, described: Mapping[str, Any]) -> None:
        """Check the media type of a view without a description. Errors are always JSON."""
        known = described.get("content", {})
        is_file = response.status_int < 300 and bool(response.body)
        if known and is_file and response.content_type not in known:
            raise UndocumentedResponse(
                f"{request.method} {path} answered {response.status_int} as {response.content_type!r}, "
                f"not {', '.join(known)}. Name it in add_view(…, answers=(…))."
            )

    def _shared(self, *names: str) -> dict[str, Any]:
        """Return the responses that every operation has, by status."""
        shared = {"MethodNotAllowed": 405, "BadRequest": 400, "NotFound": 404, "URITooLong": 414}
        shared |= {"ServerError": 500, "Unavailable": 503}
        return {str(shared[name]): {"$ref": f"#/components/responses/{name}"} for name in names}

    def _compare(self, request, response, path: str, known: Mapping[str, Any]) -> None:
        what = f"{request.method} {path} answered {response.status_int}"
        described = known.get(str(response.status_int))
        if described is None:
            raise UndocumentedResponse(
                f"{what}, and its description knows {', '.join(known)} only. Add the answer to its "
                f"@describe_view(responses=[…]); docs/api-description.md tells how.\n{response.text[:500]}"
            )
        if "$ref" in described:
            described = self._components["responses"][described["$ref"].rpartition("/")[2]]
        self._compare_headers(what, response, described.get("headers", {}))
        if request.method != "HEAD":
            self._compare_body(what, request, response, described.get("content", {}))

    def _compare_headers(self, what: str, response, described: Mapping[str, Any]) -> None:
        header_names = {name.lower() for name in response.headers}
        for name, header in described.items():
            if header.get("required") and name.lower() not in header_names:
                raise UndocumentedResponse(
                    f"{what} without the header {name}, which is always there."
                )
        unknown = header_names - GENERAL_HEADERS - {name.lower() for name in described}
        unknown = {name for name in unknown if not name.startswith(CROSS_ORIGIN)}
        if unknown:
            raise UndocumentedResponse(
                f"{what} with headers that are not described: {', '.join(unknown)}."
            )

    def _compare_body(self, what: str, request, response, content: Mapping[str, Any]) -> None:
        if not content:
            if response.body:
                raise UndocumentedResponse(f"{what} with a body, which is not described.")
            return
        described = content.get(response.content_type)
        if described is None:
            raise UndocumentedResponse(
                f"{what} as {response.content_type!r}, not {', '.join(content)}. "
                "The view's media types are those of add_view(…, answers=(…))."
            )
        if not response.content_type.endswith(("/json", "+json")):
            return
        # The query of a rejected request may not be valid text.
        sparse = response.status_int < 400 and "fields" in request.GET
        validator = self._validator(described["schema"], sparse=sparse)
        error = next(validator.iter_errors(response.json), None)
        if error is not None:
            place = "/".join(map(str, error.instance_path)) or "the body"
            raise UndocumentedResponse(f"{what}, and {place} is not as described: {error.message}")

    def _validator(self, schema: Any, *, sparse: bool) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a schema.

        :param sparse: whether the request selected only some fields of a list's items
        """
        key = (repr(schema), sparse)
        if key not in self._validators:
            schema = forbid_extra_members(schema)
            if sparse and "$ref" in schema.get("items", {}):
                name = schema["items"]["$ref"].rpartition("/")[2]
                item = dict(self._components["schemas"][name])
                item.pop("required")
                schema = {**schema, "items": item}
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                {**schema, "components": self._components}, validate_formats=True
            )
        return self._validators[key]


def forbid_extra_members(schema: Any) -> Any:
    """Return a copy of the schemas whose objects allow only documented fields."""
    if isinstance(schema, list):
        return [forbid_extra_members(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: forbid_extra_members(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        copy.setdefault("additionalProperties", False)
    return copy


def _path(request) -> str:
    """Return the path. If it is not UTF-8, invalid bytes are replaced."""
    return request.environ["PATH_INFO"].encode("latin-1").decode(errors="replace")


def _is_preflight(request) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
