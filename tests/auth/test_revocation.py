"""A token holds no longer than its sign-in, its password and its user: at once, and in every place."""

import pytest

from shoptrack.testing import Client
from shoptrack_auth import sessions as service


@pytest.fixture
def state(client):
    """Return a function that tells what each place says about the tokens of a sign-in."""

    def state(signed_in) -> dict[str, str]:
        protected = client.get("/api/products/", headers=signed_in.auth_headers, status="*")
        others = {
            "refresh": client.post_json(
                "/api/auth/token/refresh/", {"refresh": signed_in.refresh}, status="*"
            ),
            "verify access": client.post_json(
                "/api/auth/token/verify/", {"token": signed_in.access}, status="*"
            ),
            "verify refresh": client.post_json(
                "/api/auth/token/verify/", {"token": signed_in.refresh}, status="*"
            ),
        }
        said = {"protected": "holds" if protected.status_int == 200 else protected.json["code"]}
        for name, answer in others.items():
            assert answer.status_int in (200, 401)
            assert answer.json.get("code", "token_not_valid") == "token_not_valid"
            said[name] = answer.json.get("detail", "holds")
        return said

    return state


def all_say(protected: str, others: str) -> dict[str, str]:
    names = ("refresh", "verify access", "verify refresh")
    return {"protected": protected, **dict.fromkeys(names, others)}


def test_until_then_all_hold(state, signed_in):
    assert state(signed_in) == all_say("holds", "holds")


def test_signing_out(state, client, signed_in):
    client.post_json("/api/auth/logout/", {"refresh": signed_in.refresh})
    assert state(signed_in) == all_say("token_not_valid", "Token is blacklisted")


def test_deactivation_and_back(state, signed_in, change_user):
    change_user(is_active=False)
    assert state(signed_in) == all_say("user_inactive", "Token is invalid")
    change_user(is_active=True)
    assert state(signed_in) == all_say("holds", "holds")


def test_deletion(state, signed_in, delete_user, sign_ins):
    delete_user()
    assert state(signed_in) == all_say("user_not_found", "Token is invalid")
    assert sign_ins() == 0


def test_another_password(state, signed_in, sign_in, change_user):
    change_user(password_version=2)
    assert state(signed_in) == all_say("password_changed", "Token is blacklisted")
    assert state(sign_in()) == all_say("holds", "holds")


def test_another_password_counts_before_a_sign_out(state, client, signed_in, change_user):
    client.post_json("/api/auth/logout/", {"refresh": signed_in.refresh})
    change_user(password_version=2)
    assert state(signed_in) == all_say("password_changed", "Token is blacklisted")


def test_signing_out_elsewhere_changes_nothing_here(state, client, user, sign_in):
    here, elsewhere = sign_in(), sign_in()
    client.post_json("/api/auth/logout/", {"refresh": elsewhere.refresh})
    assert state(here) == all_say("holds", "holds")


def test_access_tokens_of_one_sign_in_die_together(client, signed_in):
    body = {"refresh": signed_in.refresh}
    renewed = client.post_json("/api/auth/token/refresh/", body).json["access"]
    client.post_json("/api/auth/logout/", {}, headers=signed_in.auth_headers)
    client.get("/api/products/", headers={"Authorization": f"Bearer {renewed}"}, status=401)


def test_what_one_application_ends_is_over_in_another(build_app, client, signed_in):
    Client(build_app()).post_json("/api/auth/logout/", {}, headers=signed_in.auth_headers)
    client.get("/api/products/", headers=signed_in.auth_headers, status=401)


@pytest.mark.parametrize(
    "meanwhile", [{"is_active": False}, {"password_version": 2}, "deleted"], ids=str
)
def test_a_password_that_was_right_a_moment_ago_signs_nobody_in(
    database, user, change_user, delete_user, sign_ins, meanwhile
):
    proof = service.VerifiedPassword(user.id, user.password_version)
    if meanwhile == "deleted":
        delete_user()
    else:
        change_user(**meanwhile)
    with database.session() as db, db.begin():
        assert service.create_session(db, proof, service.Device("127.0.0.1", "a test"), 60) is None
    assert sign_ins() == 0
