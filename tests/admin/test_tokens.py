"""API tokens on the account page and on the pages of users."""

import pytest
from sqlalchemy import select

from shoptrack.testing import Client
from shoptrack_auth import api_tokens
from shoptrack_auth.api_tokens import NewToken
from shoptrack_auth.hashers import UNUSABLE_PREFIX
from shoptrack_auth.models import ApiToken, TokenScope, User
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

ADD, ACCOUNT = "/admin/account/tokens/add/", "/admin/account/"


def form_with(page, field):
    """Return the form of a page that has a field."""
    return next(form for form in page.forms.values() if field in form.fields)


@pytest.fixture
def mio(browser_of, staff):
    return browser_of(staff)


@pytest.fixture
def fill(mio):
    """Return a function that fills the form in and sends it."""

    def fill(status=200, permissions=(), **fields):
        page = mio.get(ADD)
        form = page.forms[1]
        for name, value in {"name": "Kitchen", "password": PASSWORD, **fields}.items():
            form[name] = value
        pairs = [*form.submit_fields(), *(("permissions", name) for name in permissions)]
        return mio.post(ADD, pairs, status=status)

    return fill


@pytest.fixture
def new_token(database):
    """Return a function that creates a token of a user, and returns a client with it."""

    def new_token(app, user, name="script", scope=TokenScope.READ):
        with database.session() as db, db.begin():
            secret = api_tokens.create_token(db, user.id, NewToken(name, scope))[1]
        return Client(app, headers={"Authorization": f"Bearer {secret}"})

    return new_token


@pytest.fixture
def names(database):
    """Return a function that reads the names of all tokens."""

    def names() -> list[str]:
        with database.read_engine.connect() as connection:
            return list(connection.scalars(select(ApiToken.name).order_by(ApiToken.id)))

    return names


def test_a_token_is_created_shown_once_and_works(fill, mio, app):
    page = fill(scope="write")
    secret = page.html.find("code").text
    client = Client(app, headers={"Authorization": f"Bearer {secret}"})
    client.post_json("/api/categories/", {"name": "Meat"}, status=201)
    assert page.headers["Cache-Control"] == "no-store"
    account = mio.get(ACCOUNT)
    assert "Kitchen" in account.html.find("section", {"aria-labelledby": "tokens"}).text
    for later in (account, mio.get(ADD)):
        assert secret not in later.text
        assert api_tokens.hash_secret(secret) not in later.text


def test_some_permissions_may_be_chosen(fill, app, names):
    page = fill(permissions=["categories:view"])
    secret = page.html.find("code").text
    client = Client(app, headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/categories/")
    client.get("/api/stores/", status=403)


def test_only_permissions_that_one_has_are_offered_and_taken(fill, mio):
    page = mio.get(ADD)
    offered = {box["value"] for box in page.html.find_all("input", {"name": "permissions"})}
    assert "categories:view" in offered
    assert "users:view" not in offered
    page = fill(400, permissions=["users:view"])
    assert "Missing: users:view." in page.html.find(id="error-permissions").text


def test_what_was_wrong_is_said_and_what_was_typed_stays(fill, names):
    page = fill(400, name="<b>" + "x" * 97, password="wrong", expires_at="")
    assert "current password" in page.html.find(id="error-password").text
    form = page.forms[1]
    assert form["name"].value == "<b>" + "x" * 97
    assert form["expires_at"].value == ""
    assert form["password"].value == ""
    assert "Enter a value." in fill(400, name=" ").html.find(id="error-name").text
    assert names() == []


def test_wrong_passwords_are_throttled(fill):
    for _ in range(10):
        fill(400, password="wrong")
    page = fill(429)
    assert "Try again in" in page.html.find(class_="summary").text
    assert int(page.headers["Retry-After"]) > 0


def test_who_has_no_password_is_asked_for_none(mio, database, names, submit):
    with database.engine.begin() as connection:
        connection.execute(User.__table__.update().values(password=UNUSABLE_PREFIX))
    assert "password" not in mio.get(ADD).forms[1].fields
    submit(mio, ADD, {"name": "Kitchen"}, status=200)
    assert names() == ["Kitchen"]


def test_a_lifetime_may_be_chosen(fill, database):
    for lifetime in ("30", "90", ""):
        fill(expires_at=lifetime)
    with database.read_engine.connect() as connection:
        rows = connection.execute(select(ApiToken.created_at, ApiToken.expires_at)).all()
    chosen = [row.expires_at and round((row.expires_at - row.created_at).days, -1) for row in rows]
    assert chosen == [30, 90, None]


def test_the_form_takes_a_token_of_the_page(mio, names):
    body = {"name": "Kitchen", "password": PASSWORD}
    mio.post(ADD, body, status=403)
    mio.post("/admin/account/tokens/", {"all": "1"}, status=403)
    assert names() == []


def test_one_revokes_ones_own_and_nobody_elses(app, mio, staff, user, new_token, names, submit):
    own, others = new_token(app, staff, "own"), new_token(app, user, "ken's")
    form = form_with(mio.get(ACCOUNT), "token")
    page = form.submit("token", index=0).follow()
    assert "Revoked API tokens: 1." in page.html.find(class_="messages").text
    assert names() == ["ken's"]
    own.get("/api/categories/", status=401)
    for chosen in ({"token": "2"}, {"token": "x"}, {"all": "1"}, {}, {"token": str(2**70)}):
        submit(mio, "/admin/account/tokens/", chosen, status=303)
    others.get("/api/categories/")


def test_all_may_be_revoked_at_once(app, mio, staff, new_token, names):
    for name in ("one", "two"):
        new_token(app, staff, name)
    form_with(mio.get(ACCOUNT), "all").submit("all").follow()
    assert names() == []


def test_administrators_see_and_revoke_tokens_of_users(app, admin, user, new_token, names):
    client = new_token(app, user, "ken's <b>")
    page = admin.get(f"/admin/users/{user.id}/")
    section = page.html.find("section", {"aria-labelledby": "tokens"})
    assert "ken's <b>" in section.text
    form_with(page, "token").submit("token", index=0).follow()
    assert names() == []
    client.get("/api/categories/", status=401)


def test_it_takes_the_permission_and_no_less_than_the_user_has(
    app, staff_with, superuser, user, new_token, names, submit
):
    for owner in (user, superuser):
        new_token(app, owner, owner.username)
    viewer, changer = staff_with("users:view"), staff_with("users:view", "users:change")
    page = viewer.get(f"/admin/users/{user.id}/")
    section = page.html.find("section", {"aria-labelledby": "tokens"})
    assert "ken" in section.text
    assert section.find("button") is None
    submit(viewer, f"/admin/users/{user.id}/tokens/", {"all": "1"}, status=403)
    submit(changer, f"/admin/users/{superuser.id}/tokens/", {"all": "1"}, status=403)
    assert changer.get(f"/admin/users/{superuser.id}/").html.find(id="tokens") is None
    assert names() == ["ken", "root"]
    submit(changer, f"/admin/users/{user.id}/tokens/", {"all": "1"}, status=303)
    assert names() == ["root"]


@pytest.mark.parametrize("is_chosen", [True, False])
def test_a_new_password_revokes_them_if_chosen(app, mio, staff, new_token, names, is_chosen):
    new_token(app, staff)
    form = mio.get("/admin/account/password/").forms[1]
    form["current"] = PASSWORD
    form["password"] = form["password2"] = "another horse staples batteries"
    form["revoke_tokens"] = is_chosen
    form.submit(status=303)
    assert names() == ([] if is_chosen else ["script"])


@pytest.mark.parametrize("is_chosen", [True, False])
def test_so_does_an_administrators(app, admin, user, new_token, names, is_chosen):
    new_token(app, user)
    form = form_with(admin.get(f"/admin/users/{user.id}/password/"), "password2")
    form["password"] = form["password2"] = "another horse staples batteries"
    form["revoke_tokens"] = is_chosen
    form.submit(status=303)
    assert names() == ([] if is_chosen else ["script"])


def test_the_history_names_them(admin, app, user, new_token):
    new_token(app, user, "Kitchen")
    page = admin.get("/admin/history/")
    assert "token created" in page.text
    assert "ken: Kitchen" in page.text
