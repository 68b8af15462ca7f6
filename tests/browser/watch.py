"""What a page must not do: ask another host, or report an error."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

INSIDE = ("about", "blob", "data")  # schemes that ask nobody


class Watch:
    """Notes whatever is wrong in the contexts that it follows."""

    def __init__(self, origin: str):
        self._origin = origin
        self._expected: list[re.Pattern] = []
        self.requests: list[str] = []
        self.errors: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Listen to all pages of a context, those included that are still to be opened."""
        context.on("request", self._note_request)
        context.on("console", self._note_message)
        context.on("weberror", self._note_exception)

    def expect_error(self, pattern: str) -> None:
        """Say that errors that match are meant. At least one must come."""
        self._expected.append(re.compile(pattern))

    def problems(self) -> list[str]:
        """Return a sentence for each thing that was wrong."""
        foreign = [url for url in self.requests if not url.startswith(f"{self._origin}/")]
        unexpected = [
            error
            for error in self.errors
            if not any(pattern.search(error) for pattern in self._expected)
        ]
        missing = [
            pattern.pattern
            for pattern in self._expected
            if not any(pattern.search(error) for error in self.errors)
        ]
        return [
            *(f"asked another host: {url}" for url in foreign),
            *(f"the console says: {error}" for error in unexpected),
            *(f"no error matched: {pattern}" for pattern in missing),
        ]

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in INSIDE:
            self.requests.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _note_exception(self, error: WebError) -> None:
        self.errors.append(str(error.error))
