"""Finding rows that may be duplicates: their names are equal, look alike, or differ by a small typing error.

Only rows with the same half of a name are compared, so 100,000 rows take seconds. Numbers in names must be equal: a
bottle of 1 l is not one of 2 l.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, combinations, groupby, islice
from zlib import crc32

from shoptrack.db.folding import fold_lookalikes

# Characters of a name: shorter ones differ by one letter too often, unless the other texts are alike, too.
MIN_NAME_LENGTH = 5
MIN_NAME_LENGTH_OF_SEVERAL = 3
MAX_BLOCK = 20  # rows with the same half of a name, of which each is compared with each
MAX_COMPARISONS = 500_000
MAX_VARIANTS = 10  # rows with one name that differ otherwise

SEPARATOR = "\0"  # between the texts of a row
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DIGIT_IN_WORD = re.compile(r"(?<=[^\W\d_])[01](?=[^\W\d_])")
LATIN_DASH = re.compile("(?<=[a-z0-9 ])ー|ー(?=[a-z0-9 ])")  # no long vowel
LOOKALIKE_DIGITS = {"0": "o", "1": "l"}
# Folded katakana, and the kanji that look like them.
LOOKALIKE_KANJI = dict(zip("口力二八工夕卜一", "ろかにはえたとー", strict=True))


class Likeness(StrEnum):
    """How much two texts are alike, the most first."""

    SAME = "same"
    SIMILAR = "similar"
    MISSPELLED = "misspelled"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row.

    :param texts: its folded texts, of which the first is its name
    :param marks: values that tell rows of one name apart, as a product's manufacturer; ``None`` if unknown
    """

    id: int
    texts: tuple[str, ...]
    marks: tuple[int | None, ...] = ()

    def may_be(self, other: "Candidate") -> bool:
        """Return whether no mark tells two rows apart."""
        pairs = zip(self.marks, other.marks, strict=True)
        return all(one is None or two is None or one == two for one, two in pairs)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be duplicates.

    :param likeness: of each text
    """

    one: Candidate
    other: Candidate
    likeness: tuple[Likeness, ...]


def find_pairs(candidates: Iterable[Candidate]) -> Iterator[Pair]:
    """Yield pairs: first those with equal texts, then similar ones, then misspelled ones."""
    equal: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        equal[SEPARATOR.join(candidate.texts)].append(candidate)
    for group in equal.values():
        yield from _pair([one] for one in group)
    similar: dict[tuple[str, ...], list[list[Candidate]]] = defaultdict(list)
    for text, group in equal.items():
        key = make_key(text), *NUMBER.findall(_letter_digits(text))
        similar[key].append(_get_variants(group))
    for groups in similar.values():
        yield from _pair(groups)
    yield from _find_misspelled(
        [(key, _get_variants(chain(*groups))) for key, groups in similar.items()]
    )


def make_key(text: str) -> str:
    """Return a text without spaces, punctuation and accents, and with characters that look alike unified."""
    unified = LATIN_DASH.sub("", fold_lookalikes(text))
    return _letter_digits(unified).translate(_KEYS)


def _letter_digits(text: str) -> str:
    """Return a text with the digits in words as the letters that they look like."""
    return DIGIT_IN_WORD.sub(lambda match: LOOKALIKE_DIGITS[match[0]], text)


class _Keys(dict[int, str]):
    """What ``make_key`` writes for a character, by its code point."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[0]
        if character == SEPARATOR:
            key = character
        elif base.isascii() and base.isalpha():
            key = base
        elif unicodedata.category(character)[0] in "PSZ":
            key = ""
        else:
            key = LOOKALIKE_KANJI.get(character, character)
        self[code] = key
        return key


_KEYS = _Keys()


def _pair(groups: Iterable[Sequence[Candidate]]) -> Iterator[Pair]:
    """Yield each row with the first one of an earlier group that it may be."""
    earlier: list[Candidate] = []
    for group in groups:
        for candidate in group:
            first = next((one for one in earlier if one.may_be(candidate)), None)
            if first is not None:
                yield _make_pair(first, candidate)
        earlier = _get_variants([*earlier, *group])


def _get_variants(group: Iterable[Candidate]) -> list[Candidate]:
    """Return the first row with each combination of marks."""
    variants: dict[tuple[int | None, ...], Candidate] = {}
    for candidate in group:
        variants.setdefault(candidate.marks, candidate)
    return list(islice(variants.values(), MAX_VARIANTS))


def _find_misspelled(keyed: Sequence[tuple[tuple[str, ...], list[Candidate]]]) -> Iterator[Pair]:
    """Yield pairs whose texts differ by one letter, or by two that are swapped.

    Such texts have the same first half or the same second half, in halves of the shorter text.
    """
    signatures: list[int] = []
    for number, ((text, *numbers), _variants) in enumerate(keyed):
        name, separator, _others = text.partition(SEPARATOR)
        if len(name) < (MIN_NAME_LENGTH_OF_SEVERAL if separator else MIN_NAME_LENGTH):
            continue
        for length in (len(text), len(text) - 1):
            half = length // 2
            halves = (text[:half], text[len(text) - length + half :])
            for side, part in enumerate(halves):
                # Not hash(): each process salts it, and another order would be another response.
                text_of_block = SEPARATOR.join((*numbers, str(length), str(side), part))
                signatures.append(crc32(text_of_block.encode()) << 32 | number)
    signatures.sort()
    seen: set[tuple[int, int]] = set()
    comparisons = 0
    for _signature, block in groupby(signatures, lambda signature: signature >> 32):
        numbers_of_block = [signature & 0xFFFFFFFF for signature in block]
        if not 1 < len(numbers_of_block) <= MAX_BLOCK:
            continue
        for pair in combinations(numbers_of_block, 2):
            comparisons += 1
            if comparisons > MAX_COMPARISONS:
                return
            if pair in seen:
                continue
            (one_key, variants), (other_key, others) = keyed[pair[0]], keyed[pair[1]]
            if one_key[1:] == other_key[1:] and is_misspelled(one_key[0], other_key[0]):
                seen.add(pair)
                yield from _pair([variants, others])


def is_misspelled(one: str, other: str) -> bool:
    """Return whether two texts differ by one letter that is missing or another one, or by two swapped letters."""
    if abs(len(one) - len(other)) > 1:
        return False
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    middle, other_middle = one[start : len(one) - end], other[start : len(other) - end]
    if SEPARATOR in middle + other_middle:
        return False
    return max(len(middle), len(other_middle)) <= 1 or (
        len(middle) == 2 and middle == other_middle[::-1]
    )


def _make_pair(one: Candidate, other: Candidate) -> Pair:
    likeness = tuple(_compare(*texts) for texts in zip(one.texts, other.texts, strict=True))
    first, second = sorted((one, other), key=lambda candidate: candidate.id)
    return Pair(first, second, likeness)


def _compare(one: str, other: str) -> Likeness:
    if one == other:
        return Likeness.SAME
    return Likeness.SIMILAR if make_key(one) == make_key(other) else Likeness.MISSPELLED
