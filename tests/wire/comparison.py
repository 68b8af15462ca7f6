"""A response against its lines in the transcript, and new lines for one that is different."""

import re

from .client import Response
from .layout import compact, pretty, shown
from .transcript import Header, Scenario, Step, parse_header

SHAPES = {
    "csrf": r"[\w=-]{20,}",
    "cursor": r"[\w-]{8,}",
    "etag": r'"[\w.+/=-]+"',
    "id": r"[0-9a-f]{32}",  # of a request
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    "int": r"\d+",
    "jwt": r"[\w-]+\.[\w-]+\.[\w-]+",
    "key": r"[\w-]{43}",
    "token": r"shoptrack_[0-9A-Za-z]{36}",
    "weak": r'W/"[\w.+/=-]+"',  # an ETag
}
PLACEHOLDER = re.compile(r"\{([a-z]\w*)\}|\{([a-z]\w*)?:([a-z]+)\}|…")
# What recording writes for values that have no name.
UNNAMED = (
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "{:jwt}"),
    (re.compile(SHAPES["token"]), "{:token}"),
    (re.compile(r"(?<=cursor=)[\w-]{8,}"), "{:cursor}"),
    (re.compile(r'(?<="request_id":")[0-9a-f]{32}'), "{:id}"),
    (re.compile(SHAPES["instant"]), "{:instant}"),
    (re.compile(rf"^{SHAPES['weak']}$"), "{:weak}"),
    (re.compile(rf"^{SHAPES['etag']}$"), "{:etag}"),
    (re.compile(r"(?<=shoptrack-admin=)[\w-]{43}"), "{:key}"),
)
MIN_NAMED_LENGTH = 9  # shorter values are no tokens, and would be found everywhere


class Comparison:
    """The responses of one scenario, with the values that the transcript gives names to.

    :param defaults: headers that need no line: the beginning of a path, a status or ``*``, name and value
    """

    def __init__(
        self,
        scenario: Scenario,
        values: dict[str, str],
        defaults: list[tuple[str, str, Header]],
    ):
        own = [("/", status, header) for status, header in scenario.transcript.defaults]
        self._defaults = [*defaults, *own]
        self.values = values

    def fill_in(self, text: str) -> str:
        """Replace names by their values.

        :raises ValueError: nothing has this name yet
        """

        def get(match: re.Match[str]) -> str:
            if match[1] and match[1] not in self.values:
                raise ValueError(
                    f"Nothing is called {match[0]} yet. There are: {', '.join(self.values)}."
                )
            return self.values[match[1]] if match[1] else match[0]

        return PLACEHOLDER.sub(get, text)

    def describe(self, step: Step, response: Response) -> list[str]:
        """Return the step's own lines for its response wherever they match, and new ones elsewhere."""
        rest = step.response[1:]
        headers = [parse_header(line[2:]) for line in rest if line.startswith("< ")]
        body = [line for line in rest if not line.startswith("< ")]
        return [
            f"< {response.status}",
            *self._describe_headers(step, response, headers),
            *self._describe_body(response.body, body),
        ]

    def _describe_headers(
        self, step: Step, response: Response, expected: list[Header]
    ) -> list[str]:
        left = list(response.headers)
        lines, named = [], set()
        for name, value in expected:
            found = [header for header in left if header[0] == name]
            match = next((header for header in found if self._matches(value, header[1])), None)
            if match:
                left.remove(match)
            if match or (value == "-" and not found):
                lines.append(f"< {name}: {value}")
                named.add(name)
        for name, value in self._find_defaults(step, response.status).items():
            found = [header for header in left if header[0] == name]
            if name in named or value == "-":
                continue
            if not found:
                lines.append(f"< {name}: -")
            elif self._matches(value, found[0][1]):
                left.remove(found[0])
        lines += [f"< {name}: {self._replace(value)}" for name, value in left]
        return lines

    def _describe_body(self, body: bytes, expected: list[str]) -> list[str]:
        text = shown(body)
        pattern = "\n".join(expected)
        if self._matches(pattern, text) or self._matches(compact(pattern), text):
            return expected
        return pretty(self._replace(text))

    def _find_defaults(self, step: Step, status: int) -> dict[str, str]:
        """Return the headers that need no line; of several rules for a name the last one counts."""
        return {
            name: value
            for prefix, code, (name, value) in self._defaults
            if step.target.startswith(prefix) and code in ("*", str(status))
        }

    def _matches(self, expected: str, text: str) -> bool:
        """Tell whether a text is as expected, and keep the values that get a name by that."""
        pattern, end, new = "", 0, set()
        for match in PLACEHOLDER.finditer(expected):
            pattern += re.escape(expected[end : match.start()])
            end = match.end()
            name, shape = match[1] or match[2], match[3]
            if name in self.values:
                pattern += re.escape(self.values[name])
            elif name in new:
                pattern += f"(?P={name})"
            elif name and shape:
                new.add(name)
                pattern += f"(?P<{name}>{SHAPES[shape]})"
            elif name:
                return False  # nothing has this name
            else:
                pattern += SHAPES[shape] if shape else ".*?"
        found = re.fullmatch(pattern + re.escape(expected[end:]), text, re.DOTALL)
        if found:
            self.values |= found.groupdict()
        return found is not None

    def _replace(self, text: str) -> str:
        """Put names and shapes in the place of values that differ from run to run."""
        for name, value in sorted(self.values.items(), key=lambda item: -len(item[1])):
            if len(value) >= MIN_NAMED_LENGTH:
                text = text.replace(value, f"{{{name}}}")
        for pattern, placeholder in UNNAMED:
            text = pattern.sub(placeholder, text)
        return text
