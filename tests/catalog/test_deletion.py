"""Rows that products refer to are not deleted."""

import pytest

PATHS = {
    "categories": "category",
    "units": "unit",
    "manufacturers": "manufacturer",
    "origins": "origin",
}


@pytest.mark.parametrize(("path", "kind"), PATHS.items())
def test_a_row_in_use_is_kept_and_the_answer_says_by_what(api, make, path, kind):
    row = getattr(make, kind)()
    for _ in range(12):
        make.product(**{f"{kind}_id": row.id})
    answer = api.delete(f"/api/{path}/{row.id}/", status=409)
    assert list(answer.json) == ["detail", "code", "references"]
    assert answer.json["code"] == "in_use"
    assert answer.json["references"] == {"products": 12}
    assert kind in answer.json["detail"]
    assert api.get(f"/api/{path}/{row.id}/").json["id"] == row.id
    assert len(api.get("/api/products/").json) == 12


@pytest.mark.parametrize(("path", "kind"), PATHS.items())
def test_a_row_is_deleted_once_nothing_refers_to_it(api, make, path, kind):
    row, other = getattr(make, kind)(), getattr(make, kind)()
    product = f"/api/products/{make.product(**{f'{kind}_id': row.id}).id}/"
    api.delete(f"/api/{path}/{other.id}/", status=204)
    api.patch_json(product, {f"{kind}_id": getattr(make, kind)().id})
    api.delete(f"/api/{path}/{row.id}/", status=204)


def test_a_product_that_was_never_bought_is_deleted_and_its_category_stays(api, make):
    product = make.product()
    api.delete(f"/api/products/{product.id}/", status=204)
    api.get(f"/api/categories/{product.category_id}/", status=200)
