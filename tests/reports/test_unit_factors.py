"""What a household says of its units."""

import pytest

from shoptrack.catalog.resources import UnitResource
from shoptrack.resources import reassignment
from shoptrack.resources.repository import Repository

FACTORS = "/api/unit-factors/"


@pytest.fixture
def pack(make):
    return make.unit(name="パック")


def test_a_household_says_what_its_own_units_are(api, pack):
    body = {"unit_id": pack.id, "base": "piece", "factor": "10"}
    added = api.post_json(FACTORS, body, status=201).json
    assert added == {
        "id": added["id"],
        "unit": {"id": pack.id, "name": "パック"},
        "base": "piece",
        "factor": "10.000",
    }
    item = f"{FACTORS}{added['id']}/"
    assert api.patch_json(item, {"factor": "6"}, status=200).json["factor"] == "6.000"
    assert api.get(FACTORS).json == [added | {"factor": "6.000"}]
    api.delete(item, status=204)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("base", "oz", "Choose one of g, ml, piece."),
        ("base", None, "This field may not be null."),
        ("base", ["g"], "Choose one of g, ml, piece."),
        ("factor", "0", "Ensure this value is greater than 0."),
        ("factor", "-1", "Ensure this value is greater than 0."),
        ("factor", "1.2345", "Ensure that there are no more than 3 decimal places."),
    ],
)
def test_other_units_and_factors_are_refused(api, pack, field, sent, said):
    body = {"unit_id": pack.id, "base": "piece", "factor": "10", field: sent}
    assert api.post_json(FACTORS, body, status=400).json == {field: [said]}


def test_a_unit_has_one_factor(api, pack, make):
    body = {"unit_id": pack.id, "base": "piece", "factor": "10"}
    taken = {"unit_id": ["unit factor with this unit already exists."]}
    factor = api.post_json(FACTORS, body, status=201).json
    assert api.post_json(FACTORS, body, status=400).json == taken
    other = api.post_json(FACTORS, body | {"unit_id": make.unit().id}, status=201).json
    item = f"{FACTORS}{other['id']}/"
    assert api.patch_json(item, {"unit_id": pack.id}, status=400).json == taken
    api.put_json(f"{FACTORS}{factor['id']}/", body, status=200)


@pytest.mark.parametrize("id", [2**31, 2**63 - 1])
def test_the_unit_must_be_there(api, id):
    answer = api.post_json(FACTORS, {"unit_id": id, "base": "g", "factor": "1"}, status=400)
    assert answer.json == {"unit_id": [f'Invalid pk "{id}" - object does not exist.']}


def test_a_unit_with_a_factor_is_not_deleted(api, pack):
    api.post_json(FACTORS, {"unit_id": pack.id, "base": "piece", "factor": "10"}, status=201)
    answer = api.delete(f"/api/units/{pack.id}/", status=409)
    assert answer.json["references"] == {"unit-factors": 1}


def test_units_are_not_merged_while_each_has_a_factor(api, make, database, pack):
    other = make.unit(name="パツク")
    for unit in (pack, other):
        body = {"unit_id": unit.id, "base": "piece", "factor": "10"}
        api.post_json(FACTORS, body, status=201)
    with (
        database.session() as db,
        pytest.raises(
            reassignment.ReassignmentConflict,
            match=r"of some unit factors \(パツク = 10.000 piece\):",
        ),
    ):
        Repository.of(db.info["registry"], UnitResource).merge(db, pack.id, [other.id])
