"""One's own name, email address and language."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from shoptrack_admin.testing import ENVIRON
from shoptrack_auth.models import User
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

PATH = "/admin/account/profile/"
TAKEN = "Another user has this email address."


@pytest.fixture
def ken(browser_of, user):
    return browser_of(user)


def save(client, status=303, **values):
    form = client.get(PATH).forms[1]
    for name, value in values.items():
        form[name] = value
    return form.submit(status=status)


def error_of(page, field):
    return page.html.find(id=f"error-{field}").text.strip()


@pytest.fixture
def stored(database):
    """Return a function that reads the user's row."""

    def stored(username="ken"):
        with database.read_engine.connect() as connection:
            return connection.execute(select(User.__table__).filter_by(username=username)).one()

    return stored


@pytest.mark.database("sqlite", "postgresql")
def test_a_user_changes_the_own_names_and_the_history_has_them(ken, stored, entries):
    page = save(ken, first_name=" Ken  Ichi ", last_name="Sato").follow()
    assert "Your profile was saved." in page
    assert (stored().first_name, stored().last_name) == ("Ken Ichi", "Sato")
    [entry] = [entry for entry in entries() if entry.path == "users"]
    assert (entry.username, entry.action) == ("ken", "changed")
    assert entry.changes == {"first_name": ["", "Ken Ichi"], "last_name": ["", "Sato"]}


def test_another_email_address_takes_the_password(ken, stored):
    page = save(ken, email="new@example.com", status=400)
    assert error_of(page, "password") == "Enter a value."
    page = save(ken, email="new@example.com", password="wrong", status=400)
    assert error_of(page, "password") == "This is not your current password."
    assert page.forms[1]["email"].value == "new@example.com"
    assert page.forms[1]["password"].value == ""
    assert stored().email == "ken@example.com"
    save(ken, email="new@EXAMPLE.com", password=PASSWORD)
    assert stored().email == "new@example.com"


def test_wrong_passwords_are_counted_with_those_of_signing_in(ken):
    for number in range(10):
        save(ken, email=f"new{number}@example.com", password="wrong", status=400)
    page = save(ken, email="new@example.com", password=PASSWORD, status=429)
    assert "Try again in" in page.html.find(class_="summary").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ken", "Enter a valid email address."),
        ("first_name", "a" * 151, "Ensure this value has at most 150 characters (it has 151)."),
        ("last_name", "a\u202eb", "Enter a name without invisible characters."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ken, field, value, sentence):
    page = save(ken, **{field: value}, status=400)
    assert error_of(page, field).startswith(sentence)
    assert page.forms[1][field].value == value


@pytest.mark.database("sqlite", "postgresql")
def test_the_address_of_somebody_else_is_refused(ken, make_user, stored):
    make_user("mia", email="mia@example.com")
    page = save(ken, email="MIA@example.com", password=PASSWORD, status=400)
    assert error_of(page, "email") == TAKEN
    save(ken, email="", password=PASSWORD)
    assert stored().email == ""


@pytest.mark.database("sqlite", "postgresql")
def test_of_two_who_want_one_address_at_once_one_gets_it(browser_of, make_user, database):
    forms = []
    for name in ("ann", "bob"):
        form = browser_of(make_user(name)).get(PATH).forms[1]
        form["email"], form["password"] = "us@example.com", PASSWORD
        forms.append(form)
    barrier = Barrier(2)

    def send(form):
        barrier.wait(60)
        return form.submit(status="*").status_int

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send, forms)) == [303, 400]
    with database.read_engine.connect() as connection:
        count = select(func.count()).where(User.email == "us@example.com")
        assert connection.scalar(count) == 1


def test_who_has_no_password_confirms_by_a_recent_sign_in(browser_of, make_user, stored, alter):
    client = browser_of(make_user("mia", None))
    assert "password" not in client.get(PATH).forms[1].fields
    save(client, email="mia@example.com")
    assert stored("mia").email == "mia@example.com"
    alter.sign_ins(created_at=stored("mia").joined_at.replace(year=2020))
    page = save(client, email="other@example.com", status=403)
    assert "Your last sign-in was too long ago." in page


def test_the_language_is_that_of_the_account_on_every_device(
    ken, browser_of, user, stored, entries
):
    save(ken, language="ja")
    elsewhere = browser_of(user)
    elsewhere.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "en"}
    page = elsewhere.get("/admin/")
    assert page.html.html["lang"] == "ja"
    page.forms[1].submit("language", value="en")
    assert stored().language == "en"
    assert ken.get("/admin/").html.html["lang"] == "en"
    assert entries(path="users") == []


def test_without_a_language_the_browser_s_counts_again(ken, stored):
    ken.get("/admin/").forms[1].submit("language", value="ja")
    assert ken.get("/admin/").html.html["lang"] == "ja"
    save(ken, language="")
    assert stored().language == ""
    assert ken.get("/admin/").html.html["lang"] == "en"


def test_an_unknown_language_is_none(ken, submit, stored):
    submit(ken, PATH, {"email": "ken@example.com", "language": "xx"}, status=303)
    assert stored().language == ""
