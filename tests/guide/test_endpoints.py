"""Services of the plugin: votes, purchases, and whole lists."""

import orjson
import pytest

URL = "/api/wishes/"


@pytest.fixture
def purchase(make):
    """Return the body of a purchase."""
    return {
        "store_id": make.store().id,
        "price": 800,
        "quantity": "1.000",
        "purchase_date": "2026-11-20",
    }


def test_a_user_votes_once(client_with, wish):
    client = client_with("wishes:vote", "wishes:view")
    url = f"{URL}{wish.id}/votes/"
    mine = client.post(url, status=201).json
    assert client.post(url, status=409).json == {
        "detail": "You have voted for this wish already.",
        "code": "already_voted",
    }
    assert client.get(url).json == [mine]


def test_a_vote_is_in_the_history(client_with, wish, admin):
    client_with("wishes:vote").post(f"{URL}{wish.id}/votes/", status=201)
    assert "voted" in admin.get("/admin/history/")


@pytest.mark.parametrize("id", ["0", "9" * 30, "tea"])
def test_a_wish_that_is_not_there(client_with, id):
    client_with("wishes:vote").post(f"{URL}{id}/votes/", status=404)


def test_who_is_not_signed_in_does_not_vote(client, wish):
    client.post(f"{URL}{wish.id}/votes/", status=401)


def test_a_purchase_is_a_record_and_ends_the_wish(client_with, wish, purchase, api):
    buyer = client_with("wishes:buy", "shopping-records:add")
    bought = buyer.post_json(f"{URL}{wish.id}/purchase/", purchase, status=201).json
    assert bought == {"id": bought["id"]}  # the buyer may not view records
    (record,) = api.get("/api/shopping-records/").json
    assert (record["id"], record["product"]["name"]) == (bought["id"], "Tea")
    assert api.get(f"{URL}").json == []
    buyer.post_json(f"{URL}{wish.id}/purchase/", purchase, status=404)


def test_a_wrong_purchase_changes_nothing(api, wish, purchase):
    sent = purchase | {"quantity": "much"}
    response = api.post_json(f"{URL}{wish.id}/purchase/", sent, status=400)
    assert response.json == {"quantity": ["A valid number is required."]}
    assert len(api.get(URL).json) == 1


def test_a_purchase_needs_the_permission_to_add_records(client_with, wish, purchase):
    client_with("wishes:buy").post_json(f"{URL}{wish.id}/purchase/", purchase, status=403)


def test_a_record_of_another_product_ends_no_wish(api, wish, purchase, make):
    record = purchase | {"product_id": make.product().id}
    api.post_json("/api/shopping-records/", record, status=201)
    assert len(api.get(URL).json) == 1


def test_an_import_adds_all_or_none(api, make):
    tea = {"product_id": make.product().id, "reason": "for guests"}
    assert api.post_json(f"{URL}load/", {"wishes": [tea, tea]}).json == {"added": 2}
    response = api.post_json(f"{URL}load/", {"wishes": [tea, tea | {"reason": ""}]}, status=400)
    assert response.json == {"wishes.1.reason": ["This field may not be blank."]}
    assert len(api.get(URL).json) == 2


def test_an_import_is_limited_by_a_setting(build_app, credentials):
    from shoptrack.testing import Client

    api = Client(build_app(shoptrack__wish_import_limit="1"), credentials)
    response = api.post_json(f"{URL}load/", {"wishes": [{}, {}]}, status=400)
    assert response.json == {"wishes": ["Send a list of up to 1 wishes."]}


def test_a_body_of_8_mebibytes_is_read(api):
    long = '{"wishes": [' + " " * (3 << 20) + "]}"
    headers = {"Content-Type": "application/json"}
    assert api.post(f"{URL}load/", long, headers=headers).json == {"added": 0}
    api.post(f"{URL}load/", " " * (9 << 20), headers=headers, status=413)


def test_an_export_has_a_wish_in_each_line(api, wish):
    lines = api.get(f"{URL}dump/?reason=for guests").body.splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == [wish.id]
    assert api.get(f"{URL}dump/?reason=else").body == b""
    api.get(f"{URL}dump/?colour=red", status=400)


def test_a_table_is_a_file(api, wish):
    response = api.get(f"{URL}table/")
    assert response.text.splitlines() == ["\ufeffwish,wanted by", "for guests,2026-11-30"]
