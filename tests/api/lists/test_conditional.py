"""Clients that know a state are told when it is still the newest, and kept from changing another."""

import pytest
from sqlalchemy import delete

from shoptrack.db.table_versions import TableVersion, install_triggers
from shoptrack.testing import capture_statements


@pytest.fixture
def product(api, make):
    row = make.product(origin_id=make.origin().id, manufacturer_id=make.manufacturer().id)
    return f"/api/products/{row.id}/"


@pytest.mark.parametrize("path", ["categories", "products", "shopping-records"])
def test_a_list_that_has_not_changed_has_no_body(api, make, path):
    make.record()
    for query in ("", "?limit=5", "?search=e&fields=id"):
        first = api.get(f"/api/{path}/{query}")
        assert first.headers["Cache-Control"] == "private, no-cache"
        again = api.get(f"/api/{path}/{query}", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_int == 304
        assert again.body == b""
        assert again.headers["ETag"] == first.headers["ETag"]
        assert "Content-Type" not in again.headers


@pytest.mark.parametrize("path", ["categories", "products", "shopping-records"])
def test_a_lists_tag_takes_one_statement(api, make, database, path):
    make.record()
    tag = api.get(f"/api/{path}/").headers["ETag"]
    with capture_statements(database) as statements:
        api.get(f"/api/{path}/", headers={"If-None-Match": tag}, status=304)
    assert len(statements) == 2  # the user's is the other


def changes(api, make, database):
    """Yield what changes the list of records, from inside and outside."""
    record = make.record()
    yield lambda: api.patch_json(f"/api/shopping-records/{record.id}/", {"price": 1})
    yield lambda: api.patch_json(f"/api/stores/{record.store_id}/", {"name": "Renamed"})
    yield lambda: make.record()
    yield lambda: api.delete(f"/api/shopping-records/{record.id}/")
    for statement in (
        "UPDATE shopping_records SET price = 7",
        "UPDATE stores SET name = 'From outside'",
        "DELETE FROM shopping_records",
    ):

        def outside(statement=statement):
            with database.engine.begin() as connection:
                connection.exec_driver_sql(statement)

        yield outside


def test_a_lists_tag_changes_with_everything_in_it(api, make, database):
    tags = [api.get("/api/shopping-records/").headers["ETag"]]
    for change in changes(api, make, database):
        change()
        tags.append(api.get("/api/shopping-records/").headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_what_is_rolled_back_leaves_the_tag(api, make, database):
    tag = api.get("/api/categories/").headers["ETag"]
    api.post_json("/api/categories/", {"name": ""}, status=400)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO categories (name) VALUES ('never')")
        connection.rollback()
    assert api.get("/api/categories/").headers["ETag"] == tag


@pytest.fixture
def stores_uncounted(database):
    """Let the database not count the changes of stores."""
    with database.engine.begin() as connection:
        connection.execute(delete(TableVersion).where(TableVersion.name == "stores"))
    yield
    with database.engine.begin() as connection:
        install_triggers(connection, ["stores"])


def test_a_list_has_no_etag_unless_each_of_its_tables_is_counted(api, stores_uncounted):
    assert "ETag" not in api.get("/api/shopping-records/").headers
    assert "ETag" not in api.get("/api/stores/").headers
    assert "ETag" in api.get("/api/products/").headers


def test_an_item_that_has_not_changed_has_no_body(api, product):
    tag = api.get(product).headers["ETag"]
    assert not tag.startswith("W/")
    assert api.get(product, headers={"If-None-Match": tag}, status=304).body == b""
    assert api.get(product, headers={"If-None-Match": f'"other", W/{tag}'}, status=304).body == b""
    assert api.get(product, headers={"If-None-Match": '"other"'}, status=200).json


def test_an_items_tag_changes_with_what_it_nests(api, product):
    before = api.get(product)
    origin = before.json["origin"]["id"]
    api.patch_json(f"/api/origins/{origin}/", {"name": "Renamed"})
    assert api.get(product).headers["ETag"] != before.headers["ETag"]


def test_writing_answers_the_new_tag(api, make, product):
    changed = api.patch_json(product, {"name": "New"})
    assert changed.headers["ETag"] == api.get(product).headers["ETag"]
    made = api.post_json("/api/categories/", {"name": "New"}, status=201)
    assert made.headers["ETag"] == api.get(f"/api/categories/{made.json['id']}/").headers["ETag"]


@pytest.mark.parametrize("method", ["put_json", "patch_json", "delete"])
def test_a_row_that_has_changed_meanwhile_is_not_changed(api, make, method):
    row = make.category(name="First")
    url = f"/api/categories/{row.id}/"
    stale = api.get(url).headers["ETag"]
    api.patch_json(url, {"name": "Second"})
    arguments = () if method == "delete" else ({"name": "Third"},)
    answer = getattr(api, method)(url, *arguments, headers={"If-Match": stale}, status=412)
    assert list(answer.json) == ["detail"]
    assert api.get(url).json["name"] == "Second"
    fresh = api.get(url).headers["ETag"]
    getattr(api, method)(url, *arguments, headers={"If-Match": f'"other", {fresh}'})


def test_an_etag_that_compression_made_weak_counts_as_well(api, make):
    url = f"/api/categories/{make.category().id}/"
    headers = {"If-Match": f"W/{api.get(url).headers['ETag']}"}
    api.patch_json(url, {"name": "New"}, headers=headers, status=200)
    api.patch_json(url, {"name": "Newer"}, headers=headers, status=412)


# What proxies that compress write before a tag and behind it, within its quotes.
PROXIES = {
    "nginx": ("W/", ""),
    "Apache": ("", "-gzip"),
    "Apache, of a weak one": ("W/", "-gzip"),
    "Apache's brotli": ("", "-br"),
    "Caddy": ("", "-zstd"),
    "lighttpd": ("", "-deflate"),
    "Jetty": ("", "--gzip"),
}


@pytest.mark.parametrize(("before", "behind"), PROXIES.values(), ids=PROXIES)
def test_an_etag_that_a_proxy_changed_counts_as_well(api, make, before, behind):
    def ask(url: str) -> str:
        """Return a tag as it comes back through the proxy."""
        tag = api.get(url).headers["ETag"].removeprefix("W/").strip('"')
        return f'{before}"{tag}{behind}"'

    item = f"/api/stores/{make.store().id}/"
    for url in (item, "/api/stores/", "/api/stores/?limit=1", "/api/schema/"):
        known = ask(url)
        api.get(url, headers={"If-None-Match": known}, status=304)
        api.get(url, headers={"If-None-Match": f'"other-gzip", {known}'}, status=304)
    known = ask(item)
    api.patch_json(item, {"name": "New"}, headers={"If-Match": known}, status=200)
    answer = api.patch_json(item, {"name": "Newer"}, headers={"If-Match": known}, status=412)
    assert "has changed since" in answer.json["detail"]
    api.delete(item, headers={"If-Match": f'"other", {ask(item)}'}, status=204)


@pytest.mark.parametrize("behind", ["-other", "-gzip-gzip", "gzip", "-gzi", "-GZIP"])
def test_what_no_proxy_writes_is_another_tag(api, make, behind):
    item = f"/api/stores/{make.store().id}/"
    tag = api.get(item).headers["ETag"].strip('"')
    api.get(item, headers={"If-None-Match": f'"{tag}{behind}"'}, status=200)
    api.delete(item, headers={"If-Match": f'"{tag}{behind}"'}, status=412)


def test_a_row_that_must_merely_exist(api, make):
    url = f"/api/categories/{make.category().id}/"
    api.patch_json(url, {"name": "New"}, headers={"If-Match": "*"}, status=200)
    api.delete(url)
    api.patch_json(url, {"name": "New"}, headers={"If-Match": "*"}, status=404)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("header", ["", "abc", '"', "W/", ",,,", '"a" "b"'])
def test_broken_conditions_are_no_failure(api, make, header):
    url = f"/api/categories/{make.category().id}/"
    api.get(url, headers={"If-None-Match": header}, status=200)
    api.patch_json(url, {}, headers={"If-Match": header}, status=412)
