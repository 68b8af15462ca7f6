"""Patterns of routes, compared part by part: which of two is more specific, and whether one path can match both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property

from pyramid.urldispatch import route_re

_OLD_PLACEHOLDER = re.compile(r":([_a-zA-Z]\w*)")  # Pyramid still reads it without braces
_REST = re.compile(r"\*\w*$")
_MARK = "\0"  # stands for a placeholder
_ANY = "[^/]+"

# Two placeholders with patterns of their own can match the same text if both match one of these.
_SAMPLES = ("1", "1234", "a", "A", "abc", "a1", "a-b", "a_b", "a.b", "2026", "2026-11-01")
_SAMPLES_WITH_SLASHES = ("/", "a/b", "1/2", "a/b/c")


class Rank(IntEnum):
    """The kinds of parts, the most specific first."""

    FIXED = 0
    MIXED = 1  # such as {name}.csv
    PATTERN = 2  # such as {id:\d+}
    PLACEHOLDER = 3
    SPANNING = 4  # such as {path:.*}, which matches slashes
    REST = 5  # such as *subpath


@dataclass(frozen=True)
class PatternPart:
    """A part between two slashes.

    :param text: with a mark for each placeholder
    :param regex: the regular expression that the part's text matches
    """

    rank: Rank
    text: str
    regex: str

    def overlaps(self, other: "PatternPart") -> bool:
        """Return whether one text can match both."""
        if self.rank is other.rank is Rank.FIXED:  # as most are
            return self.text == other.text
        first, second = sorted((self, other), key=lambda part: part.rank)
        if first.rank is Rank.FIXED and second.rank is not Rank.SPANNING:
            return re.fullmatch(second.regex, first.text) is not None
        if first.rank is second.rank is Rank.MIXED:
            starts, ends = zip(first._ends, second._ends, strict=True)
            return _is_one_prefix(*starts) and _is_one_prefix(*(end[::-1] for end in ends))
        if first.rank is second.rank is Rank.PATTERN and first.regex != second.regex:
            both = re.compile(first.regex), re.compile(second.regex)
            return any(all(regex.fullmatch(text) for regex in both) for text in _SAMPLES)
        return True

    @property
    def _ends(self) -> tuple[str, str]:
        """Return the fixed texts before the first placeholder and after the last one."""
        return self.text.partition(_MARK)[0], self.text.rpartition(_MARK)[2]


@dataclass(frozen=True)
class RoutePattern:
    """The pattern of a route."""

    parts: tuple[PatternPart, ...]

    @classmethod
    @cache
    def parse(cls, pattern: str) -> "RoutePattern":
        """Return the pattern that Pyramid reads in this text."""
        if not route_re.search(pattern):
            pattern = _OLD_PLACEHOLDER.sub(r"{\1}", pattern)
        fixed, *rest = _REST.split(pattern)
        placeholders = iter(route_re.findall(fixed))
        texts = route_re.sub(_MARK, fixed).removeprefix("/").split("/")
        parts = [_make_part(text, placeholders) for text in texts]
        if rest:
            parts[-1] = PatternPart(Rank.REST, parts[-1].text, f"{parts[-1].regex}.*")
        return cls(tuple(parts))

    @cached_property
    def extent(self) -> tuple[int, str] | None:
        """Return the number of parts and the first one, if all matching paths have these."""
        if self.parts[0].rank is not Rank.FIXED or self.parts[-1].rank is Rank.REST:
            return None
        is_spanning = any(part.rank is Rank.SPANNING for part in self.parts)
        return None if is_spanning else (len(self.parts), self.parts[0].text)

    def overlaps(self, other: "RoutePattern") -> bool:
        """Return whether one path can match both."""
        if self.extent and other.extent and self.extent != other.extent:  # as most are
            return False
        for one, another in zip(self.parts, other.parts, strict=False):
            if not one.overlaps(another):
                return False
            if _ends_comparison(one, another):
                return True
        return len(self.parts) == len(other.parts)

    def is_within(self, other: "RoutePattern") -> bool:
        """Return whether no part is less specific than the other's."""
        for one, another in zip(self.parts, other.parts, strict=False):
            if one.rank > another.rank or (one.rank is another.rank and one.regex != another.regex):
                return False
            if _ends_comparison(one, another):
                break
        return True

    def intersect(self, other: "RoutePattern") -> "RoutePattern":
        """Return the pattern of the paths that match both of two overlapping patterns."""
        pairs = zip(self.parts, other.parts, strict=False)
        return RoutePattern(tuple(min(pair, key=lambda part: part.rank) for pair in pairs))


def _make_part(text: str, placeholders: Iterator[str]) -> PatternPart:
    """Return the part of this text.

    :param placeholders: of the whole pattern; those of this part are next
    """
    own = [next(placeholders)[1:-1].partition(":")[2] or _ANY for _ in range(text.count(_MARK))]
    fixed = [re.escape(one) for one in text.split(_MARK)]
    regex = fixed[0] + "".join(f"({one}){after}" for one, after in zip(own, fixed[1:], strict=True))
    if not own:
        rank = Rank.FIXED
    elif any(re.fullmatch(one, sample) for one in own for sample in _SAMPLES_WITH_SLASHES):
        rank = Rank.SPANNING
    elif text != _MARK:
        rank = Rank.MIXED
    else:
        rank = Rank.PLACEHOLDER if own == [_ANY] else Rank.PATTERN
    return PatternPart(rank, text, regex)


def _ends_comparison(one: PatternPart, other: PatternPart) -> bool:
    """Return whether the parts after these cannot be compared, as one of them matches several."""
    return one.rank is not other.rank and max(one.rank, other.rank) >= Rank.SPANNING


def _is_one_prefix(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
