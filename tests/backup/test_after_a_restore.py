"""What a restored database does not bring back: sessions, links, and ids of rows that were deleted before."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from shoptrack.testing import Client, RowFactory
from shoptrack_auth import api_tokens, password_links, users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import (
    ApiToken,
    FailedAttempt,
    NumberedSessions,
    PasswordLink,
    UserSession,
    get_utc_now,
)
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

from .archives import manifest_of, manifest_with


class Household:
    """People who use the API of an application."""

    def __init__(self, side):
        self.side = side
        self.client = Client(side.app)

    def add(self, name: str, **profile) -> int:
        with self.side.database.session() as db, db.begin():
            hasher = self.side.app.registry[UserPasswordHasher]
            made = users.create(db, hasher, name, PASSWORD, by=OPERATOR, force=True, **profile)
            return made.id

    def delete(self, id: int) -> None:
        with self.side.database.session() as db, db.begin():
            users.delete(db, id, by=OPERATOR)

    def sign_in(self, name: str) -> dict[str, str]:
        body = {"username": name, "password": PASSWORD}
        return Client(self.side.app).post_json("/api/auth/token/", body).json

    def authorize(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.sign_in(name)['access']}"}

    def statuses(self, tokens: dict[str, str]) -> list[int]:
        """Return how tokens are answered that are read, refreshed and verified."""
        client = Client(self.side.app)
        headers = {"Authorization": f"Bearer {tokens['access']}"}
        refresh, verify = {"refresh": tokens["refresh"]}, {"token": tokens["refresh"]}
        return [
            client.get("/api/auth/user/", headers=headers, status="*").status_int,
            client.post_json("/api/auth/token/refresh/", refresh, status="*").status_int,
            client.post_json("/api/auth/token/verify/", verify, status="*").status_int,
        ]

    def rows(self, model) -> list:
        with self.side.database.read_engine.connect() as connection:
            return connection.execute(select(model)).all()


@pytest.fixture
def before(source):
    return Household(source)


@pytest.fixture
def restored(before, target, tmp_path):
    """Return a function that backs up and restores, and returns who uses the new database."""

    def restored(change=lambda file: file) -> Household:
        assert before.side.backup(tmp_path / "a.zip").exit_code == 0
        result = target.restore(change(tmp_path / "a.zip"))
        assert result.exit_code == 0, result.output
        return Household(target)

    return restored


@pytest.fixture(params=["random", "numbers"])
def names(request, before):
    """Name sessions by a random value, or by their ids as on the day of the migration."""
    if request.param == "numbers":
        until = insert(NumberedSessions).values(until=get_utc_now() + timedelta(hours=1))
        with before.side.database.engine.begin() as connection:
            connection.execute(until)
    return request.param


def of_an_earlier_release(file):
    """Leave out what that did not write: the counters, and whose a table is."""
    tables = [part for part in manifest_of(file)["tables"] if part.pop("lineage")]
    return manifest_with(file, tables=tables, last_ids={})


@pytest.mark.parametrize("change", [lambda file: file, of_an_earlier_release])
def test_no_token_of_a_deleted_user_is_another_ones(before, names, restored, change):
    before.add("ken", is_superuser=True)
    gone = before.add("mia")
    before.sign_in("ken")
    tokens = before.sign_in("mia")
    assert before.statuses(tokens) == [200, 200, 200]
    before.delete(gone)
    after = restored(change)
    made = after.add("root", is_superuser=True)
    assert (made == gone) is (change is of_an_earlier_release)
    mine = [after.sign_in("root") for _ in range(4)]
    assert after.statuses(tokens) == [401, 401, 401]
    assert [after.statuses(one) for one in mine] == [[200, 200, 200]] * 4


def test_no_session_goes_on(before, names, restored):
    """Not even one that nobody ended: another may have been, since the backup was made."""
    before.add("ken")
    tokens = before.sign_in("ken")
    after = restored()
    assert after.statuses(tokens) == [401, 401, 401]
    assert after.rows(UserSession) == []
    assert after.rows(NumberedSessions) == []


def test_no_link_can_be_used_again(before, restored):
    id = before.add("ken")
    with before.side.database.session() as db, db.begin():
        password_links.create_link(db, id, by=OPERATOR)
    after = restored()
    assert after.rows(PasswordLink) == []


def test_no_api_token_comes_back(before, restored):
    """It may have been revoked since the backup was made."""
    id = before.add("ken")
    with before.side.database.session() as db, db.begin():
        _token, secret = api_tokens.create_token(db, id, api_tokens.NewToken("script"))
    headers = {"Authorization": f"Bearer {secret}"}
    before.client.get("/api/auth/user/", headers=headers)
    after = restored()
    assert after.rows(ApiToken) == []
    after.client.get("/api/auth/user/", headers=headers, status=401)


def test_nobody_has_to_wait_for_what_failed_elsewhere(before, restored):
    body = {"username": "ken", "password": "wrong"}
    before.client.post_json("/api/auth/token/", body, status=401)
    assert len(before.rows(FailedAttempt)) == 1
    assert restored().rows(FailedAttempt) == []


def test_new_rows_get_no_id_that_a_deleted_row_had(before, restored):
    make = RowFactory(before.side.database)
    kept, gone = make.store(), make.store()
    with before.side.database.engine.begin() as connection:
        connection.execute(type(gone).__table__.delete().where(type(gone).id == gone.id))
    after = restored()
    assert RowFactory(after.side.database).store().id == gone.id + 1
    assert kept.id < gone.id


def test_nor_does_a_session(before, restored):
    """Its id is in the log, and ends it by the API."""
    before.add("ken")
    for _ in range(3):
        before.sign_in("ken")
    last = max(row.id for row in before.rows(UserSession))
    after = restored()
    after.sign_in("ken")
    assert [row.id for row in after.rows(UserSession)] == [last + 1]


def test_a_database_in_which_only_such_rows_are_counts_as_empty(before, make_side, tmp_path):
    before.side.backup(tmp_path / "a.zip")
    target = make_side("sqlite", migrated=True)
    failure = insert(FailedAttempt).values(kind="sign-in", address="192.0.2.1", at=get_utc_now())
    with target.database.engine.begin() as connection:
        connection.execute(failure)
    assert target.restore(tmp_path / "a.zip").exit_code == 0
    assert Household(target).rows(FailedAttempt) == []


def test_no_client_keeps_its_cursor(before, restored):
    before.add("ken", is_superuser=True)
    headers = before.authorize("ken")
    before.client.post_json("/api/units/", {"name": "g"}, headers=headers, status=201)
    cursor = before.client.get("/api/changes/", headers=headers).json["cursor"]
    after = restored()
    headers = after.authorize("ken")
    after.client.get("/api/changes/", {"since": cursor}, headers=headers, status=410)
    start = after.client.get("/api/changes/", headers=headers).json["cursor"]
    after.client.get("/api/changes/", {"since": start}, headers=headers, status=200)
