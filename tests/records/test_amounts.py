"""What prices and quantities mean: the price is what the whole line cost."""

from decimal import Decimal

RECORDS = "/api/shopping-records/"


def test_the_price_is_that_of_the_line_and_is_not_computed_from_the_quantity(api, make):
    record = make.record(price=1000, quantity=Decimal("500.000"))
    answer = api.patch_json(f"{RECORDS}{record.id}/", {"quantity": "250"}, status=200)
    assert (answer.json["price"], answer.json["quantity"]) == (1000, "250.000")


def test_refunds_and_discounts_are_taken(api, make):
    record = f"{RECORDS}{make.record().id}/"
    for price, quantity in ((0, "0.000"), (-500, "1.000"), (-500, "-1.500")):
        answer = api.patch_json(record, {"price": price, "quantity": quantity}, status=200)
        assert (answer.json["price"], answer.json["quantity"]) == (price, quantity)
