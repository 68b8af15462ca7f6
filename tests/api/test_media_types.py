"""Views that accept and answer other media types than JSON."""

import pytest

from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app, upgrade_database
from shoptrack.testing.identity import make_headers
from shoptrack.web.body_limit import BodyLimit, BodyLimits

from . import pictures

pytestmark = pytest.mark.database("sqlite")

PERMISSIONS = ("pictures:view", "pictures:change")
PNG = (
    pictures.SIGNS["image/png"] + bytes(range(256)) * 400
)  # about 100 KB, more than stays in memory
CAT, PRICES, NOTES = "/api/pictures/cat/", "/api/prices/", "/api/notes/"
LIST = "name,price\r\nミルク,200\r\nrice,3000\r\n".encode()


@pytest.fixture(scope="module")
def application(new_database, tmp_path_factory):
    app = make_test_app(
        new_database(),
        (pictures.__name__,),
        pyramid__includes="shoptrack.testing.identity",
        shoptrack__pictures_folder=str(tmp_path_factory.mktemp("pictures")),
        shoptrack__max_upload_size="300000",
        shoptrack__max_body_size="100000",
    )
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def client(application):
    application.registry.pop("prices", None)
    for file in pictures.PictureSettings.of(application.registry).folder.iterdir():
        file.unlink()
    return Client(application, make_headers(1, PERMISSIONS))


def put(client, body=PNG, content_type="image/png", status=201, **headers):
    return client.put(CAT, body, {"Content-Type": content_type, **headers}, status=status)


def test_a_picture_is_stored_and_answered(client):
    assert put(client).json["bytes"] == len(PNG)
    answer = client.get(CAT)
    assert answer.content_type == "image/png"
    assert answer.body == PNG
    assert client.get(f"{CAT}chunks/").body == PNG


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        (CAT, "image/png", 200),
        (CAT, "image/*;q=0.5, text/html", 200),
        (CAT, None, 200),
        (CAT, "application/json", 406),
        (CAT, "image/gif", 406),
        (CAT, "image/png;q=0, image/jpeg;q=0", 406),
        (CAT, "image/jpeg", 406),  # it is a PNG
        (PRICES, "application/json", 200),
        (PRICES, "text/csv", 200),
        (PRICES, "image/png", 406),
    ],
)
def test_a_client_gets_what_it_accepts_or_406(client, path, accept, status):
    put(client)
    answer = client.get(path, headers={} if accept is None else {"Accept": accept}, status=status)
    if status == 406:
        assert answer.json == {"detail": "Could not satisfy the request Accept header."}


@pytest.mark.parametrize("accept", ["image/png", "image/jpeg;q=0.1"])
def test_errors_are_json_whatever_is_accepted(client, accept):
    missing = client.get("/api/pictures/dog/", headers={"Accept": accept}, status=404)
    assert missing.json == {"detail": "Not found."}


def test_of_several_media_types_the_client_chooses(client):
    client.post(PRICES, LIST, {"Content-Type": "text/csv"})
    assert client.get(PRICES).json[0] == {"name": "ミルク", "price": 200}
    answer = client.get(PRICES, headers={"Accept": "text/csv, application/json;q=0.5"})
    assert answer.content_type == "text/csv"
    assert "Accept" in answer.vary
    assert answer.body.decode("utf-8-sig").splitlines()[1] == "ミルク,200"


@pytest.mark.parametrize("content_type", ["image/png", "IMAGE/PNG", "image/png; name=cat"])
def test_parameters_and_case_of_a_content_type_do_not_matter(client, content_type):
    put(client, content_type=content_type)


@pytest.mark.parametrize("content_type", ["", "application/json", "image/gif", "text/html", "png"])
def test_another_content_type_is_415_and_the_sentence_names_what_is_taken(client, content_type):
    refused = put(client, content_type=content_type, status=415)
    sentence = f'Unsupported media type "{content_type}" in request. Send image/png or image/jpeg.'
    assert refused.json == {"detail": sentence}
    client.get(CAT, status=404)


def test_an_empty_body_is_no_file(client):
    assert "empty" in put(client, b"", status=400).json["detail"]


def test_what_a_view_raises_about_its_file_is_answered(client):
    for body in (b"\xff", b"name\r\nmilk\r\n"):
        refused = client.post(PRICES, body, {"Content-Type": "text/csv"}, status=400)
        assert "This is no price list" in refused.json["detail"]


def test_a_view_has_a_limit_below_the_ceiling_of_the_installation(client):
    long = (PNG * 3)[:300_000]
    put(client, long)
    refused = put(client, long + b"x", status=413)  # of 80 MiB that the view would take
    assert "at most 300000 bytes" in refused.json["detail"]
    assert "SHOPTRACK_MAX_UPLOAD_SIZE" in refused.json["detail"]
    client.post(PRICES, b"x" * 100_001, {"Content-Type": "text/csv"}, status=413)
    assert client.get(CAT).body == long


def test_other_methods_of_the_path_keep_the_limit_of_all(client):
    limits = BodyLimits.of(client.app.registry)
    assert limits.find(CAT, "PUT") == BodyLimit(300_000, "SHOPTRACK_MAX_UPLOAD_SIZE", is_file=True)
    assert limits.find(CAT, "PATCH") == BodyLimit(100_000, "SHOPTRACK_MAX_BODY_SIZE")


def test_a_head_has_the_headers_of_the_file(client):
    put(client)
    answer = client.head(CAT)
    assert (answer.content_type, answer.content_length) == ("image/png", len(PNG))
    assert answer.body == b""
    assert client.head(f"{CAT}chunks/").body == b""
    client.head(CAT, headers={"Accept": "application/json"}, status=406)


def test_a_file_has_a_name_in_any_script(client):
    put(client)
    header = client.get(f"{CAT}chunks/").headers["Content-Disposition"]
    assert header == "attachment; filename*=UTF-8''%E5%86%99%E7%9C%9F.bin"


def test_nobody_stores_without_the_permission(application):
    put(Client(application, make_headers(2, PERMISSIONS[:1])), status=403)
    put(Client(application), status=401)


def test_a_document_beside_files_has_the_limit_of_documents(client):
    text = {"Content-Type": "text/plain"}
    assert client.post(NOTES, b"x" * 200_000, text).json == {"bytes": 200_000}
    assert client.post_json(NOTES, {"note": "x" * 70_000}).json == {"bytes": 70_000}
    refused = client.post_json(NOTES, {"note": "x" * 200_000}, status=413)
    assert "at most 100000 bytes" in refused.json["detail"]
    client.post(NOTES, b"{}", {"Content-Type": "text/html"}, status=415)
    client.post(NOTES, b"note=x", {"Content-Type": "application/x-www-form-urlencoded"}, status=415)


def test_a_range_of_a_file_is_answered(client):
    put(client)
    part = client.get(CAT, headers={"Range": "bytes=8-17"}, status=206)
    assert (part.body, part.content_type) == (PNG[8:18], "image/png")
    assert part.headers["Content-Range"] == f"bytes 8-17/{len(PNG)}"
    missing = client.get(CAT, headers={"Range": "bytes=999999-"}, status=416)
    assert str(len(PNG)) in missing.json["detail"]
    assert missing.headers["Content-Range"] == f"bytes */{len(PNG)}"
    whole = client.get(CAT, headers={"Range": "bytes=999999-", "If-Range": '"another"'})
    assert whole.body == PNG


def test_a_file_that_has_not_changed_is_not_sent_again(client):
    put(client)
    since = {"If-Modified-Since": client.get(CAT).headers["Last-Modified"]}
    assert client.get(CAT, headers=since, status=304).body == b""
