"""Clients of the API: signed out, signed in, or with only the permissions that a test names."""

import itertools
from collections.abc import Callable
from importlib.util import find_spec

import pytest
from webtest import TestApp

from shoptrack.permissions import Permissions
from shoptrack.testing import identity

HAS_JSONSCHEMA = find_spec("jsonschema_rs") is not None


class Client(TestApp):
    """A client that checks every response against the OpenAPI document.

    :param headers: sent with every request
    """

    def __init__(self, app, headers: dict[str, str] | None = None, **options):
        sent = {f"HTTP_{name.upper().replace('-', '_')}": v for name, v in (headers or {}).items()}
        super().__init__(app, extra_environ={**sent, **options.pop("extra_environ", {})}, **options)

    def do_request(self, req, status=None, expect_errors=None):
        """Send a request, and return its response.

        :raises shoptrack.openapi.response_checks.UndocumentedResponse: the OpenAPI document lacks the response
        """
        response = super().do_request(req, status, expect_errors)
        if HAS_JSONSCHEMA:
            self._compare(response)
        return response

    def _compare(self, response) -> None:
        from shoptrack.openapi.response_checks import ResponseChecker

        registry = self.app.registry
        if ResponseChecker not in registry:
            registry[ResponseChecker] = ResponseChecker(registry)
        registry[ResponseChecker].check(response.request, response)


@pytest.fixture
def client(app) -> Client:
    """Return a client that is not signed in."""
    return Client(app)


@pytest.fixture
def credentials_with(app) -> Callable[..., dict[str, str]]:
    """Return a function that creates a user with only these permissions, and returns the headers to send.

    Plugins that identify users override this fixture with one that creates real users.
    """
    ids = itertools.count(1)
    return lambda *permissions: identity.make_headers(next(ids), permissions)


@pytest.fixture
def credentials(app, credentials_with) -> dict[str, str]:
    """Return the headers of a user with all permissions."""
    return credentials_with(*Permissions.of(app.registry).declared)


@pytest.fixture
def api(app, credentials: dict[str, str]) -> Client:
    """Return a client that is signed in as a user with all permissions."""
    return Client(app, credentials)


@pytest.fixture
def client_with(app, credentials_with) -> Callable[..., Client]:
    """Return a function that returns a client signed in with only these permissions, or with none.

    ``client_with("budgets:view", "categories:view")``; each call creates another user.

    :raises ValueError: no package declares one of the permissions
    """

    def client_with(*permissions: str) -> Client:
        declared = Permissions.of(app.registry).declared
        unknown = [name for name in permissions if name not in declared]
        if unknown:
            raise ValueError(
                f"No package declares {', '.join(unknown)}. There are: {', '.join(sorted(declared))}."
            )
        return Client(app, credentials_with(*permissions))

    return client_with
