import pytest

from shoptrack_record_notes.models import RecordNote

URL = "/api/shopping-records/"


def test_a_record_without_a_note_has_the_defaults(api, record):
    document = api.get(f"{URL}{record.id}/").json
    assert list(document.items())[-2:] == [("note", None), ("tax_rate", 8)]


def test_it_is_written_with_the_record(api, record):
    url = f"{URL}{record.id}/"
    changed = api.patch_json(url, {"note": "too dear", "tax_rate": 10}).json
    assert (changed["note"], changed["tax_rate"]) == ("too dear", 10)
    assert api.get(url).json == changed


@pytest.mark.parametrize(
    "query",
    ["note__icontains=DEAR", "search=dear", "note__isnull=false", "tax_rate=10", "tax_rate__gt=8"],
)
def test_lists_find_it(api, record, make, query):
    other = make.record()
    make.row(RecordNote, id=record.id, note="too dear", tax_rate=10)
    assert [one["id"] for one in api.get(f"{URL}?{query}").json] == [record.id]
    assert [one["id"] for one in api.get(f"{URL}?ordering=tax_rate").json] == [other.id, record.id]


def test_a_wrong_rate_is_refused(api, record):
    assert api.patch_json(f"{URL}{record.id}/", {"tax_rate": 101}, status=400).json == {
        "tax_rate": ["Ensure this value is less than or equal to 100."]
    }


def test_it_goes_with_the_record(api, record, make):
    make.row(RecordNote, id=record.id, note="too dear", tax_rate=10)
    api.delete(f"{URL}{record.id}/", status=204)
    assert api.get(URL).json == []
