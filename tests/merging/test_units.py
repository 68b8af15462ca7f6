"""Products with different units: their quantities are converted exactly, or the merge is refused."""

import pytest

from shoptrack.testing import Client

sqlite = pytest.mark.database("sqlite")


@pytest.fixture
def kilo(make):
    """Return a unit of 1,000 g."""
    return make.unit(name="kg")


@pytest.fixture
def jar(make):
    """Return a unit that no package knows."""
    return make.unit(name="jar")


def test_quantities_are_converted_by_a_known_factor(
    api, make, merge, product, kilo, records, entries
):
    keep, other = product(), product(unit_id=kilo.id)
    record = make.record(product_id=other, quantity="0.250").id
    answer = merge(keep, other)
    assert answer["factors"] == {str(other): "1000"}
    assert records() == {record: (keep, "250.000")}
    (entry,) = entries(path="shopping-records")
    assert entry.changes["quantity"] == ["0.250", "250.000"]


def test_the_other_way_round_decimals_are_exact(make, merge, product, kilo, records):
    keep, other = product(unit_id=kilo.id), product()
    record = make.record(product_id=other, quantity="-1250.000").id
    assert merge(keep, other)["factors"] == {str(other): "0.001"}
    assert records() == {record: (keep, "-1.250")}


def test_only_rows_with_another_unit_are_converted(make, merge, product, kilo, records):
    keep, same, other = product(), product(), product(unit_id=kilo.id)
    one = make.record(product_id=same, quantity="5").id
    two = make.record(product_id=other, quantity="5").id
    merge(keep, same, other)
    assert records() == {one: (keep, "5.000"), two: (keep, "5000.000")}


def test_rows_that_cannot_be_converted_exactly_are_named(api, make, merge, product, kilo, records):
    keep, other = product(unit_id=kilo.id), product("Rice")
    store = make.store(name="Life").id
    fine = make.record(product_id=other, quantity="7").id
    bad = [make.record(product_id=other, quantity="7.5", store_id=store).id for _ in range(7)]
    before = records()
    refused = merge(keep, other, status=409)
    assert refused["code"] == "inexact_conversion"
    assert refused["resource"] == "shopping-records"
    assert [row["id"] for row in refused["rows"]] == bad[:5]
    assert refused["rows"][0]["label"] == "2025-01-01 Rice, Life (Kyoto)"
    assert "7 shopping records" in refused["detail"]
    assert records() == before
    (conflict,) = merge(keep, other, dry_run=True)["conflicts"]
    assert conflict == refused
    for id in bad:
        api.patch_json(f"/api/shopping-records/{id}/", {"quantity": "8"})
    merge(keep, other)
    assert records()[fine] == (keep, "0.007")


@sqlite
def test_a_quantity_that_would_have_too_many_digits_is_refused(make, merge, product, kilo):
    keep, other = product(), product(unit_id=kilo.id)
    record = make.record(product_id=other, quantity="10000").id
    refused = merge(keep, other, status=409)
    assert [row["id"] for row in refused["rows"]] == [record]


def test_an_unknown_factor_can_be_given(make, merge, product, jar, records):
    keep, other = product(), product(unit_id=jar.id)
    record = make.record(product_id=other, quantity="2").id
    refused = merge(keep, other, status=409)
    assert refused == {
        "code": "different_units",
        "detail": "These products have different units: jar and g. Give a conversion factor (convert): how many g "
        "one of the other unit is.",
    }
    assert merge(keep, other, dry_run=True)["conflicts"] == [refused]
    answer = merge(keep, other, convert="2.5")
    assert answer["factors"] == {str(other): "2.5"}
    assert records() == {record: (keep, "5.000")}


def test_a_given_factor_precedes_a_known_one(make, merge, product, kilo, records):
    keep, other = product(), product(unit_id=kilo.id)
    record = make.record(product_id=other, quantity="2").id
    merge(keep, other, convert=900)
    assert records() == {record: (keep, "1800.000")}


def test_the_household_s_own_factor_counts(api, make, merge, product, jar, records):
    api.post_json("/api/unit-factors/", {"unit_id": jar.id, "base": "g", "factor": "340"})
    keep, other = product(), product(unit_id=jar.id)
    record = make.record(product_id=other, quantity="0.5").id
    merge(keep, other)
    assert records() == {record: (keep, "170.000")}


@sqlite
def test_a_factor_for_nothing_or_for_several_units_is_refused(make, merge, product, jar, kilo):
    keep, same = product(), product()
    assert merge(keep, same, convert="2", status=400) == {
        "convert": ["All these products have the same unit."]
    }
    others = product(unit_id=jar.id), product(unit_id=kilo.id)
    assert merge(keep, *others, convert="2", status=400) == {
        "convert": [
            "These products have several units: jar, kg. Merge those with one unit at a time."
        ]
    }
    stores = make.store().id, make.store().id
    assert merge(*stores, path="stores", convert="2", status=400) == {
        "convert": ["References to stores have no quantities to convert."]
    }


@sqlite
@pytest.mark.parametrize(
    "convert", ["0", "-2", "x", "NaN", "1e999", True, [], {}, "1_000", "0.0000000001"]
)
def test_a_factor_is_a_positive_number(merge, product, jar, convert):
    answer = merge(product(), product(unit_id=jar.id), convert=convert, status=400)
    assert list(answer) == ["convert"]


@sqlite
def test_units_of_different_sizes_are_not_merged(make, merge, gram, kilo, jar):
    refused = merge(gram.id, kilo.id, path="units", status=409)
    assert refused["code"] == "different_units"
    assert refused["detail"].startswith("One kg is 1000 g, so quantities would become wrong.")
    assert merge(gram.id, kilo.id, path="units", convert="1000", status=400) == {
        "convert": ["Units cannot be converted. Merge the products of these units instead."]
    }
    merge(gram.id, jar.id, path="units")


@sqlite
def test_units_are_not_named_to_users_who_may_not_view_them(caller, merge, product, jar):
    able = caller("products:delete", "products:view", "shopping-records:change")
    refused = merge(product(), product(unit_id=jar.id), client=able, status=409)
    assert f"unit {jar.id} and unit" in refused["detail"]


@sqlite
def test_a_plugin_knows_further_factors(build_app, credentials, make, product, records):
    app = build_app(("shoptrack_auth", "tests.merging.spoons"))
    keep, other = (product(unit_id=make.unit(name=name).id) for name in ("tablespoon", "teaspoon"))
    record = make.record(product_id=other, quantity="6").id
    url, body = f"/api/products/{keep}/merge/", {"ids": [other]}
    assert Client(app, credentials).post_json(url, body).json["factors"] == {str(other): "1/3"}
    assert records() == {record: (keep, "2.000")}


@sqlite
def test_without_such_a_plugin_no_factor_is_known(build_app, credentials, product, kilo):
    app = build_app(("shoptrack_auth",))
    url, body = f"/api/products/{product()}/merge/", {"ids": [product(unit_id=kilo.id)]}
    refused = Client(app, credentials).post_json(url, body, status=409).json
    assert refused["code"] == "different_units"
