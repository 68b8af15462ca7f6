"""JSON that cannot be read, and JSON that is no object."""

import sys
from time import process_time

import pytest

from shoptrack.errors import BadRequest
from shoptrack.rest.body import MAX_JSON_VALUES, parse_json

pytestmark = pytest.mark.database("sqlite")

STORES = "/api/stores/"


@pytest.fixture
def send(api, make):
    """Return a function that sends bytes as JSON by each verb that takes a body.

    All answer the same; the value is one of the answers.
    """
    item = f"{STORES}{make.store().id}/"

    def send(body, status=400):
        headers = {"Content-Type": "application/json"}
        answers = [
            api.request(address, method=method, body=body, headers=headers, status=status)
            for method, address in (("POST", STORES), ("PUT", item), ("PATCH", item))
        ]
        assert answers[0].body == answers[1].body == answers[2].body
        return answers[0]

    return send


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[]", "list"),
        (b'[{"name": "Life", "location": "Kyoto"}]', "list"),
        (b'"text"', "str"),
        (b"1", "int"),
        (b"1.5", "float"),
        (b"true", "bool"),
    ],
)
def test_a_body_that_is_no_object(send, body, kind):
    sentence = f"Invalid data. Expected a dictionary, but got {kind}."
    assert send(body).json == {"non_field_errors": [sentence]}


def test_a_body_of_null(send):
    assert send(b"null").json == {"non_field_errors": ["No data provided"]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b" ", "Expecting value: line 1 column 2 (char 1)"),
        (b"name=Life", "Expecting value: line 1 column 1 (char 0)"),
        (b"{'name': 1}", "Expecting property name enclosed in double quotes"),
        (b'{"name": "a\tb"}', "Invalid control character at"),
        (b'{"name": "\\x"}', "Invalid \\escape"),
        (b'{"name": "\\ud80"}', "Invalid \\uXXXX escape"),
        (b"{} {}", "Extra data"),
        (b"\x00", "Expecting value"),
        (b'{"name": "\xff"}', "'utf-8' codec can't decode byte 0xff in position 10"),
        (b'{"name": "\xed\xa0\x80"}', "'utf-8' codec can't decode"),
        (b'{"name": "\xe7\x89', "'utf-8' codec can't decode"),
        ('{"name": "牛"}'.encode("utf-16"), "'utf-8' codec can't decode"),
        ('{"name": "牛"}'.encode("cp932"), "'utf-8' codec can't decode"),
        (b"\xef\xbb\xbf{}", "Unexpected UTF-8 BOM"),
        (b'{"name": NaN}', "Out of range float values are not JSON compliant: NaN"),
        (b'{"name": -Infinity}', "Out of range float values are not JSON compliant: -Infinity"),
        (b'{"a": 1, "a": 1}', 'Duplicate key "a".'),
        (
            b'{"x": [{"\\ud800": 1, "\\ud800": 2}]}',
            'Duplicate key "\\ud800".',
        ),
        (b"[" * 10_000, "Nested too deeply (maximum: 100 levels)."),
        (b'{"a":' * 10_000, "Nested too deeply (maximum: 100 levels)."),
        (
            b"[" * 10_000 + b"]" * 10_000,
            "Nested too deeply (maximum: 100 levels).",
        ),
        (b'{"name": ' + b"7" * 1_000_000 + b"}", "A number has too many digits."),
        (b"-" + b"7" * 1_000_000, "A number has too many digits."),
    ],
)
def test_json_that_cannot_be_read(send, body, said):
    detail = send(body).json["detail"]
    assert detail.startswith(f"JSON parse error - {said}")
    assert "set_int_max_str_digits" not in detail


def test_finding_a_repeated_key_among_many_takes_no_longer_than_reading(send):
    keys = b",".join(b'"%06d":1' % number for number in range(9_000))
    detail = send(b"{%s,%s}" % (keys, b'"008999":1')).json["detail"]
    assert detail == 'JSON parse error - Duplicate key "008999".'


def is_read(send, value: bytes) -> bool:
    """Tell whether a document with this value is read; a field of it is refused then."""
    said = send(b'{"name": "", "location": "Kyoto", "x": %s}' % value).json
    return said == {"name": ["This field may not be blank."]}


@pytest.mark.parametrize(("depth", "read"), [(99, True), (100, False), (300_000, False)])
def test_lists_in_lists_are_read_to_a_depth(send, depth, read):
    assert is_read(send, b"[" * depth + b"]" * depth) is read  # in an object, a level too


def test_brackets_in_texts_and_beside_each_other_are_no_depth(send):
    assert is_read(send, rb'"%s"' % (rb"[{\"[{\\" * 100))
    assert is_read(send, b"[[]" + b",[]" * 4_000 + b"]")


# With the object that they stand in, and its members.
@pytest.mark.parametrize(("values", "read"), [(9_997, True), (9_998, False)])
@pytest.mark.parametrize("value", [b"0", b'""', b'",[,{"', rb'"\""', rb'"\\"'])
def test_values_are_read_to_a_number(send, value, values, read):
    assert is_read(send, b"[" + b",".join([value] * values) + b"]") is read


@pytest.mark.parametrize(
    "value",
    [
        b"[" + b"[]," * 800_000 + b"0]",
        b"[" + b'{"":0},' * 360_000 + b"0]",
        b"[" + b'"",' * 800_000 + b"0]",
        b"[" + rb'"\\",' * 500_000 + b"0]",
        b"[" + b"," * 2_500_000,
        b"{" * 2_500_000,
    ],
    ids=lambda value: value[:8].decode(),
)
def test_more_are_counted_and_not_made(value):
    started = process_time()
    with pytest.raises(BadRequest, match=r"Too many values \(maximum: 10000\)"):
        parse_json(b'{"a": %s}' % value, MAX_JSON_VALUES)
    assert process_time() - started < 0.1


def test_commas_and_brackets_in_texts_are_no_values(send):
    assert is_read(send, b'"' + b",[{" * 500_000 + b'"')


def test_an_endpoint_may_read_more_values():
    assert len(parse_json(b'{"a": [' + b"0," * 20_000 + b"0]}", 30_000)["a"]) == 20_001


def test_a_text_without_an_end_takes_no_longer_than_others(send):
    assert not is_read(send, b"[" * 50 + b"{" * 50 + rb'"' + rb"\"" * 1_000_000)


@pytest.mark.parametrize(("digits", "read"), [(4300, True), (4301, False)])
def test_numbers_are_read_to_a_length(send, digits, read):
    assert is_read(send, b"7" * digits) is read


def test_nesting_that_is_just_read_is_no_value_of_any_field(api, body, url):
    for depth in range(100, sys.getrecursionlimit(), 50):
        value = b"[" * depth + b"]" * depth
        members = b",".join(b'"%s":%s' % (name.encode(), value) for name in body)
        answer = api.post(url, b"{%s}" % members, content_type="application/json", status=400)
        assert set(answer.json) == set(body) or "Nested too deeply" in answer.json["detail"]


def test_numbers_without_a_finite_value_are_no_value_of_any_field(api, url, body):
    for number in ("1e400", "-1e400", "1e999999999", "9" * 400 + ".0"):
        members = ",".join(f'"{name}": {number}' for name in body)
        answer = api.post(url, f"{{{members}}}", content_type="application/json", status=400)
        assert set(answer.json) == set(body)


def test_a_body_may_be_as_long_as_the_setting_says_and_no_longer(send):
    longest = 2_621_440
    body = b'{"location": "Kyoto", "name": "%s"}'
    name = b" " * (longest - len(body % b""))
    assert send(body % name).json == {"name": ["This field may not be blank."]}
    assert list(send(body % (name + b" "), status=413).json) == ["detail"]
