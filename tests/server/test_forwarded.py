"""What a client says by ``X-Forwarded-*`` on the server's own port counts for nothing, a proxy's word does."""

import json
import re

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "444",
    "Forwarded": "for=203.0.113.9;proto=https;host=evil.example",
}
WRONG = {"username": "nobody", "password": "wrong"}


def test_a_client_that_forges_them_changes_nothing(server):
    direct = server(https_only="true").start().until_it_answers()
    assert direct.ask("/api/", FORGED).result()[0] == 400  # https only, which it did not come by
    redirected = direct.ask("/", FORGED)
    assert redirected.result()[0] == 301
    assert redirected.headers["Location"] == "https://127.0.0.1/"
    assert "Strict-Transport-Security" not in redirected.headers
    direct.until_it_says(r"GET / 301 .* from 127\.0\.0\.1")
    assert "203.0.113.9" not in direct.said()


def test_a_proxys_word_is_taken(server):
    proxied = server(
        https_only="true",
        trusted_proxies="127.0.0.1",
        allowed_hosts="shop.example.com",
        failures_per_name="2",
    )
    proxied.start().until_it_answers()
    said = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "shop.example.com",
        "X-Forwarded-Port": "443",
    }
    root = proxied.ask("/api/", said | {"X-Forwarded-For": "203.0.113.9"})
    status, body, _ = root.result()
    assert status == 200
    assert all(
        link.startswith("https://shop.example.com/api/") for link in json.loads(body).values()
    )
    assert root.headers["Strict-Transport-Security"] == "max-age=31536000"
    proxied.until_it_says(r"GET /api/ 200 .* from 203\.0\.113\.9")

    # Who forges another address is still the one that the proxy saw.
    attempts = [
        proxied.ask(
            "/api/auth/token/",
            said | {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"},
            WRONG,
        ).result()[0]
        for number in range(3)
    ]
    assert attempts == [401, 401, 429]
    other = said | {"X-Forwarded-For": "203.0.113.10"}
    assert proxied.ask("/api/auth/token/", other, WRONG).result()[0] == 401


def test_of_two_proxies_the_outer_ones_word_is_taken(server):
    proxied = server(
        https_only="true", trusted_proxies="127.0.0.1, 10.0.0.0/8", allowed_hosts="shop.example.com"
    )
    proxied.start().until_it_answers()
    said = {
        "X-Forwarded-For": "203.0.113.9, 10.0.0.2",
        "X-Forwarded-Proto": "https,http",
        "X-Forwarded-Host": "shop.example.com, inside",
    }
    root = proxied.ask("/api/", said)
    status, body, _ = root.result()
    assert status == 200
    assert json.loads(body)["stores"] == "https://shop.example.com/api/stores/"
    proxied.until_it_says(r"GET /api/ 200 .* from 203\.0\.113\.9")


def test_whoever_trusts_no_proxy_is_warned_at_the_start_and_once_it_matters(server):
    alone = server(https_only="true").start().until_it_answers()
    alone.until_it_says(r"no proxy is trusted.* SHOPTRACK_TRUSTED_PROXIES")
    for _ in range(3):
        assert alone.ask("/", {"X-Forwarded-Proto": "https"}).result()[0] == 301
    alone.until_it_says(r"(?s)(GET / 301 .*){3}")
    found = re.findall(
        r"X-Forwarded-\* from 127\.0\.0\.1 .* SHOPTRACK_TRUSTED_PROXIES", alone.said()
    )
    assert len(found) == 1
