"""Making, changing and deleting groups."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from shoptrack.errors import ValidationError
from shoptrack_auth import groups
from shoptrack_auth.models import Group, GroupPermission, User, UserGroup
from shoptrack_auth.user_management import OPERATOR

TAKEN = {"name": ["Group with this Name already exists."]}


def test_a_group_is_made_and_changed(act, database):
    group = act(groups.create, " Power  users ", by=OPERATOR, permissions=["stores:view"])
    assert group.name == "Power users"
    act(groups.change, group.id, by=OPERATOR, name="Parents", permissions=["stores:add"])
    with database.read_engine.connect() as connection:
        assert connection.scalars(select(Group.name)).all() == ["Parents"]
        assert connection.scalars(select(GroupPermission.permission)).all() == ["stores:add"]
    act(groups.change, group.id, by=OPERATOR)
    with database.read_engine.connect() as connection:
        assert connection.scalars(select(GroupPermission.permission)).all() == ["stores:add"]


@pytest.mark.parametrize("twin", ["Parents", "PARENTS", " ｐａｒｅｎｔｓ", "Paren\ufe0fts"])
def test_names_that_read_the_same_are_taken(act, make_group, twin):
    make_group("Parents")
    other = make_group("Others")
    for attempt in (
        lambda: act(groups.create, twin, by=OPERATOR),
        lambda: act(groups.change, other.id, by=OPERATOR, name=twin),
    ):
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert refused.value.errors == TAKEN


def test_a_group_may_write_its_own_name_otherwise(act, make_group):
    group = make_group("Parents")
    assert act(groups.change, group.id, by=OPERATOR, name="PARENTS").name == "PARENTS"


def test_members_outlive_their_group(act, make_group, user, database):
    group = make_group("Parents", "stores:view", members=[user])
    act(groups.delete, group.id, by=OPERATOR)
    with database.read_engine.connect() as connection:
        assert connection.execute(select(UserGroup)).all() == []
        assert connection.execute(select(GroupPermission)).all() == []
        assert connection.scalars(select(User.id)).all() == [user.id]


def test_of_many_who_make_one_name_at_once_one_wins(act):
    together = Barrier(6)

    def attempt(number):
        together.wait()
        try:
            act(groups.create, ("Parents", "PARENTS", "ｐａｒｅｎｔｓ")[number % 3], by=OPERATOR)
        except ValidationError as refused:
            return refused.errors
        return "made"

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(attempt, range(6)))
    assert outcomes.count("made") == 1
    assert outcomes.count(TAKEN) == 5
