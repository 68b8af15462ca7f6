"""Users are looked after on pages of their own."""

import pytest
from sqlalchemy import func, select

from shoptrack_auth import groups
from shoptrack_auth.models import Group, User, UserGroup, UserPermission, UserSession
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

OTHER = "another correct horse battery"


@pytest.fixture
def stored(database):
    """Return a function that reads a user's row."""

    def stored(username: str):
        with database.read_engine.connect() as connection:
            return connection.execute(select(User.__table__).filter_by(username=username)).first()

    return stored


@pytest.fixture
def groups_of(database):
    """Return a function that returns the ids of a user's groups."""

    def groups_of(username: str) -> list[int]:
        with database.read_engine.connect() as connection:
            rows = select(UserGroup.group_id).join(User).where(User.username == username)
            return sorted(connection.scalars(rows))

    return groups_of


@pytest.fixture
def permissions_of(database):
    def permissions_of(user) -> set[str]:
        with database.read_engine.connect() as connection:
            rows = select(UserPermission.permission).filter_by(user_id=user.id)
            return set(connection.scalars(rows))

    return permissions_of


@pytest.fixture
def make_group(database):
    def make_group(name: str, *permissions: str) -> Group:
        with database.session() as db, db.begin():
            return groups.create(db, name, by="operator", permissions=permissions)

    return make_group


# ---- Adding ----


@pytest.mark.database("sqlite", "postgresql")
def test_a_user_is_invited_in_one_step(admin, stored, groups_of, make_group, visitor):
    family, others = make_group("Family", "products:view"), make_group("Others")
    form = admin.get("/admin/users/").click("^Add$").forms[1]
    form["username"], form["groups"], form["is_staff"] = "ken", [str(family.id)], True
    page = form.submit(status=200)
    assert page.html.h1.text == "Invite ken"
    assert "works once and expires after 3 days" in page
    link = page.html.select_one("code").text
    assert groups_of("ken") == [family.id] != [others.id]
    assert (stored("ken").is_staff, stored("ken").password[0]) == (True, "!")
    form = visitor.get(link).forms[0]
    form["password"] = form["password2"] = OTHER
    form.submit(status=200)
    form = visitor.get("/admin/login/").forms[0]
    form["username"], form["password"] = "ken", OTHER
    assert form.submit(status=303).follow().html.find(class_="who").text == "ken"
    assert "is invalid or has expired" in visitor.get(link, status=404)


def test_a_second_click_on_an_invitation_leads_to_another_link(admin, database, said):
    form = admin.get("/admin/users/add/").forms[1]
    form["username"] = "ken"
    lost = form.submit(status=200).html.select_one("code").text
    page = form.submit(status=303).follow()
    assert said(page) == [
        "You have added this user already. If you did not copy the link, create another one here."
    ]
    assert page.html.h1.text == "Password of ken"
    assert page.forms[1].submit("link").html.select_one("code").text != lost
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(User.username == "ken")) == 1


@pytest.mark.parametrize(
    ("username", "sentence"), [("", "Enter a valid username."), ("a b", "valid")]
)
def test_a_name_that_will_not_do_is_said_and_the_rest_is_kept(
    admin, make_group, username, sentence
):
    group = make_group("Family")
    form = admin.get("/admin/users/add/").forms[1]
    form["username"], form["groups"] = username, [str(group.id)]
    page = form.submit(status=400)
    assert sentence in page.html.select_one("#error-username").text
    assert page.forms[1]["groups"].checked
    assert page.html.find("details").get("open") is None


def test_nobody_invites_into_a_group_with_more_permissions(staff_with, make_group, stored):
    group = make_group("Managers", "users:delete")
    form = staff_with("users:add").get("/admin/users/add/").forms[1]
    form["username"], form["groups"] = "ken", [str(group.id)]
    page = form.submit(status=400)
    assert "Missing: users:delete." in page.html.select_one("#error-groups").text
    assert stored("ken") is None


def test_who_may_add_users_only_invites_too(staff_with):
    form = staff_with("users:add").get("/admin/users/add/").forms[1]
    form["username"] = "ken"
    page = form.submit(status=200)
    assert page.html.select_one("code")
    assert page.html.find("a", string="ken") is None


def test_a_user_is_added_with_a_password(admin, said, stored, make_group):
    group = make_group("Family", "products:view")
    form = admin.get("/admin/users/add/").forms[1]
    form["username"], form["password"], form["password2"] = "ken", PASSWORD, PASSWORD
    page = form.submit().follow()
    assert said(page) == ["The user “ken” was added."]
    form = page.forms[1]
    form["email"] = "ken@EXAMPLE.com"
    form["is_staff"] = True
    form["groups"] = [str(group.id)]
    for box in form.fields["permissions"]:
        box.checked = box._value == "stores:add"
    page = form.submit("continue").follow()
    row = stored("ken")
    assert row.email == "ken@example.com"
    assert (row.is_active, row.is_staff, row.is_superuser) == (True, True, False)
    held = {
        row.select_one("th").text: row.select_one("td").get_text(strip=True)
        for row in page.html.select('section[aria-labelledby="permission-sources"] tbody tr')
    }
    assert held == {"Products: view": "group Family", "Stores: add": "granted to the user"}


def test_a_password_is_checked(admin, stored):
    form = admin.get("/admin/users/add/").forms[1]
    form["username"], form["password"], form["password2"] = "ken", "12345", "1234"
    page = form.submit(status=400)
    assert "The two password fields didn’t match." in page
    form = page.forms[1]
    form["password"] = form["password2"] = "12345"
    page = form.submit(status=400)
    for sentence in ("too short", "too common", "entirely numeric"):
        assert sentence in page.html.select_one("#error-password").text
    assert page.html.find("details").get("open") is not None
    form = page.forms[1]
    form["password"] = form["password2"] = OTHER
    form.submit(status=303)
    assert stored("ken").password.startswith("$argon2id$")


@pytest.mark.database("sqlite", "postgresql")
def test_a_name_that_is_taken_in_any_case_is_refused(admin, make_user):
    make_user("ken")
    form = admin.get("/admin/users/add/").forms[1]
    form["username"] = "ＫＥＮ"
    page = form.submit(status=400)
    assert (
        "A user with that username already exists." in page.html.select_one("#error-username").text
    )


# ---- Changing ----


@pytest.mark.database("sqlite", "postgresql")
def test_who_comes_second_is_told(admin, user, stored, alter):
    form = admin.get(f"/admin/users/{user.id}/").forms[1]
    alter.user(user, first_name="Ken")
    form["last_name"] = "Sato"
    page = form.submit("save", status=400)
    assert "someone else has made changes" in page
    page.forms[1].submit("save", status=303)
    assert stored("ken").last_name == "Sato"


def test_a_password_is_set_and_ends_the_users_sessions(admin, user, browser_of, stored, said):
    theirs = browser_of(user)
    form = admin.get(f"/admin/users/{user.id}/password/").forms[2]
    form["password"] = form["password2"] = OTHER
    page = form.submit().follow()
    assert said(page)[0].startswith("The password of “ken” was set.")
    assert theirs.get("/admin/account/").status_int == 302
    assert stored("ken").password_version == 2


def test_the_hash_is_nowhere(admin, user, stored):
    hashed = stored("ken").password
    for path in (f"{user.id}/", f"{user.id}/password/", "", f"delete/?id={user.id}"):
        text = admin.get(f"/admin/users/{path}").text
        assert hashed not in text
        assert "argon2" not in text


def test_a_users_sessions_are_shown_and_ended(admin, make_user, browser_of, database, submit):
    mio = make_user("mio", is_staff=True)
    first, second = browser_of(mio), browser_of(mio)
    page = admin.get(f"/admin/users/{mio.id}/")
    rows = page.html.select('section[aria-labelledby="sessions"] tbody tr')
    assert len(rows) == 2
    button = rows[0].button
    submit(admin, f"/admin/users/{mio.id}/sessions/", {"session": button["value"]}, status=303)
    assert {first.get("/admin/").status_int, second.get("/admin/").status_int} == {200, 302}
    submit(admin, f"/admin/users/{mio.id}/sessions/", {"all": "1"}, status=303)
    with database.read_engine.connect() as connection:
        going_on = select(func.count()).where(
            UserSession.ended_at.is_(None), UserSession.user_id == mio.id
        )
        assert connection.scalar(going_on) == 0


def test_a_user_who_is_not_active_has_no_sessions(admin, make_user, browser_of, alter):
    mio = make_user("mio", is_staff=True)
    browser_of(mio)
    alter.user(mio, is_active=False)
    page = admin.get(f"/admin/users/{mio.id}/")
    assert not page.html.select('section[aria-labelledby="sessions"] tbody tr')


def test_a_session_of_somebody_else_is_not_ended_by_its_number(
    admin, user, make_user, browser_of, submit
):
    mio = make_user("mio", is_staff=True)
    theirs = browser_of(mio)
    for session in ("1", "2", "3", "abc", "9" * 30, ""):
        submit(admin, f"/admin/users/{user.id}/sessions/", {"session": session}, status=303)
    assert theirs.get("/admin/").status_int == 200


# ---- Who may do what to whom ----


def test_staff_touch_no_superuser_and_raise_nobody(
    staff_with, superuser, user, submit, stored, permissions_of
):
    client = staff_with("users:view", "users:change", "users:delete", "products:view")
    page = client.get(f"/admin/users/{superuser.id}/")
    page.forms[1]["first_name"] = "Mine"
    assert "superuser" in page.forms[1].submit("save", status=400).html.select_one(".summary").text
    passwords = {"password": OTHER, "password2": OTHER}
    submit(client, f"/admin/users/{superuser.id}/password/", passwords, status=403)
    submit(client, f"/admin/users/{superuser.id}/password/", {"link": "1"}, status=403)
    submit(client, f"/admin/users/{superuser.id}/sessions/", {"all": "1"}, status=403)
    submit(client, "/admin/users/delete/", {"id": superuser.id}, status=400)
    form = client.get(f"/admin/users/{user.id}/").forms[1]
    form["is_superuser"] = True
    form.submit("save", status=400)
    form = client.get(f"/admin/users/{user.id}/").forms[1]
    for box in form.fields["permissions"]:
        box.checked = box._value in ("products:view", "stores:view")
    page = form.submit("save", status=400)
    assert "You can only grant permissions that you have. Missing: stores:view." in page
    form = page.forms[1]
    for box in form.fields["permissions"]:
        box.checked = box._value == "products:view"
    form.submit("save", status=303)
    assert permissions_of(user) == {"products:view"}
    assert stored("root").first_name == ""
    assert stored("ken").is_superuser is False


def test_nobody_is_offered_to_delete_oneself(admin, superuser, user):
    assert "/admin/users/delete/" in admin.get(f"/admin/users/{user.id}/")
    assert "/admin/users/delete/" not in admin.get(f"/admin/users/{superuser.id}/")


@pytest.mark.database("sqlite", "postgresql")
def test_the_last_superuser_stays(admin, superuser, submit, stored):
    form = admin.get(f"/admin/users/{superuser.id}/").forms[1]
    form["is_superuser"] = False
    assert admin.get("/admin/").status_int == 200
    form.submit("save", status=400)
    submit(admin, "/admin/users/deactivate/", {"id": superuser.id}, status=400)
    submit(admin, "/admin/users/delete/", {"id": superuser.id}, status=400)
    row = stored("root")
    assert row.is_superuser
    assert row.is_active


@pytest.mark.database("sqlite", "postgresql")
def test_of_several_all_are_deleted_or_none(admin, superuser, make_user, submit, stored, said):
    users = [make_user(name) for name in ("a", "b")]
    chosen = [("id", user.id) for user in (*users, superuser)]
    page = submit(admin, "/admin/users/delete/", chosen, status=400)
    assert "Nothing was changed, because of “root”:" in page
    assert stored("a")
    form = admin.get("/admin/users/delete/?" + "&".join(f"id={user.id}" for user in users)).forms[1]
    assert said(form.submit().follow()) == ["Deleted users: 2."]
    assert not stored("a")


def test_a_hundred_are_chosen_at_a_time_and_no_more(admin, make, said):
    chosen = "&".join(f"id={user.id}" for user in make.rows(User, 100))
    page = admin.get(f"/admin/users/delete/?{chosen}")
    assert len(page.html.select("ul.rows li")) == 100
    page = admin.get(f"/admin/users/delete/?{chosen}&id=999999", status=303).follow()
    assert said(page) == ["Choose 1 to 100 users."]


def test_several_are_deactivated_and_signed_out(admin, make_user, browser_of, submit, stored):
    mio = make_user("mio", is_staff=True)
    theirs = browser_of(mio)
    submit(admin, "/admin/users/deactivate/", {"id": mio.id}, status=303)
    assert stored("mio").is_active is False
    assert theirs.get("/admin/").status_int == 302


@pytest.mark.parametrize(
    ("held", "path", "statuses"),
    [
        ((), "users/", (403, 403)),
        ((), "groups/", (403, 403)),
        (("users:view",), "users/{id}/", (200, 403)),
        (("users:view",), "users/add/", (403, 403)),
        (("users:view",), "users/{id}/password/", (403, 403)),
        (("users:view",), "users/{id}/sessions/", (403, 403)),
        (("users:view",), "users/delete/?id={id}", (403, 403)),
        (("users:view",), "users/deactivate/?id={id}", (403, 403)),
        (("groups:view",), "groups/add/", (403, 403)),
        (("users:change",), "groups/", (403, 403)),
    ],
)
def test_a_page_is_refused_without_its_permission(staff_with, user, submit, held, path, statuses):
    client = staff_with(*held)
    address = f"/admin/{path.format(id=user.id)}"
    assert client.get(address, expect_errors=True).status_int == statuses[0]
    assert submit(client, address, expect_errors=True).status_int == statuses[1]


def test_who_may_only_look_sees_no_form(staff_with, user):
    page = staff_with("users:view").get(f"/admin/users/{user.id}/")
    assert not page.html.select("main form, main .button")
    assert "ken@example.com" in page


@pytest.mark.parametrize("id", ["abc", "9" * 30, "-1", "%00"])
@pytest.mark.parametrize("kind", ["users", "groups"])
def test_who_is_not_there_leads_to_the_list(admin, said, kind, id):
    page = admin.get(f"/admin/{kind}/{id}/", status=303).follow()
    assert "Perhaps it was deleted." in said(page)[0]


def test_names_are_escaped(admin, make_user, make_group):
    evil = "<script>alert(1)</script>"
    user = make_user("ken", first_name=evil, last_name=evil)
    group = make_group(evil)
    for path in (
        "users/",
        f"users/{user.id}/",
        "groups/",
        f"groups/{group.id}/",
        f"groups/{group.id}/delete/",
    ):
        assert "<script>alert" not in admin.get(f"/admin/{path}").text


# ---- Groups ----


@pytest.mark.database("sqlite", "postgresql")
def test_a_group_is_added_changed_and_deleted(admin, said, database, user, submit):
    form = admin.get("/admin/groups/").click("^Add$").forms[1]
    form["name"] = "Family"
    for box in form.fields["permissions"]:
        box.checked = box._value == "products:view"
    page = form.submit().follow()
    assert said(page) == ["The group “Family” was added."]
    page = page.click("Family")
    form = page.forms[2]  # behind that of the members
    assert [box._value for box in form.fields["permissions"] if box.checked] == ["products:view"]
    form["name"] = "Home"
    page = form.submit().follow().click("Home")
    with database.session() as db, db.begin():
        group = db.scalar(select(Group))
        db.add(UserGroup(user_id=user.id, group_id=group.id))
    page = page.click("^Delete$")
    assert "ken" in page.html.select_one("ul.rows").text
    assert said(page.forms[1].submit().follow()) == ["The group “Home” was deleted."]
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Group)) == 0
        assert connection.scalar(select(func.count()).select_from(User)) == 2


def test_staff_change_no_group_that_gives_what_they_lack(staff_with, make_group, submit):
    group = make_group("Strong", "stores:view")
    client = staff_with("groups:view", "groups:change", "groups:delete")
    form = client.get(f"/admin/groups/{group.id}/").forms[1]
    form["name"] = "Weak"
    assert "You cannot change Strong. Missing permissions: " in form.submit(status=400)
    submit(client, f"/admin/groups/{group.id}/delete/", status=400)


def test_a_form_does_not_lose_permissions_of_plugins_that_are_off(
    admin, user, database, permissions_of
):
    with database.session() as db, db.begin():
        db.add(UserPermission(user_id=user.id, permission="wishes:view"))
    form = admin.get(f"/admin/users/{user.id}/").forms[1]
    form["first_name"] = "Ken"
    form.submit("save", status=303)
    assert permissions_of(user) == {"wishes:view"}


def test_the_cookie_of_the_pages_opens_nothing_else(admin, user):
    admin.get("/api/auth/user/", status=401)
