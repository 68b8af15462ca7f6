"""What records refer to is not deleted."""

RECORDS = "/api/shopping-records/"


def test_a_store_and_a_product_in_use_are_kept(api, make):
    record = make.record()
    make.record(product_id=record.product_id)
    for path, id, count in (("stores", record.store_id, 1), ("products", record.product_id, 2)):
        answer = api.delete(f"/api/{path}/{id}/", status=409)
        assert answer.json["code"] == "in_use"
        assert answer.json["references"] == {"shopping-records": count}
        api.get(f"/api/{path}/{id}/", status=200)
    assert len(api.get(RECORDS).json) == 2


def test_after_the_record_everything_else_can_go(api, make):
    record = make.record()
    product = api.get(f"{RECORDS}{record.id}/").json["product"]
    for address in (
        f"{RECORDS}{record.id}/",
        f"/api/products/{product['id']}/",
        f"/api/stores/{record.store_id}/",
        f"/api/categories/{product['category']['id']}/",
        f"/api/units/{product['unit']['id']}/",
    ):
        api.delete(address, status=204)
