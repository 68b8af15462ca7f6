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
    assert header == ["id", "price", "purchase date", "store", "quantity", "product", "currency"]
    assert row == [str(record.id), "700", "2025-01-01", "Life (Kyoto)", "500.000", "Beef", "JPY"]


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
    row = rows(admin.get("/admin/shopping-records/export.csv"))[1]
    assert (row[1], row[4]) == ("-5", "-1.500")


def test_parameters_that_make_no_sense_are_refused(admin):
    admin.get("/admin/categories/export.csv?colour=red", status=400)
