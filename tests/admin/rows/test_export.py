"""Lists as CSV."""

import csv
import io


def rows(answer) -> list[list[str]]:
    assert answer.content_type == "text/csv"
    return list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


def test_all_that_the_filters_leave_is_exported(admin, make):
    make.record(price=-5)
    store, product = make.store(name="Life"), make.product(name="Beef")
    record = make.record(price=700, store_id=store.id, product_id=product.id)
    answer = admin.get("/admin/shopping-records/export.csv?price__gte=0")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shopping-records.csv"'
    header, row = rows(answer)
    cells = dict(zip(header, row, strict=True))
    assert cells["id"] == str(record.id)
    assert (cells["price"], cells["currency"]) == ("700", "JPY")
    assert cells["purchase date"] == "2025-01-01"
    assert (cells["store"], cells["store location"]) == ("Life", "Kyoto")
    assert (cells["quantity"], cells["product"]) == ("500.000", "Beef")


def test_the_file_is_that_of_the_api(admin, api, make):
    make.record(price=-5)
    make.record(price=7)
    for query in ("", "?encoding=cp932&delimiter=tab", "?price__gte=0&headings=keys"):
        page = admin.get(f"/admin/shopping-records/export.csv{query}")
        ordering = {"ordering": "-purchase_date,-id"}  # the administration's
        assert page.body == api.get(f"/api/shopping-records/export/{query}", ordering).body


def test_more_than_a_page_is_exported(admin, make):
    for number in range(60):
        make.category(name=f"C{number}")
    assert len(rows(admin.get("/admin/categories/export.csv"))) == 61


def test_a_text_is_no_formula(admin, make):
    for name in ("=1+1", "+1", "-1+2", "@SUM(A1)", "\u200b=1", 'a"b,c'):
        make.category(name=name)
    names = [row[1] for row in rows(admin.get("/admin/categories/export.csv"))[1:]]
    assert names == ["'=1+1", "'+1", "'-1+2", "'@SUM(A1)", "\u200b=1", 'a"b,c']


def test_an_amount_stays_a_number(admin, make):
    make.record(price=-5, quantity="-1.500")
    header, row = rows(admin.get("/admin/shopping-records/export.csv"))
    assert (row[1], row[header.index("quantity")]) == ("-5", "-1.500")


def test_headings_are_in_the_language_of_the_pages(admin, make):
    make.category()
    answer = admin.get("/admin/categories/export.csv", headers={"Accept-Language": "ja"})
    assert rows(answer)[0] == ["id", "名前"]


def test_parameters_that_make_no_sense_are_refused(admin):
    admin.get("/admin/categories/export.csv?colour=red", status=400)
