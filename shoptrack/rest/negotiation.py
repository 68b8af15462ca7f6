"""Content negotiation."""

from collections.abc import Sequence

from shoptrack.errors import NotAcceptable

JSON = ("application/json",)


def select_media_type(request, offers: Sequence[str]) -> str:
    """Return the client's preferred media type among those on offer.

    Parameters of a media type are ignored: ``application/json; charset=utf-8`` is JSON. A header that is missing, empty
    or malformed accepts everything.

    :raises NotAcceptable: the client accepts none of them
    """
    parsed = request.accept.parsed
    if not parsed:
        return offers[0]
    qualities: dict[str, float] = {}
    for media_range, quality, *_params in parsed:
        kind = media_range.partition(";")[0].lower()
        qualities[kind] = max(quality, qualities.get(kind, 0))

    def quality_of(offer: str) -> float:
        matching = (offer, f"{offer.partition('/')[0]}/*", "*/*")  # the most specific range decides
        return next((qualities[kind] for kind in matching if kind in qualities), 0)

    offer = max(offers, key=quality_of)
    if not quality_of(offer):
        raise NotAcceptable
    return offer


def check_accept(request, **_) -> None:
    """Check that the client accepts JSON. Cornice calls this before every view.

    :raises NotAcceptable: the client does not accept JSON
    """
    select_media_type(request, JSON)
