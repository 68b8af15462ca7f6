"""Making, changing and deleting users: what is stored, what is refused, and who is signed out."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from shoptrack.errors import InUse, ValidationError
from shoptrack_auth import groups, password_change, users
from shoptrack_auth.events import PasswordChanged
from shoptrack_auth.models import User, UserGroup, UserPermission, UserSession
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

pytestmark = pytest.mark.database("sqlite")

NEW = "a passphrase of five words"
TAKEN = "A user with that username already exists."
SHORT = "This password is too short. It must contain at least 8 characters."
COMMON = "This password is too common."
SIMILAR = "The password is too similar to the username."
NUMERIC = "This password is entirely numeric."


@pytest.fixture
def read(database):
    """Return a function that reads a user anew."""

    def read(user) -> User:
        with database.session() as db:
            return db.get_one(User, user.id)

    return read


@pytest.mark.database("sqlite", "postgresql")
def test_a_user_is_made_with_all_that_is_given(act, hasher, make_group, database):
    group = make_group("Parents", "stores:view")
    user = act(
        users.create,
        hasher,
        " Ken ",
        NEW,
        by=OPERATOR,
        email="Ken@EXAMPLE.com",
        first_name=" Ken ",
        last_name="Watanabe",
        is_staff=True,
        groups=[group.id],
        permissions=["units:view"],
    )
    assert (user.username, user.email) == ("Ken", "Ken@example.com")
    assert (user.first_name, user.last_name) == ("Ken", "Watanabe")
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, True, False)
    with database.read_engine.connect() as connection:
        assert connection.scalars(select(UserGroup.group_id)).all() == [group.id]
        assert connection.scalars(select(UserPermission.permission)).all() == ["units:view"]


def test_one_without_a_password_cannot_sign_in(act, hasher, client):
    act(users.create, hasher, "ken", by=OPERATOR)
    for password in ("!", "", "x"):
        body = {"username": "ken", "password": password}
        client.post_json("/api/auth/token/", body, status=(400, 401))


def test_all_that_is_wrong_is_told_at_once(act, hasher, make_user):
    with pytest.raises(ValidationError) as refused:
        act(
            users.create,
            hasher,
            "1234567",
            "1234567",
            by=OPERATOR,
            email="ken",
            first_name="x" * 151,
            last_name="a\0b",
        )
    assert refused.value.errors == {
        "first_name": ["Ensure this value has at most 150 characters (it has 151)."],
        "last_name": ["Enter a name without invisible characters."],
        "email": ["Enter a valid email address."],
        "password": [SHORT, SIMILAR, COMMON, NUMERIC],
    }
    make_user("KEN")
    with pytest.raises(ValidationError) as refused:
        act(users.create, hasher, "ken", "ken", by=OPERATOR)
    assert refused.value.errors == {"username": [TAKEN], "password": [SHORT, SIMILAR, COMMON]}


def test_the_longest_names_and_address_are_taken(act, hasher, read):
    longest = {"first_name": "x" * 150, "last_name": "y" * 150, "email": "z" * 252 + "@z"}
    user = act(users.create, hasher, "健" * 150, by=OPERATOR, **longest)
    stored = read(user)
    assert {field: getattr(stored, field) for field in longest} == longest
    with pytest.raises(ValidationError) as refused:
        act(
            users.change, user.id, by=OPERATOR, **{field: f"{longest[field]}z" for field in longest}
        )
    assert refused.value.errors == {
        "first_name": ["Ensure this value has at most 150 characters (it has 151)."],
        "last_name": ["Ensure this value has at most 150 characters (it has 151)."],
        "email": ["Ensure this value has at most 254 characters (it has 255)."],
    }


def test_a_weak_password_is_taken_by_force_alone(act, hasher):
    with pytest.raises(ValidationError):
        act(users.create, hasher, "ken", "password", by=OPERATOR)
    assert act(users.create, hasher, "ken", "password", by=OPERATOR, force=True).id


@pytest.mark.parametrize(
    "field", ["id", "password", "password_version", "username_key", "joined_at", "last_login_at"]
)
def test_what_is_not_offered_cannot_be_changed(act, hasher, user, field):
    with pytest.raises(TypeError):
        act(users.change, user.id, by=OPERATOR, **{field: 1})
    if field not in ("id", "password"):
        with pytest.raises(TypeError):
            act(users.create, hasher, "mia", by=OPERATOR, **{field: 1})


def test_what_is_not_given_stays(act, user, read, grant, make_group):
    grant(user, "stores:view")
    make_group("Parents", members=[user])
    before = vars(read(user))
    act(users.change, user.id, by=OPERATOR)
    after = vars(read(user))
    del before["_sa_instance_state"], after["_sa_instance_state"]
    assert after == before


@pytest.mark.database("sqlite", "postgresql")
def test_a_name_may_change_to_a_free_one(act, user, make_user, sign_in):
    make_user("mia")
    for name in ("mia", "MIA", "ｍｉａ"):
        with pytest.raises(ValidationError) as refused:
            act(users.change, user.id, by=OPERATOR, username=name)
        assert refused.value.errors == {"username": [TAKEN]}
    act(users.change, user.id, by=OPERATOR, username="KEN")  # the own one, written otherwise
    act(users.change, user.id, by=OPERATOR, username="kenji")
    assert sign_in("KENJI")


def test_an_old_name_that_breaks_a_newer_rule_hinders_no_other_change(act, user, change_user, read):
    change_user(username="k n", username_key="k n")
    act(users.change, user.id, by=OPERATOR, email="new@example.com")
    assert read(user).username == "k n"
    with pytest.raises(ValidationError):
        act(users.change, user.id, by=OPERATOR, username="k  n")


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "a\x1b[31mb", "a\r\nb\x00"])
def test_what_a_terminal_or_a_database_could_choke_on_is_refused(act, hasher, user, text):
    fields = ("username", "email", "first_name", "last_name")
    with pytest.raises(ValidationError) as refused:
        act(users.change, user.id, by=OPERATOR, **dict.fromkeys(fields, text))
    assert refused.value.errors.keys() == set(fields)


@pytest.mark.database("sqlite", "postgresql")
def test_groups_and_permissions_are_replaced(act, user, grant, make_group, database):
    grant(user, "stores:view", "stores:add")
    old, new = make_group("Old", members=[user]), make_group("New")
    changes = {"groups": [new.id, new.id], "permissions": ["stores:add", "units:view"]}
    act(users.change, user.id, by=OPERATOR, **changes)
    with database.read_engine.connect() as connection:
        assert connection.scalars(select(UserGroup.group_id)).all() == [new.id]
        held = connection.scalars(select(UserPermission.permission)).all()
        assert sorted(held) == ["stores:add", "units:view"]
    act(users.change, user.id, by=OPERATOR, groups=[], permissions=[])
    with database.read_engine.connect() as connection:
        assert connection.execute(select(UserGroup)).all() == []
        assert connection.execute(select(UserPermission)).all() == []
    assert old.id != new.id


@pytest.mark.database("sqlite", "postgresql")
def test_who_is_deactivated_is_signed_out_for_good(act, user, signed_in, client, caplog):
    with caplog.at_level(logging.INFO):
        act(users.change, user.id, by=OPERATOR, is_active=False)
    assert "Session ended" in caplog.text
    act(users.change, user.id, by=OPERATOR, is_active=True)
    client.get("/api/auth/user/", headers=signed_in.auth_headers, status=401)
    client.post_json("/api/auth/token/refresh/", {"refresh": signed_in.refresh}, status=401)


@pytest.mark.database("sqlite", "postgresql")
def test_who_is_deleted_is_signed_out(act, user, signed_in, client, database):
    act(users.delete, user.id, by=OPERATOR)
    answer = client.get("/api/auth/user/", headers=signed_in.auth_headers, status=401)
    assert answer.json["code"] == "user_not_found"
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(UserSession)) == 0


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("noun", ["user", "group"])
def test_who_is_in_a_table_of_a_plugin_is_kept(act, user, make_group, database, noun):
    delete, id = {
        "user": (users.delete, user.id),
        "group": (groups.delete, make_group("Parents").id),
    }[noun]
    key = f"{noun}_id INTEGER REFERENCES shoptrack_auth_{noun}s (id)"
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE wish_rows ({key})")
        connection.exec_driver_sql(f"INSERT INTO wish_rows VALUES ({id})")
    try:
        with pytest.raises(InUse) as refused:
            act(delete, id, by=OPERATOR)
        assert f"This {noun} is still in use by rows of the table wish_rows." in str(refused.value)
    finally:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE wish_rows")
    act(delete, id, by=OPERATOR)


def test_another_password_signs_the_user_out(act, hasher, user, signed_in, client, sign_in):
    act(password_change.set_password, hasher, user.id, NEW, by=OPERATOR)
    answer = client.get("/api/auth/user/", headers=signed_in.auth_headers, status=401)
    assert answer.json["code"] == "password_changed"
    client.post_json("/api/auth/token/refresh/", {"refresh": signed_in.refresh}, status=401)
    body = {"username": "ken", "password": PASSWORD}
    client.post_json("/api/auth/token/", body, status=401)
    assert sign_in("ken", NEW)


def test_a_password_may_be_taken_away(act, hasher, user, signed_in, client):
    act(password_change.set_password, hasher, user.id, None, by=OPERATOR)
    client.get("/api/auth/user/", headers=signed_in.auth_headers, status=401)
    for password in (PASSWORD, "!"):
        body = {"username": "ken", "password": password}
        client.post_json("/api/auth/token/", body, status=401)


def test_a_changed_password_is_an_event_and_a_line_without_it(app, act, hasher, user, caplog):
    with caplog.at_level(logging.INFO):
        act(password_change.set_password, hasher, user.id, NEW, by=OPERATOR)
    assert f"{PasswordChanged.label}: user {user.id} 'ken'" in caplog.text
    assert NEW not in caplog.text


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", ["This field may not be blank."]),
        ("x" * 4097, ["Ensure this field has no more than 4096 bytes."]),
        ("password", [COMMON]),
        ("ken12345", [COMMON]),
    ],
)
def test_another_password_must_be_a_good_one(act, hasher, user, read, password, said):
    with pytest.raises(ValidationError) as refused:
        act(password_change.set_password, hasher, user.id, password, by=OPERATOR)
    assert refused.value.errors == {"password": said}
    assert read(user).password == user.password


@pytest.mark.database("sqlite", "postgresql")
def test_of_many_who_take_one_name_at_once_one_wins(act, hasher, make_user):
    own = [make_user(f"user{number}") for number in range(3)]
    together = Barrier(6)

    def attempt(number):
        together.wait()
        try:
            if number < 3:
                act(users.change, own[number].id, by=OPERATOR, username="ken")
            else:
                act(users.create, hasher, "KEN", by=OPERATOR)
        except ValidationError as refused:
            return refused.errors
        return "taken"

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(attempt, range(6)))
    assert outcomes.count("taken") == 1
    assert outcomes.count({"username": [TAKEN]}) == 5
