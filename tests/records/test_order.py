"""The order of records: by day, then as they were entered."""

from datetime import date

RECORDS = "/api/shopping-records/"


def test_records_come_by_purchase_date_and_then_by_id(api, make):
    days = [date(2025, 1, 2), date(2025, 1, 1), date(9999, 12, 31), date(1, 1, 1), date(2025, 1, 1)]
    rows = [make.record(purchase_date=day) for day in days]
    ids = [record["id"] for record in api.get(RECORDS).json]
    assert ids == [rows[index].id for index in (3, 1, 4, 0, 2)]
    api.patch_json(f"{RECORDS}{rows[2].id}/", {"purchase_date": "0001-01-01"})
    assert [record["id"] for record in api.get(RECORDS).json][:2] == [rows[2].id, rows[3].id]
