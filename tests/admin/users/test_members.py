"""The members of a group are edited on the group's page."""

import pytest
from sqlalchemy import select

from shoptrack.testing import capture_statements
from shoptrack_auth.models import User, UserGroup


@pytest.fixture
def members_of(database):
    """Return a function that returns the names of a group's members."""

    def members_of(group) -> list[str]:
        with database.read_engine.connect() as connection:
            statement = select(User.username).join(UserGroup).where(UserGroup.group_id == group.id)
            return sorted(connection.scalars(statement))

    return members_of


def get_form(client, group):
    page = client.get(f"/admin/groups/{group.id}/")
    [form] = [form for form in page.forms.values() if form.action.endswith("/members/")]
    return form


def check(form, *users) -> None:
    """Check the boxes of these users only."""
    for box in form.fields["members"]:
        box.checked = box._value in {str(user.id) for user in users}


def test_members_come_and_go_on_the_page_of_the_group(
    admin, make_user, make_group, members_of, entries, said
):
    ann, bob, cid = (make_user(name) for name in ("ann", "bob", "cid"))
    others = make_group("Others", members=[ann])
    group = make_group("Family", "stores:view", members=[ann, bob])
    form = get_form(admin, group)
    boxes = [box._value for box in form.fields["members"] if box.checked]
    assert boxes == [str(ann.id), str(bob.id)]
    check(form, ann, cid)
    page = form.submit().follow()
    assert said(page) == ["The members of “Family” were saved."]
    assert (members_of(group), members_of(others)) == (["ann", "cid"], ["ann"])
    changed = {
        entry.label: entry.changes["groups"] for entry in entries(path="users", action="changed")
    }
    assert changed == {"bob": [["Family"], []], "cid": [[], ["Family"]]}


def test_nothing_is_overwritten_that_someone_else_changed(
    admin, make_user, make_group, members_of, database
):
    ann, bob = make_user("ann"), make_user("bob")
    group = make_group("Family")
    form = get_form(admin, group)
    with database.session() as db, db.begin():
        db.add(UserGroup(user_id=bob.id, group_id=group.id))
    check(form, ann)
    page = form.submit(status=400)
    assert "someone else has made changes" in page
    assert members_of(group) == ["bob"]


@pytest.mark.database("sqlite")
def test_nobody_hands_out_what_they_lack(staff_with, make_user, make_group, members_of):
    ann = make_user("ann")
    group = make_group("Managers", "users:delete")
    client = staff_with("groups:view", "users:view", "users:change")
    form = get_form(client, group)
    check(form, ann)
    page = form.submit(status=400)
    assert "Missing: users:delete." in page.html.find(class_="summary").text
    assert members_of(group) == []


@pytest.mark.database("sqlite")
def test_a_user_with_more_permissions_is_left_alone(
    staff_with, make_user, make_group, members_of, superuser
):
    group = make_group("Family")
    form = get_form(staff_with("groups:view", "users:view", "users:change"), group)
    check(form, superuser)
    page = form.submit(status=400)
    assert "Only superusers can change superusers." in page.html.find(class_="summary").text
    assert members_of(group) == []


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("held", [("groups:change",), ("users:view",)])
def test_it_takes_the_permission_to_change_users(staff_with, make_user, make_group, submit, held):
    group = make_group("Family", members=[make_user("ann")])
    client = staff_with("groups:view", *held)
    page = client.get(f"/admin/groups/{group.id}/")
    assert "ann" in page
    assert "/members/" not in page
    submit(client, f"/admin/groups/{group.id}/members/", status=403)


@pytest.mark.database("sqlite")
def test_inactive_users_can_only_be_removed(admin, make_user, make_group, members_of, submit):
    gone = make_user("gone", is_active=False)
    group, other = make_group("Family", members=[gone]), make_group("Others")
    assert "gone" not in admin.get(f"/admin/groups/{other.id}/")
    form = get_form(admin, group)
    version = get_form(admin, other)["version"].value
    path = f"/admin/groups/{other.id}/members/"
    submit(admin, path, {"members": gone.id, "version": version}, status=303)
    assert members_of(other) == []
    check(form)
    form.submit(status=303)
    assert members_of(group) == []


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("wrong", ["x", "9" * 30, "-1", "999999"])
def test_what_is_no_user_is_ignored(admin, make_group, submit, members_of, wrong):
    group = make_group("Family")
    version = get_form(admin, group)["version"].value
    path = f"/admin/groups/{group.id}/members/"
    submit(admin, path, {"members": wrong, "version": version}, status=303)
    assert members_of(group) == []


def test_a_hundred_users_are_offered_by_as_few_statements_as_one(admin, make, make_group, database):
    group = make_group("Family")

    def count() -> int:
        with capture_statements(database) as statements:
            page = admin.get(f"/admin/groups/{group.id}/")
        assert ("There are more users." in page) is (len(page.html.select("[name=members]")) == 100)
        return len(statements)

    few = count()
    for number in range(110):
        make.rows(User, 1, username=f"u{number}", username_key=f"u{number}", password="!")
    assert count() == few <= 6
