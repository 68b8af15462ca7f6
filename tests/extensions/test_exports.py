"""Fields of extensions in exports."""

import csv
from io import StringIO

from shoptrack.testing import capture_statements

URL = "/api/shopping-records/export/?headings=keys"


def read(api, url=URL) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(api.get(url).body.decode("utf-8-sig"), newline="")))


def test_exports_have_them(api, record):
    record(note="too; =dear", price=300)
    record()
    first, second = read(api)
    assert (first["note"], first["tax_rate"], first["is_gift"]) == ("too;' =dear", "8", "false")
    assert (second["note"], second["tax_rate"]) == ("", "8")


def test_a_column_that_is_empty_alone_is_still_a_line(api, record):
    record()
    record()
    text = api.get(f"{URL}&fields=note").body.decode("utf-8-sig")
    assert text == 'note\r\n""\r\n""\r\n'


def test_values_that_are_read_for_many_rows_are_there(api, make):
    product = make.product(name="Tea")
    document = api.get(f"/api/products/{product.id}/").json
    (row,) = read(api, "/api/products/export/?headings=keys")
    own = {name for name in document if name not in ("category", "unit", "manufacturer", "origin")}
    assert own <= row.keys()


def test_statements_are_as_few_as_a_list_takes(api, record, database):
    for _number in range(3):
        record(note="a")
    counts = []
    for path in ("/api/shopping-records/", URL):
        api.get(path)
        with capture_statements(database) as statements:
            api.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]
