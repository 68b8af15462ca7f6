"""The endpoint that Prometheus scrapes."""

from hmac import compare_digest

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import NotAuthenticated
from shoptrack.settings import Settings

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}


def metrics(request) -> Response:
    """Return all metrics in the client's preferred format.

    :raises NotAuthenticated: the token is missing or wrong
    """
    expected = Settings.of(request.registry).metrics_token
    assert expected is not None, "the address is served with a token only"
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    right = compare_digest(sent.strip().encode(), expected.get_secret_value().encode())
    if scheme.lower() != "bearer" or not right:
        raise NotAuthenticated(challenge=False, headers=CHALLENGE)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    response = Response(encode(request.registry[CollectorRegistry]))
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "no-store"
    return response


def includeme(config):
    """Serve the endpoint; the view itself checks the token."""
    config.add_route("metrics", "/metrics")
    config.add_view(
        metrics, route_name="metrics", request_method="GET", permission=NO_PERMISSION_REQUIRED
    )
