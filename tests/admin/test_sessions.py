"""How long a browser's session holds."""

from datetime import timedelta

import pytest

from shoptrack.testing import capture_statements
from shoptrack_admin.testing import COOKIE
from shoptrack_auth.models import get_utc_now

SECONDS = timedelta(seconds=1)


def is_in(client) -> bool:
    return client.get("/admin/account/", status="*").status_int == 200


def test_it_ends_when_nothing_was_done_for_a_while(admin, alter):
    alter.sign_ins(last_used_at=get_utc_now() - 7190 * SECONDS)
    assert is_in(admin)
    alter.sign_ins(last_used_at=get_utc_now() - 7200 * SECONDS)
    assert not is_in(admin)


def test_it_ends_at_last_however_busy(admin, alter):
    alter.sign_ins(expires_at=get_utc_now() + 60 * SECONDS)
    assert is_in(admin)
    alter.sign_ins(expires_at=get_utc_now())
    assert not is_in(admin)


def test_its_use_is_noted_once_a_minute_at_most(admin, alter, sessions):
    recent = get_utc_now() - 50 * SECONDS
    alter.sign_ins(last_used_at=recent)
    assert is_in(admin)
    assert sessions()[0].last_used_at == recent
    alter.sign_ins(last_used_at=get_utc_now() - 61 * SECONDS)
    assert is_in(admin)
    assert get_utc_now() - sessions()[0].last_used_at < 60 * SECONDS


def test_its_use_is_noted_though_the_page_is_refused(admin, alter, sessions):
    alter.sign_ins(last_used_at=get_utc_now() - 61 * SECONDS)
    admin.post("/admin/language/", status=403)
    admin.get("/admin/nothing/", status=404)
    assert get_utc_now() - sessions()[0].last_used_at < 60 * SECONDS


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password_version": 2}], ids=["deactivated", "new password"]
)
def test_it_ends_with_what_it_was_based_on(admin, superuser, alter, change):
    assert is_in(admin)
    alter.user(superuser, **change)
    assert not is_in(admin)


def test_it_ends_with_its_user(admin, database, superuser):
    with database.session() as db, db.begin():
        db.delete(db.merge(superuser))
    assert not is_in(admin)


def test_a_change_of_role_counts_at_once(admin, superuser, alter):
    admin.get("/admin/users/")
    alter.user(superuser, is_staff=False)
    admin.get("/admin/users/", status=403)


def test_who_is_signed_in_takes_one_statement(admin, database):
    with capture_statements(database) as statements:
        admin.get("/admin/account/password/")
    assert len(statements) == 1


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("key", ["", "x", "a" * 4000, "%00", '"あ"', "\x80"])
def test_a_cookie_that_names_no_session_is_nobodys(visitor, key):
    visitor.get("/admin/", headers={"Cookie": f"{COOKIE}={key}"}, status=302)


@pytest.mark.database("sqlite")
def test_a_token_is_no_key(visitor, auth_headers, superuser, sessions):
    token = auth_headers(superuser)["Authorization"].split()[1]
    visitor.set_cookie(COOKIE, token)
    visitor.get("/admin/", status=302)
