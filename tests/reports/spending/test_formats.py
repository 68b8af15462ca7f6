"""The report as a file and as a picture."""

import csv
import io
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from shoptrack_reports.drawing import COLOURS
from shoptrack_reports.spending.charts import MAX_BARS, MAX_PERIODS

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/reports/spending/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture(api):
    """Return a function that returns a chart's root element."""

    def picture(query: str) -> ElementTree.Element:
        answer = api.get(f"{PATH}?{query}", headers={"Accept": "image/svg+xml"})
        assert answer.content_type == "image/svg+xml"
        return ElementTree.fromstring(answer.text)

    return picture


def titles(root: ElementTree.Element) -> list[str]:
    return [rect.find(f"{SVG}title").text for rect in root.iter(f"{SVG}rect") if len(rect)]


def texts(root: ElementTree.Element) -> list[str]:
    return [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv"),
        ("image/svg+xml", "image/svg+xml"),
        ("image/*", "image/svg+xml"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
    ],
)
def test_the_client_says_what_it_takes(api, make, accept, kind):
    make.record()
    answer = api.get(f"{PATH}?group_by=month", headers={"Accept": accept})
    assert answer.content_type == kind
    assert "Accept" in answer.headers["Vary"]


def test_the_parameter_outdoes_what_the_client_takes(api, make):
    make.record()
    for name, kind in (("csv", "text/csv"), ("svg", "image/svg+xml"), ("json", "application/json")):
        headers = {"Accept": "application/xml"}
        answer = api.get(f"{PATH}?group_by=month&format={name}", headers=headers)
        assert answer.content_type == kind


def test_who_takes_none_of_it_is_told_so_before_what_is_wrong(api):
    api.get(f"{PATH}?group_by=x", headers={"Accept": "application/xml"}, status=406)


def test_a_file_has_a_line_for_each_row(api, make):
    store = make.store(name="=HYPERLINK(1)", location="Kyoto")
    make.record(store_id=store.id, price=-5)
    answer = api.get(f"{PATH}?group_by=store,manufacturer&format=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="spending.csv"'
    assert answer.body.startswith(b"\xef\xbb\xbf")
    header, line = csv.reader(io.StringIO(answer.body.decode("utf-8-sig")))
    assert dict(zip(header, line, strict=True)) == {
        "store_id": str(store.id),
        "store": "'=HYPERLINK(1)",
        "store_location": "Kyoto",
        "manufacturer_id": "",
        "manufacturer": "",
        "total": "-5",
        "count": "1",
        "currency": "JPY",
    }
    plain = api.get(f"{PATH}?group_by=weekday&format=csv&encoding=utf-8")
    assert plain.text == "weekday,total,count,currency\r\n3,-5,1,JPY\r\n"


def test_a_picture_names_and_describes_itself(picture, make):
    product = make.product()
    make.record(purchase_date=date(2025, 3, 1), price=200, product_id=product.id)
    make.record(purchase_date=date(2025, 5, 2), price=30_000, product_id=product.id)
    root = picture("group_by=month")
    by_id = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert [by_id[name] for name in root.get("aria-labelledby").split()] == [
        "Spending by month",
        "From 2025-03-01 to 2025-05-02: ¥30,200 in total.",
    ]
    assert titles(root) == ["2025-03: ¥200", "2025-05: ¥30,000"]
    assert {"2025-03", "2025-04", "2025-05", "¥30,000"} <= set(texts(root))


def test_a_picture_has_no_script_and_its_style_is_let(api, make):
    make.record()
    answer = api.get(f"{PATH}?group_by=month&format=svg")
    root = ElementTree.fromstring(answer.text)
    style = root.find(f"{SVG}style").text
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "prefers-color-scheme:dark" in style
    assert {element.tag for element in root.iter()}.isdisjoint({f"{SVG}script", f"{SVG}image"})
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert {text.get("fill") for text in root.iter(f"{SVG}text")} == {"currentColor"}


@pytest.mark.parametrize("name", ["<b>&'\"", "a\x01b\x0b", "😀牛乳", "x" * 50])
def test_any_name_can_be_written(picture, make, name):
    product = make.product(category_id=make.category(name=name).id)
    make.record(product_id=product.id, price=7)
    (title,) = titles(picture("group_by=category"))
    assert title.endswith(": ¥7")
    assert len(title) == len(name) + 4


def test_what_was_given_back_hangs_below_the_line(picture, make):
    product = make.product()
    for month, price in ((1, 400), (2, -200)):
        make.record(purchase_date=date(2025, month, 1), price=price, product_id=product.id)
    spent, back = [rect for rect in picture("group_by=month").iter(f"{SVG}rect") if len(rect)]
    top, height = (float(spent.get(name)[:-1]) for name in ("y", "height"))
    assert float(back.get("y")[:-1]) == pytest.approx(top + height, abs=0.02)
    assert float(back.get("height")[:-1]) == pytest.approx(height / 2, abs=0.02)


def test_time_goes_along_the_axis_and_the_rest_in_colours(picture, make):
    for number in range(9):
        product = make.product(category_id=make.category(name=f"Category {number}").id)
        for month in (1, 2):
            day = date(2025, month, 1)
            make.record(purchase_date=day, price=100 - number, product_id=product.id)
    for names in ("month,category", "category,month"):
        root = picture(f"group_by={names}")
        assert len(titles(root)) == 2 * len(COLOURS)
        assert titles(root)[0] == "2025-01, Category 0: ¥100"
        assert "2025-02, All others: ¥279" in titles(root)
        assert {"Category 0", "Category 5", "All others"} <= set(texts(root))
        assert "Category 6" not in texts(root)


def test_what_there_is_no_room_for_is_added_up(picture, make):
    for number in range(MAX_BARS + 2):
        product = make.product(manufacturer_id=number and make.manufacturer().id or None)
        make.record(price=1000 - number, product_id=product.id)
    shown = titles(picture("group_by=manufacturer"))
    assert len(shown) == MAX_BARS
    assert shown[0] == "none: ¥1,000"
    assert shown[-1] == f"All others: ¥{sum(1000 - n for n in (19, 20, 21)):,}"


def test_days_of_the_week_have_names(picture, make):
    make.record(purchase_date=date(2025, 1, 6), price=1)
    assert titles(picture("group_by=weekday")) == ["Monday: ¥1"]


def test_a_picture_of_nothing_says_so(picture):
    assert "No purchases." in [element.text for element in picture("group_by=month,store")]
    picture("group_by=store")


def test_more_columns_than_can_be_seen_are_refused(api, make):
    first = date(2025, 1, 1)
    product = make.product()
    for day in (first, first + timedelta(days=MAX_PERIODS - 1)):
        make.record(purchase_date=day, product_id=product.id)
    api.get(f"{PATH}?group_by=day&format=svg")
    make.record(purchase_date=first + timedelta(days=MAX_PERIODS), product_id=product.id)
    answer = api.get(f"{PATH}?group_by=day&format=svg", status=400)
    assert "at most 400 columns" in answer.json["group_by"][0]
