"""Users who came over sign in with their old passwords, and lists are theirs at once."""

import pytest

from .old_backend.__main__ import PASSWORDS

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def imported(old, run):
    assert run(old.address).exit_code == 0


@pytest.mark.parametrize("username", [*PASSWORDS, "ＯＷＮＥＲ"])
def test_with_the_old_password(imported, client, username):
    password = PASSWORDS.get(username, PASSWORDS["owner"])
    credentials = {"username": username, "password": password}
    tokens = client.post_json("/api/auth/token/", credentials, status=200).json
    headers = {"Authorization": f"Bearer {tokens['access']}"}
    me = client.get("/api/auth/user/", headers=headers, status=200).json
    assert me["username"] == ("mika" if username == "mika" else "owner")
    record = client.get("/api/shopping-records/2/", headers=headers, status=200).json
    assert record == {
        "id": 2,
        "price": -298,
        "purchase_date": "0001-01-01",
        "store": {"id": 2, "name": "Life", "location": "Osaka"},
        "quantity": "-0.001",
        "product": {
            "id": 2,
            "name": "ギュウニュウ",
            "category": {"id": 3, "name": "ﾆｭｳ製品"},
            "unit": {"id": 1, "name": "g"},
            "manufacturer": {"id": 1, "name": "Yamato Foods"},
            "origin": {"id": 1, "name": "Hokkaido"},
        },
    }


@pytest.mark.parametrize(
    ("username", "password"),
    [("owner", "another"), ("mika", PASSWORDS["mika"].strip()), ("former", ""), ("gone", "x")],
)
def test_but_not_with_another(imported, client, username, password):
    credentials = {"username": username, "password": password}
    client.post_json("/api/auth/token/", credentials, status=(400, 401))
