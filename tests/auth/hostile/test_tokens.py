"""Texts that are no tokens, or no longer."""

import pytest

pytestmark = pytest.mark.database("sqlite")

EXPIRED = "Token is expired"


@pytest.mark.parametrize("text", ["..", ".", "...", "a", "a.b", "a.b.c.d", "%00.%00.%00", "=.=.="])
def test_nonsense_is_no_token(refused, text):
    refused(text)


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"{", b"[]", b"null", b'"x"', b"{}", b"\xff"),
        *(b"[" * 9_000, b'{"exp":' + b"9" * 5000 + b"}"),
    ],
    ids=lambda payload: repr(payload[:10]),
)
def test_its_payload_is_an_object(refused, sign, payload):
    refused(sign({"alg": "HS256"}, payload))


@pytest.mark.parametrize("part", [0, 1, 2], ids=["header", "payload", "signature"])
def test_no_character_of_it_can_be_changed(refused, signed_in, part):
    def changed(kind):
        parts = getattr(signed_in, kind).split(".")
        middle = len(parts[part]) // 2
        other = "A" if parts[part][middle] != "A" else "B"
        parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]
        return ".".join(parts)

    refused(changed)


def test_a_payload_cannot_be_exchanged(refused, signed_in, forge):
    header, _, signature = signed_in.access.split(".")
    payload = forge(user_id="1").split(".")[1]
    refused(f"{header}.{payload}.{signature}")


@pytest.mark.parametrize("cut", [1, 10, 43, 44, 100])
def test_a_token_that_is_cut_off_is_none(refused, signed_in, cut):
    refused(lambda kind: getattr(signed_in, kind)[:-cut])


@pytest.mark.parametrize("rest", ["", "."])
def test_a_signature_is_needed(refused, signed_in, rest):
    refused(lambda kind: getattr(signed_in, kind).rpartition(".")[0] + rest)


@pytest.mark.parametrize("make", [lambda: "x" * 15_000, lambda: ".".join(["x" * 3_700] * 4)])
def test_a_very_long_text_is_no_token(refused, make):
    refused(make())


def test_a_very_long_one_with_the_right_signature_is_read_like_any_other(refused, forge):
    refused(lambda kind: forge(token_type=kind, x="y" * 10_000, exp=1), EXPIRED)
