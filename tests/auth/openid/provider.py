"""An OpenID Connect provider on the loopback: discovery, codes with PKCE, a token endpoint, and keys (RS256)."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "shoptrack", "a secret of the client's"


class Provider:
    """What the provider knows. Tests change it, to have it answer otherwise.

    :ivar claims: in place of those of the ID token; ``None`` leaves one out
    :ivar signed_by: the key of ID tokens
    :ivar header: of ID tokens
    :ivar token: in place of parts of the token endpoint's response
    :ivar is_asking: whether the user has to follow a link, and is not led back at once
    """

    def __init__(self, url: str):
        self.url = url
        self.key = self.signed_by = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.claims: dict[str, Any] = {}
        self.header = {"alg": "RS256", "kid": "one"}
        self.token: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.is_broken = self.is_asking = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []

    def describe(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.document,
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Return where a browser goes whose user has agreed."""
        self.asked.append(query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return the tokens for a code, once, to the client that can prove that it asked for the code."""
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not secrets.compare_digest(authorization, expected):
            return 401, {"error": "invalid_client"}
        query = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            query is None
            or form["grant_type"] != "authorization_code"
            or form["redirect_uri"] != query["redirect_uri"]
            or challenge != query["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "user-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            "email": "mio@example.com",
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        id_token = jwt.encode(self.header, claims, self.signed_by, algorithms=[self.header["alg"]])
        token = {"access_token": "a-token", "token_type": "Bearer", "id_token": id_token}
        return 200, {**token, **self.token}


@contextmanager
def serve_provider(host: str = "127.0.0.1") -> Iterator[Provider]:
    """Serve a provider on a free port.

    :param host: its name; for browsers, localhost is another site than 127.0.0.1
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            if provider.is_broken:
                self._respond(500, {})
            elif parts.path == "/.well-known/openid-configuration":
                self._respond(200, provider.describe())
            elif parts.path == "/keys":
                self._respond(200, KeySet([provider.key]).as_dict(private=False))
            elif parts.path == "/authorize":
                self._lead_back(provider.authorize(dict(parse_qsl(parts.query))))
            else:
                self._respond(404, {})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            authorization = self.headers.get("Authorization", "")
            self._respond(*provider.exchange(dict(parse_qsl(body)), authorization))

        def _lead_back(self, location: str) -> None:
            page = f'<a href="{escape(location)}">Agree</a>' if provider.is_asking else ""
            self.send_response(200 if page else 302)
            if not page:
                self.send_header("Location", location)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page.encode())

        def _respond(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://{host}:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
