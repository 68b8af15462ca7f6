"""The wire: what clients send and what they get, in the text files beside this one.

The inside of ShopTrack may be rewritten as long as these transcripts hold. transcript.py says how a file reads,
household.py what the database has at first, defaults.txt which headers almost every response has.

    pytest tests/wire                   compare, on both databases, and on PostgreSQL as its role may be set
    pytest tests/wire -k "lists"        one file, or the scenarios with this word in their title
    pytest tests/wire --record          write today's responses into the files, and review the diff

A failure shows the lines of the file (-) and those that recording would write (+).

All requests go over sockets to the real server, as production.ini sets it up, and not into the WSGI application. The
server has a say in what is on the wire: in bodies that are too long, in broken requests, in proxies' headers. A request
costs one millisecond more that way.
"""

from difflib import unified_diff
from pathlib import Path

import pytest

from shoptrack.testing.databases import KINDS

from .actions import act
from .client import Response, send
from .comparison import Comparison
from .transcript import Action, Header, Scenario, Step, Transcript, parse_header

FOLDER = Path(__file__).parent
DEFAULTS = FOLDER / "defaults.txt"
SCENARIOS = [
    scenario
    for path in sorted(FOLDER.glob("*.txt"))
    if path != DEFAULTS
    for scenario in Transcript(path).scenarios
]


@pytest.fixture(scope="session")
def defaults() -> list[tuple[str, str, Header]]:
    """Read which headers need no line."""
    lines = DEFAULTS.read_text().splitlines()
    rules = (line.split(maxsplit=2) for line in lines if line and not line.startswith("#"))
    return [(path, status, parse_header(header)) for path, status, header in rules]


@pytest.mark.database(*KINDS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_responses_are_those_of_the_transcript(
    scenario: Scenario, household_database, hasher, people, applications, defaults, is_recording
):
    url = household_database.url
    kind = url.get_backend_name()
    port = applications.get_port(scenario.app, url, hasher)
    comparison = Comparison(scenario, people(scenario), defaults)
    if is_recording:
        scenario.recorded_on = scenario.recorded_on or kind
    differences = []
    for step in scenario.steps:
        try:
            if isinstance(step, Action):
                with household_database.engine.begin() as connection:
                    act(connection, comparison.values, comparison.fill_in(step.text))
                continue
            lines = comparison.describe(step, _send(port, step, scenario, comparison))
        except ValueError as error:  # often the consequence of a difference before
            differences.append(f"{step.place}: {error}")
            break
        if lines == step.response:
            continue
        if scenario.recorded_on == kind:
            step.response = lines
        else:
            differences.append(_format_difference(step, lines))
    if scenario.recorded_on == kind:
        scenario.transcript.write()
    if differences:
        pytest.fail("\n\n".join(differences), pytrace=False)


def _send(port: int, step: Step, scenario: Scenario, comparison: Comparison) -> Response:
    own = {name for name, _ in step.headers}
    headers = [header for header in scenario.transcript.headers if header[0] not in own]
    headers += [(name, value) for name, value in step.headers if value != "-"]
    return send(
        port,
        step.method,
        comparison.fill_in(step.target),
        [(name, comparison.fill_in(value)) for name, value in headers],
        _make_body(step.body, comparison),
    )


def _make_body(lines: list[str], comparison: Comparison) -> bytes:
    if lines and lines[0].startswith(("b'", 'b"')):
        body: bytes = eval("".join(lines), {"__builtins__": {}})
        return body
    return comparison.fill_in("\n".join(lines)).encode()


def _format_difference(step: Step, lines: list[str]) -> str:
    diff = list(unified_diff(step.response, lines, n=1, lineterm=""))
    body = diff[3:]  # after the names of the files and the place, which is the file's own
    return "\n".join([f"{step.place}: {step.method} {step.target}", *body])
