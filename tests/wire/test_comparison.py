"""What the transcripts would notice. No rule of the wire stands here."""

from pathlib import Path

import pytest

from .client import Response
from .comparison import Comparison
from .transcript import Step, Transcript

HEAD = "> Cookie: a\n< 200 ETag: {:etag}\n\n== Title\n\n"
STEP = '> GET /api/\n< 200\n< Allow: {tag:int}\n{"id": 1, "of": ["{tag}", "{:instant}"]}\n'
HEADERS = [("Allow", "12"), ("ETag", '"x"')]
BODY = b'{"id":1,"of":["12","2025-01-01T00:00:00Z"]}'


def read(tmp_path: Path, text: str) -> Transcript:
    path = tmp_path / "a.txt"
    path.write_text(text)
    return Transcript(path)


def describe(tmp_path: Path, *response) -> tuple[list[str], list[str]]:
    scenario = read(tmp_path, HEAD + STEP).scenarios[0]
    (step,) = (step for step in scenario.steps if isinstance(step, Step))
    return step.response, Comparison(scenario, {}, []).describe(step, Response(*response))


def test_the_same_response_is_described_by_the_same_lines(tmp_path):
    expected, lines = describe(tmp_path, 200, HEADERS, BODY)
    assert lines == expected


@pytest.mark.parametrize(
    ("response", "line"),
    [
        ((201, HEADERS, BODY), "< 201"),
        ((200, HEADERS[:1], BODY), "< ETag: -"),
        ((200, HEADERS[1:], BODY), None),
        ((200, [*HEADERS, ("Vary", "Origin")], BODY), "< Vary: Origin"),
        ((200, [*HEADERS, HEADERS[0]], BODY), "< Allow: {tag:int}"),
        ((200, [*HEADERS, HEADERS[1]], BODY), "< ETag: {:etag}"),
        ((200, [HEADERS[0], ("ETag", "x")], BODY), "< ETag: x"),
        ((200, HEADERS, BODY.replace(b'"12"', b'"13"')), '{"id": 1, "of": ["13", "{:instant}"]}'),
        ((200, HEADERS, b'{"of":["12","2025-01-01T00:00:00Z"],"id":1}'), None),
        ((200, HEADERS, BODY.replace(b",", b", ")), None),
        ((200, HEADERS, BODY.replace(b"1,", b"1.0,")), None),
        ((200, HEADERS, BODY + b"\n"), None),
        ((200, HEADERS, b""), None),
    ],
)
def test_another_response_is_described_by_other_lines(tmp_path, response, line):
    expected, lines = describe(tmp_path, *response)
    assert lines != expected
    assert line is None or line in lines


def test_a_file_is_written_as_it_was_read():
    for path in Path(__file__).parent.glob("*.txt"):
        if path.name != "defaults.txt":
            text = path.read_text()
            transcript = Transcript(path)
            assert transcript.render() == text


@pytest.mark.parametrize("text", ["nonsense\n", "== a\n\n== a\n", "== a\n\n> GET /\n> GET /\n"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"a\.txt"):
        read(tmp_path, text)
