"""What a client accepts."""

from collections.abc import Sequence

from shoptrack.errors import NotAcceptable

JSON = ("application/json",)


def select_media_type(request, offers: Sequence[str]) -> str:
    """Return the media type that the client likes most of those that can be answered.

    Parameters of a media type do not matter: ``application/json; charset=utf-8`` is JSON. A header
    that is missing, empty or malformed accepts everything.

    :raises NotAcceptable: it accepts none of them
    """
    parsed = request.accept.parsed
    if not parsed:
        return offers[0]
    qualities: dict[str, float] = {}
    for media_range, quality, *_params in parsed:
        kind = media_range.partition(";")[0].lower()
        qualities[kind] = max(quality, qualities.get(kind, 0))

    def quality_of(offer: str) -> float:
        matching = (offer, f"{offer.partition('/')[0]}/*", "*/*")  # the first that is named decides
        return next((qualities[kind] for kind in matching if kind in qualities), 0)

    offer = max(offers, key=quality_of)
    if not quality_of(offer):
        raise NotAcceptable
    return offer


def check_accept(request, **_) -> None:
    """Refuse a client that does not accept JSON. Cornice calls this before every view.

    :raises NotAcceptable: nothing that can be answered is accepted
    """
    select_media_type(request, JSON)
