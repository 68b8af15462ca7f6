"""Transcripts as files: reading them, and writing recorded answers into them.

A file has paragraphs, with an empty line between them. Those before the first title hold for all of it::

    # a comment
    app: model                      the application that is asked, by a name of applications.py
    > Authorization: Bearer {ken}   a header of every request
    < 200 ETag: {:etag}             a header of every response with this status; * for all

Then come scenarios, some with an ``app:`` of their own. The steps run in order, on a freshly filled database::

    == The scenario's title

    * deactivate ken                something that happens beside the wire, by a name of actions.py
    > POST /api/stores/             one request a paragraph
    > Accept: text/html             a header; "-" takes back one that every request has
    {"name": "Life"}                the body; b"…" * 3 is Python, for bytes that are no text
    < 400                           the response's status
    < ETag: {tag:etag}              a header, where it differs from the defaults; "-" says that there is none
    {"location": ["This …"]}        the body, to the end of the paragraph

``{tag:etag}`` takes what looks like an ETag and calls it ``tag``; ``{tag}`` is the same value again, in requests too.
``{:etag}`` only checks what it looks like (comparison.py has the shapes). ``…`` is any text in a body.

A comment that begins with "Not as promised" marks a response that is to change.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

REQUEST = re.compile(r"> ([A-Z]+) (\S+)")
STATUS = re.compile(r"< (\d{3})")
DEFAULT = re.compile(r"< (\d{3}|\*) (\S+: .+)")

Header = tuple[str, str]


@dataclass
class Action:
    """Something that happens beside the wire."""

    text: str
    place: str


@dataclass
class Step:
    """A request, and its response as the file has it."""

    method: str
    target: str
    place: str
    headers: list[Header] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    response: list[str] = field(default_factory=list)  # lines of the file


@dataclass
class Scenario:
    """Steps that belong together."""

    title: str
    transcript: "Transcript"
    steps: list[Action | Step] = field(default_factory=list)
    app: str = "default"
    recorded_on: str | None = None  # the kind of database; the other kind must answer alike

    def __str__(self) -> str:
        return f"{self.transcript.path.stem}: {self.title}"

    def texts(self) -> Iterator[str]:
        """Yield all that is sent."""
        yield from (value for _, value in self.transcript.headers)
        for step in self.steps:
            if isinstance(step, Action):
                yield step.text
            else:
                yield from (step.target, *(value for _, value in step.headers), *step.body)


class Transcript:
    """A file of scenarios.

    :raises ValueError: a line is none of those above
    """

    def __init__(self, path: Path):
        self.path = path
        self.app = "default"
        self.headers: list[Header] = []
        self.defaults: list[tuple[str, Header]] = []  # by status
        self.scenarios: list[Scenario] = []
        self._paragraphs: list[tuple[list[str], Step | None]] = []
        number = 1
        for paragraph in path.read_text().rstrip().split("\n\n"):
            lines = paragraph.split("\n")
            self._read_paragraph(lines, number)
            number += len(lines) + 1
        titles = [scenario.title for scenario in self.scenarios]
        if repeated := {title for title in titles if titles.count(title) > 1}:
            raise ValueError(f"{path} has two scenarios {repeated.pop()!r}.")

    def write(self) -> None:
        """Write the file again, with the responses that were recorded."""
        self.path.write_text(self.render())

    def render(self) -> str:
        """Return the text of the file."""
        paragraphs = (
            "\n".join([*lines, *(step.response if step else ())])
            for lines, step in self._paragraphs
        )
        return "\n\n".join(paragraphs) + "\n"

    def _read_paragraph(self, lines: list[str], number: int) -> None:
        step: Step | None = None
        kept: list[str] = []
        for line in lines:
            place = f"{self.path.name}:{number}"
            number += 1
            if step and (step.response or STATUS.fullmatch(line)):
                step.response.append(line)
                continue
            kept.append(line)
            if match := REQUEST.fullmatch(line):
                if step or not self.scenarios:
                    raise ValueError(f"{place}: Write an empty line or a title before {line!r}.")
                step = Step(match[1], match[2], place)
                self.scenarios[-1].steps.append(step)
            elif step:
                _read_request(step, line)
            else:
                self._read_line(line, place)
        self._paragraphs.append((kept, step))

    def _read_line(self, line: str, place: str) -> None:
        if line.startswith("#"):
            return
        if line.startswith("== "):
            self.scenarios.append(Scenario(line.removeprefix("== "), self, app=self.app))
        elif line.startswith("* ") and self.scenarios:
            self.scenarios[-1].steps.append(Action(line.removeprefix("* "), place))
        elif line.startswith("app: "):
            (self.scenarios[-1] if self.scenarios else self).app = line.removeprefix("app: ")
        elif line.startswith("> ") and not self.scenarios:
            self.headers.append(parse_header(line.removeprefix("> ")))
        elif (match := DEFAULT.fullmatch(line)) and not self.scenarios:
            self.defaults.append((match[1], parse_header(match[2])))
        else:
            raise ValueError(f"{place}: {line!r} is unknown here. transcript.py lists what is.")


def _read_request(step: Step, line: str) -> None:
    if line.startswith("> "):
        step.headers.append(parse_header(line.removeprefix("> ")))
    elif not line.startswith("# "):
        step.body.append(line)


def parse_header(text: str) -> Header:
    """Return the name and the value of ``Name: value``.

    :raises ValueError: there is no colon
    """
    name, colon, value = text.partition(":")
    if not colon:
        raise ValueError(f"{text!r} is no header.")
    return name, value.strip()
