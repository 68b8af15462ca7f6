"""What a client accepts."""

from shoptrack.errors import NotAcceptable

MATCHING = ("application/json", "application/*", "*/*")  # the first that the client names decides


def acceptable(request, **_) -> None:
    """Refuse a client that does not accept JSON. Cornice calls this before every view.

    Parameters of a media type do not matter: ``application/json; charset=utf-8`` is JSON. A header
    that is missing, empty or malformed accepts everything.

    :raises NotAcceptable: nothing that can be answered is accepted
    """
    parsed = request.accept.parsed
    if not parsed:
        return
    qualities: dict[str, float] = {}
    for media_range, quality, *_params in parsed:
        kind = media_range.partition(";")[0].lower()
        qualities[kind] = max(quality, qualities.get(kind, 0))
    if not next((qualities[kind] for kind in MATCHING if kind in qualities), 0):
        raise NotAcceptable
