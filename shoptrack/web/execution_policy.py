"""The execution policy around Pyramid, which every request and every response passes."""

import sys
from functools import partial
from time import perf_counter

import orjson
from pyramid.interfaces import IExecutionPolicy
from pyramid.response import Response
from pyramid.router import default_execution_policy

from shoptrack.db.requests import CONNECTIONS_KEY, RequestConnections
from shoptrack.errors import DomainError
from shoptrack.settings import Settings
from shoptrack.web import access_log, compression, cookies, head, headers, request_id, request_path
from shoptrack.web.body_limit import BodyLimits
from shoptrack.web.cors import CorsPolicy, is_preflight, make_preflight_response
from shoptrack.web.error_views import ServerError, make_error_response
from shoptrack.web.exceptions import ForgetfulRouter, drop_tracebacks
from shoptrack.web.hosts import AllowedHosts
from shoptrack.web.https import HttpsPolicy
from shoptrack.web.metrics.requests import RequestMetrics
from shoptrack.web.proxies import ProxyHeaders, TrustedProxies
from shoptrack.web.ranges import check_range
from shoptrack.web.refusal_log import RefusalLog, find_refusal
from shoptrack.web.streams import ListStream, admit

AFTER_ALL_POLICIES = 1000  # the order of a configuration action; Pyramid's own end at 0


class WebExecutionPolicy:
    """An execution policy around another one, such as pyramid_retry's.

    :param inner: the policy that passes a request to Pyramid's router
    :param proxy_headers: further headers that only trusted proxies may send
    :param metrics: measures requests, if enabled
    """

    def __init__(
        self,
        settings: Settings,
        body_limits: BodyLimits,
        inner,
        metrics: RequestMetrics | None = None,
        proxy_headers: ProxyHeaders | None = None,
    ):
        self._inner = inner
        self._metrics = metrics
        self._proxies = TrustedProxies(settings.trusted_proxies, proxy_headers or ())
        self._hosts = AllowedHosts(settings.allowed_hosts)
        self._https = HttpsPolicy(settings.https_only, settings.hsts_seconds)
        self._cors = CorsPolicy(settings.cors_allowed_origins)
        self._body_limits = body_limits

    def __call__(self, environ, router):
        """Return the WSGI application of this request."""
        return partial(self._serve, ForgetfulRouter(router))

    def _serve(self, router, environ, start_response):
        started = perf_counter()
        environ[CONNECTIONS_KEY] = RequestConnections()
        with request_id.bind_request_id(request_id.get_request_id(environ)):
            with head.as_get(environ):
                status, body = self._respond_safely(router, environ, start_response)
            self._record_request(environ, status, perf_counter() - started)
        return body

    def _respond_safely(self, router, environ, start_response):
        """Start the response, or an error response if that fails, and return its status and body."""
        try:
            answer = self._respond(environ, router)
            return self._send(environ, router, answer, start_response)
        except Exception as error:
            about = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO')!r}"
            router.registry[RefusalLog].log_failure(about, error)
            answer, failure = _make_fallback_response(environ, router, error), sys.exc_info()
            try:
                return self._send(environ, router, answer, start_response, failure)
            finally:
                del failure
                drop_tracebacks(error)

    def _record_request(self, environ, status: str, seconds: float) -> None:
        access_log.log_request(environ, status, seconds)
        if self._metrics is not None:
            self._metrics.observe(environ, status, seconds)

    def _send(self, environ, router, answer, start_response, *failure):
        """Send the status and the completed headers of a response, and return the status and the body.

        :param failure: ``sys.exc_info`` of a response that was started before
        """
        told = []
        body = answer(environ, lambda status, answer_headers: told.append((status, answer_headers)))
        status, complete = told[0][0], list(told[0][1])
        try:
            self._cors.add_headers(environ, complete)
            self._https.add_hsts_header(environ, complete)
            headers.add_default_headers(environ, complete)
            request_id.add_header(environ, complete)
            if isinstance(body, ListStream):  # which has its slot, also where it is compressed
                body = compression.compress_response(
                    environ, complete, admit(environ, router.registry, body)
                )
            else:
                body = admit(
                    environ, router.registry, compression.compress_response(environ, complete, body)
                )
            if head.is_head(environ):
                body = head.drop_body(complete, body)
            start_response(status, complete, *failure)
        except Exception:
            if hasattr(body, "close"):
                body.close()
            raise
        return status, body

    def _respond(self, environ, router):
        """Return the response: an error of the checks, or Pyramid's response."""
        try:
            by = self._proxies.resolve_client(environ)
            self._hosts.check(environ)
            request_path.check_path(environ)
            redirect = self._https.redirect_to_https(environ, by)
            if redirect is not None:
                return redirect
            if is_preflight(environ):
                return make_preflight_response()
            self._body_limits.buffer_body(environ)
            cookies.drop_invalid_cookies(environ)
            response = self._inner(environ, router)
            check_range(environ, response)
            return response
        except DomainError as error:
            drop_tracebacks(error)
            with router.request_context(environ) as request:
                return make_error_response(request, error)


def _make_fallback_response(environ, router, error: Exception) -> Response:
    """Return a response where the error view or the start of the body failed."""
    refusal = find_refusal(error)
    if refusal is not None:
        with router.request_context(environ) as request:
            return make_error_response(request, refusal)
    if not request_path.is_api_path(environ):
        return Response(f"{ServerError.detail}\n", status=500, content_type="text/plain")
    body = {"detail": ServerError.detail, "request_id": request_id.get_request_id(environ)}
    return Response(orjson.dumps(body), status=500, content_type="application/json")


def includeme(config):
    """Wrap the final execution policy of the application."""

    def install():
        registry = config.registry
        inner = registry.queryUtility(IExecutionPolicy, default=default_execution_policy)
        registry.registerUtility(
            WebExecutionPolicy(
                Settings.of(registry),
                BodyLimits.of(registry),
                inner,
                registry.get(RequestMetrics),
                ProxyHeaders.of(registry),
            ),
            IExecutionPolicy,
        )

    config.action("shoptrack execution policy", install, order=AFTER_ALL_POLICIES)
