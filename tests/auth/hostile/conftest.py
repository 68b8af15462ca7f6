"""Every place that takes a token, to send it what nobody issued."""

import base64
import hashlib
import hmac
import json

import pytest

from shoptrack.testing import SECRET_KEY

INVALID = "Token is invalid"


@pytest.fixture
def refused(client, signed_in, sign_ins):
    """Return a function that sends a token everywhere, and checks that every place refuses it.

    It is given as text, or by a function that makes one of a kind. ``sentence`` says why at refresh and verify;
    a protected path says it too where its code is that of a token, not of a user.
    """

    def refused(token, sentence=INVALID, code="token_not_valid"):
        access, refresh = (
            token(kind) if callable(token) else token for kind in ("access", "refresh")
        )
        bearer = {"Authorization": f"Bearer {access}"}
        answer = client.get("/api/products/", headers=bearer, status=401)
        assert answer.json["code"] == code
        assert code != "token_not_valid" or answer.json["messages"][0]["message"] == sentence
        for path, body, headers in (
            ("verify/", {"token": access}, {}),
            ("refresh/", {"refresh": refresh}, {}),
            ("refresh/", {}, {"Cookie": f"refresh_token={refresh}"}),
        ):
            answer = client.post_json(f"/api/auth/token/{path}", body, headers=headers, status=401)
            assert answer.json == {"detail": sentence, "code": "token_not_valid"}
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        client.post_json("/api/auth/logout/", {"refresh": refresh}, headers=bearer, status=200)
        if (sentence, code) == (INVALID, "token_not_valid"):
            assert sign_ins() == 1

    return refused


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


@pytest.fixture
def sign():
    """Return a function that signs any header and payload with the application's own key."""

    def sign(header: bytes | dict, payload: bytes) -> str:
        if isinstance(header, dict):
            header = json.dumps(header).encode()
        parts = f"{encoded(header)}.{encoded(payload)}"
        return (
            f"{parts}.{encoded(hmac.digest(SECRET_KEY.encode(), parts.encode(), hashlib.sha256))}"
        )

    return sign


@pytest.fixture
def payload(signed_in) -> bytes:
    """Return the payload of an access token that holds."""
    return base64.urlsafe_b64decode(signed_in.access.split(".")[1] + "==")
