"""Files with faults: each is named with its line and column, and nothing is stored."""

import json

import pytest

from .conftest import HEADER, LINE, URL

pytestmark = pytest.mark.database("sqlite")  # files are read before any statement


def test_a_faulty_line_among_a_thousand_is_named_and_nothing_is_stored(importer, api):
    lines = [LINE.replace("250", str(n)) for n in range(999)]
    lines.insert(5, LINE.replace("250", "12x"))
    assert importer.get_faults(HEADER + "".join(lines)) == [
        (7, "price", "“12x” is not an amount in JPY. Write it like ¥1,234.")
    ]
    assert importer.get_records() == []
    assert api.get("/api/stores/").json == []


def test_all_faults_of_a_line_are_named(importer):
    line = "30.04.2025,,Kyoto,Milk,Dairy,ml,1.0001,\n"
    assert importer.get_faults(HEADER + line) == [
        (
            2,
            "purchase_date",
            "“30.04.2025” is no date in the format YYYY-MM-DD. The option date_format names another format.",
        ),
        (2, "store_name", "This field is required."),
        (2, "quantity", "Ensure that there are no more than 3 decimal places."),
        (2, "price", "This field is required."),
    ]


def test_of_100_000_faulty_lines_the_first_hundred_are_named(importer):
    answer = importer(HEADER + "2025-04-01,Life,Kyoto,Milk,Dairy,ml,1000,x\n" * 100_000, status=400)
    assert answer.json["counts"] == {
        "new": 0,
        "changed": 0,
        "same": 0,
        "faulty": 100_000,
        "skipped": 0,
    }
    assert [fault["line"] for fault in answer.json["faults"]] == list(range(2, 102))
    assert answer.json["code"] == "faulty_file"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            HEADER + LINE + '2025-04-01,"Li"fe,Kyoto,Milk,Dairy,ml,1,2\n',
            (
                3,
                "store_name",
                "A quotation mark inside of a cell, at character 15. Write two in place of one.",
            ),
        ),
        (
            HEADER + '2025-04-01,"Life,Kyoto,Milk,Dairy,ml,1,2\n' + LINE,
            (
                2,
                "store_name",
                "The row that begins here never ends. A quotation mark opens in it, and does not close.",
            ),
        ),
        (HEADER + "2025-04-01,Life\n", (2, None, "The line has 2 cells, and the header 8.")),
        (
            "purchase_date,cost\n2025-04-01,1\n",
            (
                1,
                "price",
                "The file has no column for: price (price), store (store_id), quantity (quantity), "
                "product (product_id). It has: purchase_date, cost.",
            ),
        ),
        (
            HEADER.replace("price", "purchase_date") + LINE,
            (
                1,
                "purchase_date",
                "The columns “purchase_date” and “purchase_date” are both purchase_date.",
            ),
        ),
        ("a,b\n1,2\n", (1, None, "No column is known. The file begins with: a, b.")),
        ("\n\n", (1, None, "The file is empty.")),
        (
            b"PK\x03\x04" + bytes(100),
            (1, None, "This is a workbook. Save it as CSV, and send that file."),
        ),
    ],
)
def test_a_file_that_is_no_such_table(importer, text, fault):
    assert importer.get_faults(text) == [fault]


def test_a_quotation_mark_that_never_closes_takes_little_memory(importer):
    text = HEADER + '2025-04-01,"' + LINE * 30_000
    ((line, column, _message),) = importer.get_faults(text)
    assert (line, column) == (2, "store_name")


def test_the_wrong_encoding_is_named_with_its_line(importer):
    text = (HEADER + LINE + LINE.replace("Life", "ライフ")).encode("cp932")
    assert importer.get_faults(text, encoding="utf-8") == [
        (
            3,
            None,
            "The file is not valid utf-8: here is the byte 0x83. Send the parameter encoding.",
        )
    ]
    assert importer.get_faults(b"a\n\x85\xff\n") == [
        (2, None, "The encoding is neither UTF-8 nor cp932. Save the file as CSV in UTF-8.")
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932", "utf-8"])
def test_encodings_are_recognised(importer, encoding):
    importer((HEADER + LINE.replace("Life", "ライフ")).encode(encoding), status=201)
    assert importer.get_records()[0]["store"]["name"] == "ライフ"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_recognised(importer, delimiter):
    importer((HEADER + LINE).replace(",", delimiter), status=201)


def test_line_ends_may_be_mixed(importer):
    header, line = HEADER.strip(), LINE.strip()
    text = f"{header}\r{line}\n{line}\r\n\r\n{line}\r"
    assert importer(text, status=201).json["counts"]["new"] == 3
    bad = f"{header}\r{line}\n{line}\r\n{line}x"
    assert importer.get_faults(bad)[0][0] == 4


def test_a_line_break_in_a_cell_counts(importer):
    text = HEADER + LINE.replace("Life", '"Li\nfe"') + LINE.replace("250", "x")
    assert [fault[0] for fault in importer.get_faults(text)] == [4]


def test_text_that_several_rows_fit_is_a_fault(importer, make):
    make.store(name="ライフ"), make.store(name="ﾗｲﾌ")
    ((line, column, message),) = importer.get_faults(HEADER + LINE.replace("Life", "らいふ"))
    assert (line, column) == (2, "store_name")
    assert message.startswith("2 stores fit “らいふ”.")
    importer(HEADER + LINE.replace("Life", "ﾗｲﾌ"), status=201)  # exactly one of them


def test_a_row_that_lacks_values_is_not_added(importer):
    text = "purchase_date,store_name,product_name,quantity,price\n2025-04-01,Life,Milk,1,2\n"
    faults = importer.get_faults(text)
    assert faults[0] == (
        2,
        "store_name",
        "There is no store “Life”. To add it, the file needs a location: a column, or a default.",
    )


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"columns": "x"}, "columns"),
        ({"columns": '{"price": "cost"}'}, "columns"),
        ({"columns": "[]"}, "columns"),
        ({"columns": "[" * 2000}, "columns"),
        ({"columns": '{"a": "price", "a": "quantity"}'}, "columns"),
        ({"columns": '{"\\ud800": "price"}', "dry_run": True}, "columns"),
        ({"defaults": '{"store_name": "\\ud800"}'}, "defaults"),
        ({"defaults": '{"store_name": "\\u0000"}'}, "defaults"),
        ({"defaults": '{"x": "y"}'}, "defaults"),
        ({"date_format": "D"}, "date_format"),
        ({"encoding": "latin-1"}, "encoding"),
        ({"delimiter": "|"}, "delimiter"),
        ({"language": "xx"}, "language"),
        ({"mapping": "x"}, "mapping"),
        ({"dry_run": "x"}, "dry_run"),
        ({"dryrun": "true"}, "dryrun"),
    ],
)
def test_a_wrong_option_is_refused(importer, options, name):
    assert list(importer(HEADER + LINE, status=400, **options).json) == [name]


def test_a_mapping_names_columns_that_the_file_lacks(importer):
    assert importer.get_faults(HEADER + LINE, columns=json.dumps({"日付": "purchase_date"}))[0][
        :2
    ] == (1, "日付")


def test_an_empty_body_and_a_form_without_a_file_are_refused(importer, api):
    importer(b"", status=400)
    api.post(URL, {"columns": "{}"}, upload_files=[("other", "a.csv", b"x")], status=400)
    api.post(URL, "{}", content_type="application/json", status=415)


def test_a_form_has_the_file_and_the_options(api):
    files = [("file", "a.csv", (HEADER + LINE).encode())]
    assert (
        api.post(URL, {"dry_run": "true"}, upload_files=files, status=200).json["counts"]["new"]
        == 1
    )
    assert api.post(URL, {}, upload_files=files, status=201).json["counts"]["new"] == 1


@pytest.mark.parametrize("kind", ["text/csv", "multipart/form-data; boundary=x"])
def test_a_file_of_200_mb_is_refused_before_it_arrives(api, kind):
    headers = {"Content-Type": kind, "Content-Length": str(200 * 10**6)}
    answer = api.post(URL, b"x", headers=headers, status=413)
    assert "too long" in answer.json["detail"]
