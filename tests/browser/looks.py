"""The looks that a page can have: it fits in each of them, and is accessible in each."""

from dataclasses import dataclass, field
from typing import Any

LARGE, SMALL = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
JAPANESE = {"locale": "ja-JP"}


@dataclass(frozen=True)
class Look:
    """A look.

    :param options: of `new_page`
    :param categories: of axe-core's rules, where the others are asked in another look, from which this one differs in
        nothing that they read; all by default
    """

    options: dict[str, Any]
    categories: tuple[str, ...] | None = field(default=None)


LOOKS = {
    "large": Look(LARGE),
    "small": Look(SMALL),
    "without scripts": Look({**SMALL, "javascript": False}),
    # The words are others, and the language that is said of them.
    "japanese": Look(
        {**LARGE, **JAPANESE},
        ("cat.forms", "cat.language", "cat.name-role-value", "cat.text-alternatives"),
    ),
    "japanese and small": Look({**SMALL, **JAPANESE}, ()),
    "dark": Look({**LARGE, "color_scheme": "dark"}, ("cat.color",)),
}
