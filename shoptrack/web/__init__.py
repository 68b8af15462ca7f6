"""The web around the application: what belongs to every request, whatever it asks for.

The straight way of a request, outermost first::

    request_id   the name of this request in its answer and in every log line
    access_log   one line a request, and its metrics where they are wanted
    head         HEAD becomes GET, and the answer loses its body
    headers      security headers and a cache default on every answer
    cors         the cross-origin headers of every answer under /api/
    compression  of what is worth it
    streams      how many bodies are made at a time while they are sent
    ---------------- from here on a refusal is an answer that passes the steps above
    proxies      who is really asking: X-Forwarded-* of trusted proxies, nobody else's
    hosts        refuses hosts that are not served
    address      refuses paths and queries that are no UTF-8
    https        turns plain http away, where a setting says so
    cors         answers preflights
    body_limits  reads bodies; refuses those that are too long
    cookies      drops cookies that cannot be read
    ---------------- Pyramid: retries, then its tweens
    pyramid_tm   the transaction
    access_log   notes the route, and who is signed in, as long as the transaction lives
    excview      renders exceptions
    slash        redirects to the path with a trailing slash
    the router

All above Pyramid is one execution policy (``front``) and not a chain of tweens. pyramid_retry reads the body before the
first tween and runs all tweens once a try; response callbacks and the sending of an answer come after the last one.
So only here a body is refused before it is read, a request is logged once, and nothing can fail unanswered.
"""

from pyramid.tweens import EXCVIEW, INGRESS, MAIN


def includeme(config):
    """Put the web around the application. ``Settings`` must be in the registry already."""
    config.include(".request_id")
    config.include(".request_class")
    config.include(".body_limit")
    config.include("shoptrack.rest.streams")
    config.include(".execution_policy")
    config.add_tween(
        "shoptrack.web.access_log.log_context_tween_factory",
        under=("pyramid_tm.tm_tween_factory", INGRESS),
        over=EXCVIEW,
    )
    config.add_tween("shoptrack.web.trailing_slash.slash_tween_factory", under=EXCVIEW, over=MAIN)
    config.include(".health")
    config.include(".root")
