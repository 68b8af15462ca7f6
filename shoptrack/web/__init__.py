"""The layer around the application that every request and response passes.

The steps of a request, outermost first::

    request_id      an ID in the response and in every log line
    access_log      one line per request, and its metrics
    head            HEAD becomes GET, and the response loses its body
    headers         default security and cache headers
    cors            cross-origin headers of responses below /api/
    compression     of large text responses
    streams         limits the number of long responses
    ---------------- errors from here on are responses that pass the steps above
    proxies         the client's address: X-Forwarded-* of trusted proxies only
    hosts           rejects hosts that are not allowed
    request_path    rejects paths and queries that are not UTF-8
    https           redirects or rejects plain http, if configured
    cors            responds to preflights
    body_limit      reads bodies, and rejects those that are too long
    cookies         drops invalid cookies
    ranges          rejects ranges that a file does not have
    ---------------- Pyramid: retries, then its tweens
    pyramid_tm      the transaction
    access_log      records the route and the user while the transaction lives
    excview         renders exceptions
    trailing_slash  redirects to the path with a trailing slash
    the router

All steps above Pyramid are one execution policy, not a chain of tweens: pyramid_retry reads the body before the first
tween and runs all tweens for each attempt, and a response is sent after the last tween. Only here can a body be
rejected unread, a request be logged once, and every failure get a response.
"""

from pyramid.tweens import EXCVIEW, INGRESS, MAIN

from shoptrack.web.assets import IMMUTABLE_CACHE, Asset, Assets
from shoptrack.web.error_views import convert_to_domain_error, error_view
from shoptrack.web.proxies import parse_ip_address

__all__ = [
    "IMMUTABLE_CACHE",
    "Asset",
    "Assets",
    "convert_to_domain_error",
    "error_view",
    "parse_ip_address",
]


def includeme(config):
    """Install the layer. ``Settings`` must be in the registry already."""
    config.include(".request_id")
    config.include(".request_class")
    config.include(".body_limit")
    config.include("shoptrack.web.streams")
    config.include(".execution_policy")
    config.add_tween(
        "shoptrack.web.access_log.log_context_tween_factory",
        under=("pyramid_tm.tm_tween_factory", INGRESS),
        over=EXCVIEW,
    )
    config.add_tween("shoptrack.web.trailing_slash.slash_tween_factory", under=EXCVIEW, over=MAIN)
    config.include(".number_format")
    config.include(".health")
    config.include(".root")
