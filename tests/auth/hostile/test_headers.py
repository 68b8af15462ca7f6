"""What a token's header claims: an algorithm, a key, what must be understood."""

import pytest

pytestmark = pytest.mark.database("sqlite")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, [], ["HS256"], {}])
def test_a_token_is_signed(refused, sign, payload, algorithm):
    token = sign({"alg": algorithm, "typ": "JWT"}, payload)
    refused(token)
    refused(f"{token.rpartition('.')[0]}.")


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_it_is_signed_by_one_algorithm(refused, forge, algorithm):
    refused(lambda kind: forge(token_type=kind, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256", "EdDSA", "ES256K", "x" * 1000])
def test_it_cannot_choose_another_kind_of_key(refused, sign, payload, algorithm):
    refused(sign({"alg": algorithm}, payload))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "../../../../dev/null"},
        {"kid": "' UNION SELECT 'x"},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/keys"},
        {"jwk": {"kty": "oct", "k": "dGhlIGtleSBvZiBzb21lYm9keSBlbHNlLCBsb25nIGVub3VnaA"}},
    ],
    ids=lambda header: next(iter(header)),
)
def test_it_cannot_bring_its_key(refused, forge, header):
    key = "the key of somebody else, long enough"  # the one in jwk, too
    refused(lambda kind: forge(token_type=kind, headers=header, key=key))


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"]},
        {"crit": ["unknown"], "unknown": 1},
        {"crit": []},
        {"crit": "b64"},
        {"crit": [{}]},
        {"crit": None},
        {"b64": False},
        {"crit": ["b64"], "b64": False},
        {"kid": 1},
    ],
    ids=repr,
)
def test_what_it_demands_is_understood_or_refused(refused, sign, payload, header):
    refused(sign({"alg": "HS256", **header}, payload))


@pytest.mark.parametrize(
    "header",
    [
        *(b"", b"{", b"[]", b"null", b"1", b"{}", b"\xff"),
        *(b"[" * 9_000, b'{"alg":' + b"9" * 5000 + b"}", b'{"alg":"HS256","x":NaN'),
    ],
    ids=lambda header: repr(header[:10]),
)
def test_it_is_an_object(refused, sign, payload, header):
    refused(sign(header, payload))


def test_what_it_says_besides_is_passed_over(client, sign, payload):
    token = sign({"alg": "HS256", "kid": "../../x", "jku": "https://evil.example"}, payload)
    client.get("/api/products/", headers={"Authorization": f"Bearer {token}"}, status=200)
