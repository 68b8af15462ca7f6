import pytest

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/auth/logout/"
DONE = {"detail": "Successfully logged out."}


def test_who_is_not_signed_in_may_sign_out(client):
    answer = client.post_json(PATH, {}, status=200)
    assert answer.json == DONE
    assert answer.headers["Set-Cookie"].startswith("refresh_token=; Max-Age=0; ")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_a_body_is_not_needed(client, signed_in, sign_ins, content_type):
    headers = {**signed_in.auth_headers, "Content-Type": content_type}
    assert client.post(PATH, b"", headers=headers).json == DONE
    assert sign_ins() == 0


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("way", ["body", "form", "cookie", "bearer"])
def test_every_way_of_naming_a_sign_in_ends_it(client, user, sign_in, sign_ins, way):
    named, other = sign_in(), sign_in()
    match way:
        case "body":
            answer = client.post_json(PATH, {"refresh": named.refresh})
        case "form":
            answer = client.post(PATH, {"refresh": named.refresh})
        case "cookie":
            answer = client.post_json(PATH, {}, headers=named.cookie)
        case "bearer":
            answer = client.post_json(PATH, {}, headers=named.auth_headers)
    assert answer.json == DONE
    assert answer.headers["Set-Cookie"].startswith("refresh_token=; Max-Age=0; ")
    client.get("/api/auth/user/", headers=named.auth_headers, status=401)
    client.get("/api/auth/user/", headers=other.auth_headers, status=200)
    assert sign_ins() == 1


@pytest.mark.database("sqlite", "postgresql")
def test_all_that_are_named_are_ended_at_once(client, user, sign_in, sign_ins):
    one, two, three, other = sign_in(), sign_in(), sign_in(), sign_in()
    client.post_json(PATH, {"refresh": one.refresh}, headers={**two.cookie, **three.auth_headers})
    assert sign_ins() == 1
    client.get("/api/auth/user/", headers=other.auth_headers, status=200)


@pytest.mark.parametrize("bad", ["x", "", None])
def test_a_bad_token_does_not_shield_a_good_one(client, signed_in, sign_ins, bad):
    headers = {**signed_in.cookie, "Authorization": "Bearer x"}
    client.post_json(PATH, {"refresh": bad}, headers=headers)
    assert sign_ins() == 0


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Basic eDp5", "x"])
def test_a_broken_header_names_nobody(client, signed_in, sign_ins, header):
    headers = {**signed_in.cookie, "Authorization": header}
    assert client.post_json(PATH, {}, headers=headers).json == DONE
    assert sign_ins() == 0


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_an_expired_token_still_ends_its_sign_in(client, forge, sign_ins, kind):
    token = forge(token_type=kind, exp=1, iat=0)
    client.post_json(PATH, {}, headers={"Authorization": f"Bearer {token}"})
    assert sign_ins() == 0


@pytest.mark.parametrize("key", ["another key that is long enough to sign with"])
def test_a_token_that_somebody_else_signed_ends_nothing(client, forge, sign_ins, key):
    client.post_json(PATH, {"refresh": forge(key=key, token_type="refresh")})
    assert sign_ins() == 1


@pytest.mark.database("sqlite", "postgresql")
def test_a_sign_in_that_never_was_is_no_error(client, forge, sign_ins):
    for sid in ("999999", 2**40, 10**17, "9" * 18, 10**30, "x", None, [], -1):
        headers = {"Authorization": f"Bearer {forge(sid=sid)}"}
        assert client.post_json(PATH, {}, headers=headers).json == DONE
        assert sign_ins() == 1


def test_who_has_been_deactivated_may_still_sign_out(client, signed_in, change_user, sign_ins):
    change_user(is_active=False)
    client.post_json(PATH, {}, headers=signed_in.auth_headers)
    assert sign_ins() == 0


def test_signing_out_twice_changes_nothing(client, signed_in, sign_ins):
    for _ in range(2):
        assert client.post_json(PATH, {}, headers=signed_in.auth_headers).json == DONE
    assert sign_ins() == 0


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"refresh": True}, {"refresh": ["Not a valid string."]}),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
)
def test_a_faulty_body_is_refused_whole(client, signed_in, sign_ins, body, answer):
    assert client.post_json(PATH, body, headers=signed_in.auth_headers, status=400).json == answer
    assert sign_ins() == 1
