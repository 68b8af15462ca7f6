"""The key is replaced without signing anybody out: what replaced keys signed holds while they are listed."""

import jwt
import pytest

from shoptrack.testing import SECRET_KEY, Client

pytestmark = pytest.mark.database("sqlite")

NEW = "a-new-key-for-tests-that-is-long-enough-to-sign-with"
OTHER = "another-key-that-was-replaced-some-time-before-that"


@pytest.fixture
def with_keys(build_app):
    """Return a function that returns a client of an application with a key and replaced ones."""

    def with_keys(key, *replaced):
        more = {"shoptrack__secret_key_fallbacks": ", ".join(replaced)} if replaced else {}
        return Client(build_app(shoptrack__secret_key=key, **more))

    return with_keys


def holds(client, signed_in) -> list[bool]:
    """Tell whether the access token and the refresh token hold."""
    paths = {"verify": {"token": signed_in.access}, "refresh": {"refresh": signed_in.refresh}}
    return [
        client.post_json(f"/api/auth/token/{path}/", body, status="*").status_int == 200
        for path, body in paths.items()
    ]


@pytest.mark.parametrize("replaced", [[SECRET_KEY], [OTHER, SECRET_KEY], [SECRET_KEY, OTHER]])
def test_what_a_replaced_key_signed_goes_on(with_keys, signed_in, replaced):
    client = with_keys(NEW, *replaced)
    assert holds(client, signed_in) == [True, True]
    client.get("/api/auth/user/", headers=signed_in.auth_headers, status=200)


@pytest.mark.parametrize("replaced", [[], [OTHER]])
def test_what_no_listed_key_signed_does_not(with_keys, signed_in, replaced):
    assert holds(with_keys(NEW, *replaced), signed_in) == [False, False]


def test_new_tokens_are_signed_by_the_new_key_alone(with_keys, signed_in):
    body = {"refresh": signed_in.refresh}
    access = with_keys(NEW, SECRET_KEY).post_json("/api/auth/token/refresh/", body).json["access"]
    assert jwt.decode(access, NEW, algorithms=["HS256"])["sid"] == signed_in.sid
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(access, SECRET_KEY, algorithms=["HS256"])


def test_signing_out_with_a_replaced_keys_token_ends_the_sign_in(with_keys, signed_in, sign_ins):
    with_keys(NEW, SECRET_KEY).post_json("/api/auth/logout/", {"refresh": signed_in.refresh})
    assert sign_ins() == 0


def test_a_replaced_key_takes_no_other_algorithm(with_keys, forge):
    token = forge(algorithm="HS384")
    with_keys(NEW, SECRET_KEY).post_json("/api/auth/token/verify/", {"token": token}, status=401)
