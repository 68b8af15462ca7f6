"""Tokens with the right signature and wrong claims, as another program with the same key may write them."""

import time

import pytest

pytestmark = pytest.mark.database("sqlite")

INVALID, EXPIRED = "Token is invalid", "Token is expired"
NAN, INFINITY = float("nan"), float("inf")
NO_INSTANTS = [
    *("", "x", "9999999999", True, False, None, [], {}, [9999999999], {"a": 1}),
    *(9999999999.5, 9999999999.0, NAN, INFINITY, -INFINITY, 1e300),
]
NO_IDS = [
    *("abc", "", " ", "1 ", "-1", "+1", "1.0", "1e0", "0x1", "１", "²", "1\0", "1' OR '1'='1"),
    *([], {}, [1], {"id": 1}, True, False, None),
    *(0, -1, 1.5, 0.0, NAN, INFINITY, -INFINITY, 1e300),
    *(10**30, 2**63, "9" * 30, "9" * 4400, "0"),
]
NOBODYS_IDS = [2**31, 2**40, str(2**40), 10**18 - 1, 2**63 - 1, 1e15]


@pytest.fixture
def refused(refused, forge):
    """Return a function that sends tokens with some claims everywhere, and checks why they are refused."""

    def refused_with(sentence, code="token_not_valid", **claims):
        refused(lambda kind: forge(**{"token_type": kind, **claims}), sentence, code)

    return refused_with


@pytest.mark.parametrize("claim", ["exp", "iat", "jti", "token_type", "user_id", "sid"])
def test_no_claim_may_be_missing(refused, claim):
    refused(INVALID, without=claim)


@pytest.mark.parametrize("value", NO_INSTANTS, ids=repr)
def test_instants_are_whole_seconds(refused, value):
    refused(INVALID, exp=value)
    refused(INVALID, iat=value)


@pytest.mark.parametrize("seconds", [0, 1, 3600, 10**10, 10**30])
def test_a_token_is_over_at_the_second_that_it_names(refused, seconds):
    refused(EXPIRED, exp=int(time.time()) - seconds)


@pytest.mark.parametrize("digits", [12, 18, 19, 30, 4000])
def test_no_token_outlives_the_calendar(refused, digits):
    refused(INVALID, exp=10**digits)


@pytest.mark.parametrize("seconds", [360, 3600, 10**12, 10**30])
def test_a_token_of_the_future_is_not_yet_one(refused, seconds):
    refused(INVALID, iat=int(time.time()) + seconds)
    refused(INVALID, nbf=int(time.time()) + seconds)


@pytest.mark.parametrize("value", ["x", NAN, INFINITY, None, [], {}], ids=repr)
def test_a_beginning_that_is_no_number_is_refused(refused, value):
    refused(INVALID, nbf=value)


@pytest.mark.parametrize("value", ["", "Access", "sliding", 1, None, True, [], ["access"], {}])
def test_there_are_two_kinds_of_tokens(refused, value):
    refused(INVALID, token_type=value)


@pytest.mark.parametrize("value", [1, None, [], {}, True])
def test_a_tokens_own_name_is_text(refused, value):
    refused(INVALID, jti=value)


@pytest.mark.parametrize("value", NO_IDS, ids=lambda value: repr(value)[:20])
def test_an_id_is_a_positive_number_of_64_bits(refused, value):
    refused(INVALID, user_id=value)
    refused(INVALID, sid=value)


@pytest.mark.database("sqlite", "postgresql")
def test_a_number_that_no_user_has_names_nobody(refused):
    for value in NOBODYS_IDS:
        refused(INVALID, "user_not_found", user_id=value)


@pytest.mark.database("sqlite", "postgresql")
def test_a_number_that_no_sign_in_has_names_one_that_is_over(refused):
    for value in NOBODYS_IDS:
        refused("Token is blacklisted", sid=value)


@pytest.mark.parametrize("sub", ["another", 1, None, [], "2"])
def test_the_user_is_who_user_id_says(client, forge, sub):
    headers = {"Authorization": f"Bearer {forge(sub=sub)}"}
    client.get("/api/auth/user/", headers=headers, status=200)


def test_both_kinds_are_told_apart(client, signed_in):
    headers = {"Authorization": f"Bearer {signed_in.refresh}"}
    answer = client.get("/api/products/", headers=headers, status=401)
    assert answer.json["messages"][0]["message"] == "Token has wrong type"
    answer = client.post_json("/api/auth/token/refresh/", {"refresh": signed_in.access}, status=401)
    assert answer.json == {"detail": "Token has wrong type", "code": "token_not_valid"}
