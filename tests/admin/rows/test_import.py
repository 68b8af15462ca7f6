"""Importing a file: upload, look at the dry run, confirm."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from shoptrack.db import calendar_days
from shoptrack.events import BeforeRowsAdded
from shoptrack.records.models import ShoppingRecord
from shoptrack_admin.imports.models import Upload, UploadPart

URL = "/admin/shopping-records/import/"
HEADER = (
    "purchase_date,store_name,store_location,product_name,"
    "product_category_name,product_unit_name,quantity,price\n"
)
LINE = "2025-04-01,Life,Kyoto,Milk,Dairy,ml,1000,250\n"


@pytest.fixture
def upload(admin):
    """Return a function that uploads a file by the form, and returns the response."""

    def upload(text: str, status=None, client=admin, **fields):
        form = client.get(URL).forms[1]
        for name, value in fields.items():
            form[name] = value
        form["file"] = ("a.csv", text.encode())
        return form.submit(status=status)

    return upload


@pytest.fixture
def count(database):
    """Return a function that counts the rows of a model."""

    def count(model) -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(model))

    return count


def test_a_file_is_imported_once_it_is_confirmed(upload, count, make):
    make.store(name="Lifes")
    page = upload(HEADER + LINE * 2, status=303).follow()
    assert "Import “a.csv”?" in page
    assert "similar: Lifes (Kyoto)" in page
    assert count(ShoppingRecord) == 0
    answer = page.forms[1].submit(status=303).follow()
    assert "Lines of “a.csv” imported: 2" in answer
    assert (count(ShoppingRecord), count(Upload), count(UploadPart)) == (2, 0, 0)
    page.forms[1].submit(status=404)  # as by two impatient clicks
    assert "All rows of the file are there already." in upload(HEADER + LINE * 2).follow()


def test_faults_are_shown_with_their_lines(upload, count):
    page = upload(HEADER + LINE.replace("250", "x"), status=303).follow()
    assert "The file has faults" in page
    assert [cell.text for cell in page.html.select("tbody td")] == [
        "2", "price", "“x” is not an amount in JPY. Write it like ¥1,234."
    ]  # fmt: skip
    assert page.forms[1].submit(status=400).html.select("tbody td")
    assert count(ShoppingRecord) == 0


def test_faults_are_in_the_language_of_the_reader(admin, upload):
    admin.extra_environ["HTTP_ACCEPT_LANGUAGE"] = "ja"
    page = upload("a,b\n1,2\n", status=303).follow()
    assert "既知の列がありません。" in page


@pytest.mark.parametrize("field", ["date_format", "mapping"])
def test_options_are_those_of_the_api(upload, count, field):
    value = {"date_format": "YYYY/MM/DD", "mapping": "zaim"}[field]
    text = HEADER + LINE.replace("2025-04-01", "2025/4/1")
    page = upload(text, **{field: value}).follow()
    if field == "mapping":
        assert "The file has no column “日付”." in page
    else:
        page.forms[1].submit(status=303)
        assert count(ShoppingRecord) == 1


def test_a_form_without_a_file_is_refused(admin):
    form = admin.get(URL).forms[1]
    assert "Choose a file." in form.submit(status=400)


def test_a_file_belongs_to_whoever_uploaded_it(upload, browser_of, make_user):
    page = upload(HEADER + LINE, status=303)
    other = browser_of(make_user("mia", is_staff=True, is_superuser=True))
    other.get(page.location, status=404)


def test_a_job_deletes_old_files(upload, count, database, run_job):
    upload(HEADER + LINE)
    run_job("admin.uploads")
    assert count(UploadPart) == 1
    yesterday = calendar_days.get_now() - timedelta(days=1, minutes=1)
    with database.engine.begin() as connection:
        connection.execute(update(Upload).values(at=yesterday))
    run_job("admin.uploads")
    assert (count(Upload), count(UploadPart)) == (0, 0)


def test_a_file_that_its_data_contradict_since_is_not_imported(upload, count, make):
    page = upload(HEADER + LINE).follow()
    make.store(name="Ｌｉｆｅ"), make.store(name="ＬＩＦＥ")
    answer = page.forms[1].submit(status=400)
    assert "2 stores fit “Life”." in answer
    assert count(ShoppingRecord) == 0


def test_lines_that_only_the_writing_refuses_are_shown(upload, app, count):
    def refuse(event):
        for change in event.changes:
            if change.new.get("price") == 13:
                change.add_error("price", "This is unlucky.")

    page = upload(HEADER + LINE + LINE.replace("250", "13"), status=303).follow()
    app.registry.registerHandler(refuse, (BeforeRowsAdded,))
    try:
        page = page.forms[1].submit(status=400)
        cells = [cell.text for cell in page.html.select("tbody td")]
        assert cells == ["3", "price", "This is unlucky."]
        assert (count(ShoppingRecord), count(Upload)) == (0, 1)
    finally:
        app.registry.unregisterHandler(refuse, (BeforeRowsAdded,))
