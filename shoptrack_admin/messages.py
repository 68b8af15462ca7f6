"""Flash messages: the results of actions, shown on the next page.

They survive a redirect in a signed cookie, until a page shows them.
"""

import json
from dataclasses import astuple, dataclass
from typing import Literal

from webob.cookies import SignedCookieProfile

from shoptrack.settings import Settings
from shoptrack_admin.translation import translate_for_request
from shoptrack_auth import browser_sessions

COOKIE = "shoptrack-messages"
MAX_TEXT_LENGTH = 200
MAX_COOKIE_BYTES = 2700  # signed and encoded in a cookie: 4,000 bytes
Level = Literal["success", "warning", "error"]


@dataclass(frozen=True)
class FlashMessage:
    """A message in the reader's language."""

    text: str
    level: Level = "success"


class CompactSerializer:
    """Serializes messages to JSON without escapes, which would take six bytes for each Japanese letter."""

    def dumps(self, messages: list[FlashMessage]) -> bytes:
        """Serialize messages."""
        parts = [astuple(message) for message in messages]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, text: bytes) -> list[FlashMessage]:
        """Deserialize messages whose signature was checked."""
        return [FlashMessage(*parts) for parts in json.loads(text)]


def serialize_warning(request, text: str) -> bytes:
    """Serialize one message for a later page, in the language of this one."""
    message = FlashMessage(translate_for_request(request, text)[:MAX_TEXT_LENGTH], "warning")
    return CompactSerializer().dumps([message])


class FlashMessages:
    """The flash messages of one request: stored and new ones."""

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
            serializer=CompactSerializer(),
        )
        self._cookie = profile.bind(request)
        self._messages: list[FlashMessage] = self._cookie.get_value() or []
        self._changed = False

    def add(self, text: str, level: Level = "success") -> None:
        """Add a message for the next page that is shown, which may be this one."""
        message = translate_for_request(self._request, text)
        self._messages = [*self._messages, FlashMessage(message[:MAX_TEXT_LENGTH], level)]
        while len(CompactSerializer().dumps(self._messages)) > MAX_COOKIE_BYTES:
            del self._messages[0]
        self._change()

    def serialize(self) -> bytes:
        """Return the messages that no page has shown yet."""
        return CompactSerializer().dumps(self._messages)

    def restore(self, serialized: bytes) -> None:
        """Add serialized messages that are not there."""
        for message in CompactSerializer().loads(serialized):
            if message not in self._messages:
                self.add(message.text, message.level)

    def pop_all(self) -> list[FlashMessage]:
        """Return all messages to show them, and remove them."""
        popped, self._messages = self._messages, []
        if popped:
            self._change()
        return popped

    def _change(self) -> None:
        if not self._changed:
            self._request.add_response_callback(self._store)
        self._changed = True

    def _store(self, request, response) -> None:
        self._cookie.set_cookies(response, self._messages or None)


def includeme(config):
    """Add ``request.messages``."""
    config.add_request_method(FlashMessages, "messages", reify=True)
