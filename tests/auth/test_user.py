import jwt
import pytest

from shoptrack.testing import capture_statements

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/auth/user/"


def test_it_answers_who_is_signed_in(client, user, signed_in):
    answer = client.get(PATH, headers=signed_in.auth_headers, status=200)
    assert answer.json == {"id": user.id, "username": "ken", "email": "ken@example.com"}
    assert list(answer.json) == ["id", "username", "email"]
    assert "WWW-Authenticate" not in answer.headers


def test_it_answers_the_name_as_it_was_made(client, make_user, sign_in):
    make_user("Ken", email="")
    answer = client.get(PATH, headers=sign_in("KEN").auth_headers)
    assert (answer.json["username"], answer.json["email"]) == ("Ken", "")


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR   ", "Bearer\t"])
def test_the_schemes_case_and_white_space_do_not_matter(client, signed_in, scheme):
    client.get(PATH, headers={"Authorization": scheme + signed_in.access}, status=200)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_can_only_be_read(client, signed_in, method):
    answer = client.request(PATH, method=method, headers=signed_in.auth_headers, status=405)
    assert answer.json == {"detail": f'Method "{method}" not allowed.'}
    assert answer.headers["Allow"] == "GET, HEAD"


def test_tokens_count_in_the_header_only(client, signed_in):
    for url in (f"{PATH}?access={signed_in.access}", f"{PATH}?token={signed_in.access}"):
        client.get(url, headers=signed_in.cookie, status=401)
    client.get(PATH, headers={"Cookie": f"access={signed_in.access}"}, status=401)


@pytest.fixture
def decoded(monkeypatch) -> list[str]:
    """Collect the tokens that are decoded, by the real decoder."""
    tokens = []
    decode = jwt.decode
    monkeypatch.setattr(
        jwt, "decode", lambda token, *args, **kw: tokens.append(token) or decode(token, *args, **kw)
    )
    return tokens


@pytest.mark.database("sqlite", "postgresql")
def test_a_request_decodes_one_token_and_looks_one_user_up(client, signed_in, database, decoded):
    with capture_statements(database) as statements:
        client.get(PATH, headers=signed_in.auth_headers)
    assert decoded == [signed_in.access]
    assert len(statements) == 1


def test_a_token_that_held_is_not_decoded_again_but_its_user_is_looked_up(
    client, signed_in, make, database, decoded
):
    product = make.product()
    for path, expected in (("/api/products/", 3), (f"/api/products/{product.id}/", 2)):
        with capture_statements(database) as statements:
            client.get(path, headers=signed_in.auth_headers)
        assert decoded == [signed_in.access]
        assert len(statements) == expected
        assert sum("shoptrack_auth_users" in statement for statement in statements) == 1


def test_a_token_that_cannot_hold_asks_the_database_nothing(client, forge, database, decoded):
    token = forge(exp=1)
    with capture_statements(database) as statements:
        client.get(PATH, headers={"Authorization": f"Bearer {token}"}, status=401)
    assert decoded == [token]
    assert statements == []


def test_nobody_is_looked_up_where_nobody_is_asked_for(client, signed_in, database, decoded):
    with capture_statements(database) as statements:
        client.get("/api/", headers=signed_in.auth_headers)
        client.get("/healthz", headers=signed_in.auth_headers)
    assert decoded == []
    assert statements == []
