"""A link sets a password once, while it holds; whoever makes it does not learn the password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from shoptrack.errors import ValidationError
from shoptrack_auth import password_change, password_links, users
from shoptrack_auth.models import PasswordLink, get_utc_now
from shoptrack_auth.password_links import InvalidLink
from shoptrack_auth.user_management import OPERATOR

pytestmark = pytest.mark.database("sqlite")

NEW = "a passphrase of five words"


@pytest.fixture
def link(act, user) -> str:
    """Make a link for the user."""
    return act(password_links.create_link, user.id, by=OPERATOR)


@pytest.fixture
def redeem(act, hasher):
    return lambda secret, password=NEW: act(password_links.redeem, hasher, secret, password)


def test_a_link_sets_a_password(redeem, link, user, sign_in):
    assert redeem(link).id == user.id
    assert sign_in("ken", NEW)


def test_it_gives_a_password_to_who_had_none(act, hasher, redeem, sign_in):
    mia = act(users.create, hasher, "mia", by=OPERATOR)
    redeem(act(password_links.create_link, mia.id, by=OPERATOR))
    assert sign_in("mia", NEW)


def test_it_signs_the_user_out_elsewhere(redeem, signed_in, link, client):
    redeem(link)
    client.get("/api/auth/user/", headers=signed_in.auth_headers, status=401)


def test_it_says_whose_it_is(database, link, user):
    with database.read_engine.connect() as connection:
        row = password_links.get_link(connection, link)
    assert (row.id, row.username) == (user.id, "ken")
    assert timedelta(days=2) < row.expires_at - get_utc_now() <= timedelta(days=3)


@pytest.mark.database("sqlite", "postgresql")
def test_it_is_used_once(redeem, link):
    redeem(link)
    with pytest.raises(InvalidLink, match="This link is invalid or has expired"):
        redeem(link, "another passphrase of words")


def test_a_password_that_will_not_do_leaves_it_as_it_is(redeem, link):
    for password in ("short", "ken", "", "x" * 4097):
        with pytest.raises(ValidationError) as refused:
            redeem(link, password)
        assert refused.value.errors.keys() == {"password"}
    redeem(link)


def test_a_newer_link_replaces_it(act, redeem, link, user):
    newer = act(password_links.create_link, user.id, by=OPERATOR)
    with pytest.raises(InvalidLink):
        redeem(link)
    redeem(newer)


def test_a_newer_password_voids_it(act, hasher, redeem, link, user):
    act(password_change.set_password, hasher, user.id, "another passphrase of words", by=OPERATOR)
    with pytest.raises(InvalidLink):
        redeem(link)


def test_so_does_one_that_was_stored_without_knowing_of_links(redeem, link, change_user):
    change_user(password_version=2)
    with pytest.raises(InvalidLink):
        redeem(link)


@pytest.mark.database("sqlite", "postgresql")
def test_so_do_time_and_deactivation(redeem, link, change_user, database):
    change_user(is_active=False)
    with pytest.raises(InvalidLink):
        redeem(link)
    change_user(is_active=True)
    with database.engine.begin() as connection:
        connection.execute(update(PasswordLink).values(expires_at=get_utc_now()))
    with pytest.raises(InvalidLink):
        redeem(link)


@pytest.mark.database("sqlite", "postgresql")
def test_one_that_is_too_old_goes_when_the_next_is_made(act, link, make_user, database):
    with database.engine.begin() as connection:
        connection.execute(update(PasswordLink).values(expires_at=get_utc_now()))
    mia = make_user("mia")
    act(password_links.create_link, mia.id, by=OPERATOR)
    with database.read_engine.connect() as connection:
        assert connection.scalars(select(PasswordLink.user_id)).all() == [mia.id]


@pytest.mark.parametrize("secret", ["", "x", "x" * 100_000, "\0", "\ud800", "é"])
def test_what_is_no_link_holds_nothing(redeem, link, secret):
    with pytest.raises(InvalidLink):
        redeem(secret)


def test_only_its_digest_is_stored(link, database):
    with database.read_engine.connect() as connection:
        row = connection.execute(select(PasswordLink.__table__)).one()
    assert len(link) >= 43
    assert link not in str(row)


def test_who_is_inactive_gets_none(act, make_user):
    gone = make_user("gone", is_active=False)
    with pytest.raises(ValidationError) as refused:
        act(password_links.create_link, gone.id, by=OPERATOR)
    assert refused.value.errors.keys() == {"is_active"}


@pytest.mark.database("sqlite", "postgresql")
def test_of_two_who_use_it_at_once_one_wins(redeem, link, sign_in):
    together = Barrier(2)
    chosen = ("the first passphrase of all", "the other passphrase of all")

    def attempt(password):
        together.wait()
        try:
            redeem(link, password)
        except InvalidLink:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        won = list(threads.map(attempt, chosen))
    assert sorted(won) == [False, True]
    assert sign_in("ken", chosen[won.index(True)])
