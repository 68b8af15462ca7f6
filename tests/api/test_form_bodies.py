"""Forms, of both kinds, that cannot be read, and what is special about those that can."""

import pytest

pytestmark = pytest.mark.database("sqlite")

STORES = "/api/stores/"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def part(name=b'name="name"', value=b"Life", more=b""):
    return b"--x\r\nContent-Disposition: form-data; %s\r\n%s\r\n%s\r\n" % (name, more, value)


LOCATION = part(b'name="location"', b"Kyoto")
END = b"--x--\r\n"


@pytest.fixture
def post(api):
    """Post bytes to the stores, whose two fields are both text."""

    def post(body, content_type, status):
        return api.request(
            STORES,
            method="POST",
            body=body,
            headers={"Content-Type": content_type},
            status=status,
        )

    return post


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"name=Life+%E5%BA%97&location=Kyoto", "Life 店"),
        ("name=Life 店&location=Kyoto".encode(), "Life 店"),
        (b"&&name=a%26b%3Dc&x&location=Kyoto&", "a&b=c"),
        (b"name=a;b&location=Kyoto", "a;b"),
        (b"location=Kyoto&name=100%25%2B%zz", "100%+%zz"),
    ],
)
def test_url_encoded_forms(post, body, name):
    assert post(body, FORM, 201).json["name"] == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (part() + LOCATION + END, "Life"),
        (part(value="店\r\n--y".encode()) + LOCATION + END, "店\r\n--y"),
        (part(b"name=name") + LOCATION + END, "Life"),
        (part(more=b"Content-Type: text/plain; charset=utf-8\r\n") + LOCATION + END, "Life"),
        (part(more=b"Content-Type: text/plain; charset=nonsense\r\n") + LOCATION + END, "Life"),
        (part(value=b" \r\nLife") + LOCATION + END, "Life"),
    ],
)
def test_multipart_forms(post, body, name):
    assert post(body, MULTIPART, 201).json["name"] == name


@pytest.mark.parametrize(
    "body",
    [b"name=\xff", b"name=%ff", b"name=%ED%A0%80", b"%ff=1&name=a", "name=店".encode("cp932")],
)
def test_url_encoded_forms_that_are_no_utf8(post, body):
    detail = "Form parse error - The form is not valid UTF-8."
    assert post(body, FORM, 400).json == {"detail": detail}


@pytest.mark.parametrize("escapes", [60_000, 60_001])
def test_escapes_are_read_to_a_number(post, escapes):
    said = post(b"name=&x=" + b"%41" * escapes, FORM, 400).json
    too_many = {"detail": "Form parse error - More than 60000 characters that are escaped."}
    assert (said == too_many) is (escapes > 60_000)


@pytest.mark.parametrize("body", [b"a&" * 1001, b"a=1&" * 1_000_000])
def test_url_encoded_forms_with_too_many_fields(post, body):
    status = 413 if len(body) > 2.5 * 2**20 else 400
    assert "detail" in post(body, FORM, status).json


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"nonsense", MULTIPART),
        (b"--x", MULTIPART),
        (part(), MULTIPART),
        (part() + LOCATION, MULTIPART),
        (part() + LOCATION + END + b"more" * 100_000, MULTIPART),
        (part(value=b"\xff") + LOCATION + END, MULTIPART),
        (part(b'name="\xff"') + LOCATION + END, MULTIPART),
        (part(b"nameless=1") + LOCATION + END, MULTIPART),
        (part(more=b"Content-Length: 99\r\n") + LOCATION + END, MULTIPART),
        (part(more=b"Content-Length: " + b"9" * 4000 + b"\r\n") + LOCATION + END, MULTIPART),
        (part(more=b"X: y\r\n" * 10_000) + LOCATION + END, MULTIPART),
        (b"--x\r\n\r\nLife\r\n" + END, MULTIPART),
        (part() * 1001 + END, MULTIPART),
        (part() + LOCATION + END, "multipart/form-data"),
        (part() + LOCATION + END, "multipart/form-data; boundary="),
        (part() + LOCATION + END, 'multipart/form-data; boundary="\xff"'),
        (part() + LOCATION + END, "multipart/form-data; boundary=" + "x" * 2000),
    ],
)
def test_multipart_forms_that_cannot_be_read(post, body, content_type):
    answer = post(body, content_type, 400)
    assert answer.json["detail"].startswith("Multipart form parse error - ")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=a&location=b&name=a", FORM),
        (part() + LOCATION + part(value=b"other") + END, MULTIPART),
    ],
)
def test_a_field_that_is_sent_twice_is_refused(post, body, content_type):
    detail = post(body, content_type, 400).json["detail"]
    assert detail.endswith('parse error - Duplicate key "name".')


def test_a_file_is_no_value_of_a_field(post):
    body = part(b'name="name"; filename="a.txt"') + LOCATION + END
    assert post(body, MULTIPART, 400).json == {"name": ["Not a valid string."]}


def test_a_part_as_long_as_bodies_may_be_is_read(post):
    body = part(value=b"x" * 2_000_000) + LOCATION + END
    sentence = "Ensure this field has no more than 100 characters."
    assert post(body, MULTIPART, 400).json == {"name": [sentence]}


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data"])
def test_an_empty_text_stands_for_null_where_an_id_is_meant(api, make, content_type):
    product = make.product(manufacturer_id=make.manufacturer().id)
    item = f"/api/products/{product.id}/"
    answer = api.patch(item, {"manufacturer_id": ""}, content_type=content_type, status=200)
    assert answer.json["manufacturer"] is None
    answer = api.patch(item, {"category_id": ""}, content_type=content_type, status=400)
    assert answer.json == {"category_id": ["This field may not be null."]}
