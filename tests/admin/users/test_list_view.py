"""The list of users: searched, narrowed, ordered, a page at a time."""

import pytest

from shoptrack.testing import capture_statements
from shoptrack.testing.databases import KINDS
from shoptrack_auth.models import User

pytestmark = pytest.mark.database(*KINDS)


def names(page) -> list[str]:
    return [link.text for link in page.html.select("tbody th a")]


def test_users_are_searched_in_any_case_width_and_dash(admin, make_user):
    make_user("ken", email="ken@an-example.com")
    make_user("mio", first_name="美緒")
    make_user("joe-1", last_name="ジョー")
    for text, found in (
        ("KEN", ["ken"]),
        ("ｋｅｎ", ["ken"]),
        ("EXAMPLE.com", ["ken"]),
        ("ａｎ－Ｅxample", ["ken"]),
        ("an−example", ["ken"]),
        ("美緒", ["mio"]),
        ("ジョ－", ["joe-1"]),
        ("joe–1", ["joe-1"]),
        ("%", []),
        ("_", []),
    ):
        assert names(admin.get("/admin/users/", {"search": text})) == found


def test_a_collation_changes_neither_order_nor_search(admin, make_user):
    """A server with ICU collates these in another order, and has a Turkish I where it is told to be adverse."""
    for name, email in (("ab", "IRIS@example.com"), ("a_c", ""), ("a-b", "")):
        make_user(name, email=email)
    assert names(admin.get("/admin/users/")) == ["a-b", "a_c", "ab", "root"]
    assert names(admin.get("/admin/users/", {"search": "iris"})) == ["ab"]
    assert names(admin.get("/admin/users/", {"search": "IRIS"})) == ["ab"]


def test_users_are_narrowed_by_what_they_are_and_by_group(admin, make_user, make_group):
    ken, mio = make_user("ken", is_active=False), make_user("mio", is_staff=True)
    group = make_group("Family", members=[ken])
    for query, found in (
        ({"is_active": "no"}, ["ken"]),
        ({"is_staff": "yes", "is_superuser": "no"}, ["mio"]),
        ({"is_superuser": "yes"}, ["root"]),
        ({"group": group.id}, ["ken"]),
        ({"group": 999}, []),
    ):
        assert names(admin.get("/admin/users/", query)) == found
    assert mio.username in names(admin.get("/admin/users/?is_active=&group="))


def test_users_are_ordered_and_paged(admin, make_user, database):
    with database.session() as db, db.begin():
        db.add_all(
            User(
                username=f"u{n:03}",
                username_key=f"u{n:03}",
                password="!",
                email=f"{n % 7}@x.example",
            )
            for n in range(60)
        )
    first = admin.get("/admin/users/")
    assert "Rows: 61" in first
    assert names(first)[:2] == ["root", "u000"]
    assert names(first.click("Next page")) == [f"u{n:03}" for n in range(49, 60)]
    assert names(first.click("^Username$"))[0] == "u059"
    assert names(admin.get("/admin/users/?page=99")) == [f"u{n:03}" for n in range(49, 60)]


def test_a_page_that_is_just_full_is_the_last(admin, make):
    make.rows(User, 49)
    page = admin.get("/admin/users/?page=2")
    assert len(names(page)) == 50
    assert "Next page" not in page
    assert "Previous page" not in page
    make.row(User)
    page = admin.get("/admin/users/").click("Next page")
    assert len(names(page)) == 1
    assert "Previous page" in page


@pytest.mark.parametrize(
    "query",
    ["password=x", "ordering=password", "group=abc", "is_staff=maybe", "password__startswith=a"],
)
def test_what_the_list_cannot_be_asked_is_said(admin, said, query):
    page = admin.get(f"/admin/users/?{query}")
    assert said(page)[0].startswith("Ignored invalid parameter")
    assert names(page) == ["root"]


def test_the_list_takes_the_same_statements_whatever_its_length(admin, make_user, database):
    for number in range(12):
        make_user(f"u{number}")
        with capture_statements(database) as statements:
            admin.get("/admin/users/")
        assert len(statements) == 4


def test_a_superusers_address_is_for_superusers(admin, staff_with, superuser, user, alter):
    alter.user(superuser, email="root@secret.example")
    alter.user(user, email="zoe@family.example")
    client = staff_with("users:view", "users:change")
    for path in ("/admin/users/", f"/admin/users/{superuser.id}/"):
        assert "secret.example" in admin.get(path)
        assert "secret.example" not in client.get(path)
    assert "zoe@family.example" in client.get("/admin/users/")
    assert "zoe@family.example" in client.get(f"/admin/users/{user.id}/")
    assert names(admin.get("/admin/users/?search=secret")) == ["root"]
    assert names(client.get("/admin/users/?search=secret")) == []
    assert names(admin.get("/admin/users/?ordering=-email"))[:2] == [user.username, "root"]
    assert names(client.get("/admin/users/?ordering=-email"))[0] == user.username
    page = client.get(f"/admin/users/{superuser.id}/")
    assert "127.0.0.1" not in page
    assert "Only superusers can see" in page
    assert "127.0.0.1" in admin.get(f"/admin/users/{superuser.id}/")
