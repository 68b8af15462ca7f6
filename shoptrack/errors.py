"""The errors of the domain, which ``shoptrack.web.error_views`` turns into responses.

Services raise them and know nothing of HTTP responses. Each error has the status, the body and the headers of its
response.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _

__all__ = [
    "BadRequest",
    "BodyTooLarge",
    "Conflict",
    "DomainError",
    "Forbidden",
    "InUse",
    "ItemErrors",
    "ItemsInUse",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotAuthenticated",
    "NotFound",
    "ServiceUnavailable",
    "TooManyRequests",
    "URITooLong",
    "UnsupportedMediaType",
    "ValidationError",
]


class DomainError(Exception):
    """An error that a client sees; ``body()`` is the JSON object of the response."""

    status: ClassVar[int] = 400
    code: ClassVar[str | None] = None
    detail: str = _("The request could not be served.")

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None):
        if detail is not None:
            self.detail = detail
        self._headers = dict(headers or {})
        super().__init__(self.detail)

    def body(self) -> dict[str, Any]:
        """Return the JSON object of the response."""
        return {"detail": self.detail} | ({"code": self.code} if self.code else {})

    def headers(self) -> dict[str, str]:
        """Return additional headers of the response."""
        return self._headers


class BadRequest(DomainError):
    """The request cannot be read."""

    detail: str = _("The request cannot be read.")


class ValidationError(DomainError):
    """Fields of a body, or query parameters, are invalid: all of them at once.

    :param errors: messages by field; pages show those that are marked with ``_`` in the user's language
    """

    component_name = "Invalid"  # as generated clients know it

    def __init__(self, errors: Mapping[str, Iterable[str]]):
        self.errors = {name: list(messages) for name, messages in errors.items()}
        super().__init__(
            "; ".join(f"{name}: {' '.join(messages)}" for name, messages in self.errors.items())
        )

    def body(self) -> dict[str, Any]:
        """Return the messages by field."""
        return self.errors


class ItemErrors(ValidationError):
    """Items of a body are invalid: all of them at once.

    :param items: the messages by field of each invalid item, by its position
    """

    component_name = "InvalidItems"

    def __init__(self, items: Mapping[int, Mapping[str, list[str]]]):
        self.items = {str(number): dict(errors) for number, errors in items.items()}
        super().__init__(
            {
                f"{number}.{name}": messages
                for number, errors in self.items.items()
                for name, messages in errors.items()
            }
        )

    def body(self) -> dict[str, Any]:
        """Return the messages by item and field."""
        return {"items": self.items}


class NotAuthenticated(DomainError):
    """Credentials are missing or invalid.

    :param body: the whole body, for clients that expect a shape of their own
    :param challenge: whether the response names the scheme of the plugin that identifies, if there is one
    """

    status = 401
    detail: str = _("Authentication credentials were not provided.")

    def __init__(
        self,
        body: Mapping[str, Any] | None = None,
        *,
        challenge: bool = True,
        headers: Mapping[str, str] | None = None,
    ):
        self._body = dict(body or {"detail": self.detail})
        self.has_challenge = challenge
        super().__init__(self._body["detail"], headers=headers)

    def body(self) -> dict[str, Any]:
        """Return the JSON object of the response."""
        return self._body


class Forbidden(DomainError):
    """The user does not have the required permission."""

    status = 403
    detail: str = _("You do not have permission to perform this action.")


class NotFound(DomainError):
    """There is nothing at this URL."""

    status = 404
    detail: str = _("Not found.")


class MethodNotAllowed(DomainError):
    """This URL does not support the method."""

    status = 405

    def __init__(self, method: str, allowed: list[str]):
        super().__init__(
            f'Method "{shorten(method)}" not allowed.', headers={"Allow": ", ".join(allowed)}
        )


class NotAcceptable(DomainError):
    """No available media type is acceptable to the client."""

    status = 406
    detail: str = _("Could not satisfy the request Accept header.")


class Conflict(DomainError):
    """The request conflicts with the stored data."""

    status = 409
    detail: str = _("The request conflicts with the stored data.")


class InUse(Conflict):
    """A row cannot be deleted while others refer to it.

    :param noun: what the row is, as in "category"
    :param references: how many rows refer to it, by the resource that they belong to
    :param has_more: whether rows that the caller may not view refer to it
    :param tables: of the rows without a resource that refer to it, each with the command that deletes it, or ``None``
        if an enabled plugin may use it
    """

    code = "in_use"

    def __init__(
        self,
        noun: str,
        references: Mapping[str, int],
        *,
        has_more: bool = False,
        tables: Mapping[str, str | None] | None = None,
    ):
        self.references = dict(references)
        super().__init__(self._format(noun, has_more, tables or {}))

    def _format(self, noun: str, has_more: bool, tables: Mapping[str, str | None]) -> str:
        leftovers = {name: command for name, command in tables.items() if command}
        if leftovers:
            return _(
                "This ${noun} is still in use by rows of the table ${table}, which no enabled plugin uses. "
                "To delete the table, run: ${command}",
                noun=noun,
                table=", ".join(leftovers),
                command="; ".join(dict.fromkeys(leftovers.values())),
            )
        users = ", ".join(f"{name} ({count})" for name, count in self.references.items())
        if has_more:
            more = _("rows that you may not view")
            users = _("${one} and ${other}", one=users, other=more) if users else more
        elif tables:
            users = _("rows of the table ${table}", table=", ".join(tables))
        return _(
            "This ${noun} is still in use by ${users}. "
            "Delete them or assign them another ${noun} first.",
            noun=noun,
            users=users or _("other rows"),
        )

    def body(self) -> dict[str, Any]:
        """Return the message, and the counts for a page that offers to reassign the rows."""
        return super().body() | {"references": self.references}


class ItemsInUse(Conflict):
    """Rows cannot be deleted while others refer to them.

    :param plural: what the rows are, as in "categories"
    :param items: how many rows refer to each, by the resource that they belong to, by the position of the item
    """

    code = "in_use"

    def __init__(self, plural: str, items: Mapping[int, Mapping[str, int]]):
        self.items = {str(number): dict(references) for number, references in items.items()}
        super().__init__(
            _(
                "Some ${rows} are still in use. Nothing was deleted. "
                "Delete the rows that refer to them first.",
                rows=plural,
            )
        )

    def body(self) -> dict[str, Any]:
        """Return the message, and the counts by item."""
        return super().body() | {"items": self.items}


class BodyTooLarge(DomainError):
    """The body is longer than this server accepts."""

    status = 413
    detail: str = _("The body is too long.")


class URITooLong(DomainError):
    """The query string is longer than this server accepts."""

    status = 414
    detail: str = _("The query string is too long.")


class UnsupportedMediaType(DomainError):
    """The media type of the body is not supported.

    :param accepted: the media types that a view declares
    """

    status = 415

    def __init__(self, media_type: str, accepted: Sequence[str] = ()):
        detail = f'Unsupported media type "{shorten(media_type)}" in request.'
        if accepted:
            detail += f" Send {' or '.join(accepted)}."
        super().__init__(detail)


class TooManyRequests(DomainError):
    """The client has to wait before the next attempt.

    :param retry_after: seconds, 1 or more
    """

    status = 429

    def __init__(self, retry_after: int):
        self.retry_after = retry_after
        seconds = "second" if retry_after == 1 else "seconds"
        super().__init__(
            f"Request was throttled. Expected available in {retry_after} {seconds}.",
            headers={"Retry-After": str(retry_after)},
        )


class ServiceUnavailable(DomainError):
    """The server cannot serve the request at the moment.

    :param retry_after: seconds until another attempt makes sense
    """

    component_name = "Unavailable"  # as generated clients know it

    status = 503
    detail: str = _("The service is unavailable at the moment. Try again later.")

    def __init__(self, detail: str | None = None, *, retry_after: int = 5):
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
