"""Media types: what a view accepts and answers, and whether a request fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from shoptrack.errors import BadRequest, NotAcceptable, UnsupportedMediaType

JSON = ("application/json",)
# Those that `shoptrack.rest.body.read_body` reads.
BODY_MEDIA_TYPES = (*JSON, "application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class MediaTypes:
    """The media types of a view.

    :param accepts: of request bodies; ``None`` for JSON and forms, which ``read_body`` checks
    :param answers: of successful responses; errors are JSON
    :param max_body_size: in bytes; by default the one of the route
    """

    accepts: Sequence[str] | None = None
    answers: Sequence[str] = JSON
    max_body_size: int | None = None

    @property
    def accepts_files(self) -> bool:
        """Return whether some bodies are neither JSON nor forms. They are kept in temporary files."""
        return not set(self.accepts or ()) <= set(BODY_MEDIA_TYPES)


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


def check_accept(request, answers: Sequence[str] = JSON, **_) -> None:
    """Check that the client accepts what the view answers. Cornice calls this before every view.

    :raises NotAcceptable: the client accepts none of it
    """
    select_media_type(request, answers)
    if len(answers) > 1:
        request.add_response_callback(_vary_by_accept)


def _vary_by_accept(request, response) -> None:
    """Tell caches that another client may get another media type."""
    response.vary = (*(response.vary or ()), "Accept")


def check_content_type(request, accepts: Sequence[str], **_) -> None:
    """Check that the body has one of the media types that the view declares, and drop the case of its name.

    Parameters of the media type are ignored, as in ``text/csv; charset=utf-8``.

    :raises UnsupportedMediaType: it has another one, or none
    :raises BadRequest: there is no body, and the view takes files only
    """
    header = request.headers.get("Content-Type", "")
    takes_documents = not set(accepts).isdisjoint(BODY_MEDIA_TYPES)
    if takes_documents and not request.content_length:
        return  # as everywhere, no body is an empty document
    media_type = header.partition(";")[0].strip().lower()
    if media_type not in accepts:
        raise UnsupportedMediaType(header, accepts)
    request.content_type = media_type
    if not request.content_length:
        raise BadRequest("The body is empty. Send the file as the body.")
