"""Importing a file of records: all of its rows, or none."""

import json

from .conftest import HEADER, LINE


def get_counts(response) -> dict[str, int]:
    return {outcome: number for outcome, number in response.json["counts"].items() if number}


def test_rows_are_added_with_what_they_name(importer, api):
    answer = importer(HEADER + LINE, status=201)
    assert get_counts(answer) == {"new": 1}
    (record,) = importer.get_records()
    assert (record["purchase_date"], record["price"], record["quantity"]) == (
        "2025-04-01",
        250,
        "1000.000",
    )
    assert record["store"] | {"id": 0} == {"id": 0, "name": "Life", "location": "Kyoto"}
    assert record["product"]["category"]["name"] == "Dairy"
    assert [(one["resource"], one["count"]) for one in answer.json["new_rows"]] == [
        ("categories", 1),
        ("products", 1),
        ("stores", 1),
        ("units", 1),
    ]


def test_the_same_file_twice_adds_nothing(importer):
    importer(HEADER + LINE, status=201)
    assert get_counts(importer(HEADER + LINE, status=200)) == {"same": 1}
    assert len(importer.get_records()) == 1


def test_equal_lines_are_several_purchases(importer):
    assert get_counts(importer(HEADER + LINE * 2, status=201)) == {"new": 2}
    assert get_counts(importer(HEADER + LINE * 3, status=201)) == {"new": 1, "same": 2}
    assert len(importer.get_records()) == 3


def test_a_dry_run_stores_nothing(importer, api):
    answer = importer(HEADER + LINE, status=200, dry_run=True)
    assert answer.json["dry_run"] is True
    assert get_counts(answer) == {"new": 1}
    assert importer.get_records() == []
    assert api.get("/api/stores/").json == []


def test_own_headings_are_mapped(importer):
    columns = {
        "日付": "purchase_date",
        "店": "store_name",
        "品": "product_name",
        "数": "quantity",
        "円": "price",
    }
    defaults = {
        "store_location": "京都",
        "product_unit_name": "個",
        "product_category_name": "食品",
    }
    text = '日付,店,品,数,円,メモ\n2025/4/1,ライフ,牛乳,１,"１，２８０",x\n'
    answer = importer(
        text.encode("cp932"),
        status=201,
        columns=json.dumps(columns),
        defaults=json.dumps(defaults),
        date_format="YYYY/MM/DD",
    )
    assert (answer.json["encoding"], answer.json["ignored_columns"]) == ("cp932", ["メモ"])
    (record,) = importer.get_records()
    assert record["price"] == 1280
    assert record["store"]["location"] == "京都"
    assert record["product"]["unit"]["name"] == "個"
