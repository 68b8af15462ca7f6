"""Messages: what was done, said on the page that follows.

They travel in a signed cookie, since a redirection lies between. A message is kept until a page shows it.
"""

import json
from dataclasses import astuple, dataclass
from typing import Literal

from webob.cookies import SignedCookieProfile

from shoptrack.settings import Settings
from shoptrack_admin.translation import say
from shoptrack_auth import browser_sessions

COOKIE = "shoptrack-messages"
LONGEST = 200  # characters of a message
MOST = 2700  # bytes of all; signed and spelled for a cookie they are 4,000
Level = Literal["success", "warning", "error"]


@dataclass(frozen=True)
class Message:
    """Something to tell, in the language in which it will be read."""

    text: str
    level: Level = "success"


class Compact:
    """How messages are written into the cookie: what is not ASCII takes no six characters each."""

    def dumps(self, messages: list[Message]) -> bytes:
        """Return messages as text."""
        parts = [astuple(message) for message in messages]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, text: bytes) -> list[Message]:
        """Return the messages of a text, whose signature holds."""
        return [Message(*parts) for parts in json.loads(text)]


class Messages:
    """The messages of one request: those that came with it, and those that it adds."""

    def __init__(self, request):
        self._request = request
        secret = Settings.of(request.registry).secret_key.get_secret_value()
        profile = SignedCookieProfile(
            secret,
            "administration messages",
            browser_sessions.add_cookie_prefix(request, COOKIE),
            secure=not Settings.of(request.registry).debug,
            httponly=True,
            samesite="Strict",
            path=browser_sessions.get_cookie_path(request),
            serializer=Compact(),
        )
        self._cookie = profile.bind(request)
        self._messages: list[Message] = self._cookie.get_value() or []
        self._changed = False

    def add(self, text: str, level: Level = "success") -> None:
        """Say something on the next page that is shown; this one may be it."""
        said = say(self._request, text)
        self._messages = [*self._messages, Message(said[:LONGEST], level)]
        while len(Compact().dumps(self._messages)) > MOST:
            del self._messages[0]
        self._change()

    def take(self) -> list[Message]:
        """Return the messages to show now; nobody gets them again."""
        taken, self._messages = self._messages, []
        if taken:
            self._change()
        return taken

    def _change(self) -> None:
        if not self._changed:
            self._request.add_response_callback(self._store)
        self._changed = True

    def _store(self, request, response) -> None:
        self._cookie.set_cookies(response, self._messages or None)


def includeme(config):
    """Give requests ``request.messages``."""
    config.add_request_method(Messages, "messages", reify=True)
