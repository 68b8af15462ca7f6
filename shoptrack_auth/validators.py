"""What a new password must be like. All that is wrong with one is told at once.

The four rules and their sentences are Django's. Instead of looking a password up in a list only, the
third asks zxcvbn_, which knows 30,000 common passwords, words, names, and how people disguise them.

.. _zxcvbn: https://github.com/dwolfhub/zxcvbn-python
"""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from shoptrack_auth.translation import _

MIN_LENGTH = 8  # characters
TOO_SIMILAR = 0.7  # of 1
GUESSES = 100_000  # a password that is found by fewer is common
LONGEST_GUESSED = 24  # characters; guessing takes seconds for some that are longer


class Profile(NamedTuple):
    """What is known of the user whose password it is, and should not be in it."""

    username: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""


LABELS = Profile(_("username"), _("first name"), _("last name"), _("email address"))


def faults(password: str, profile: Profile) -> list[str]:
    """Return a sentence for each rule that a new password breaks."""
    answers = (
        _length(password),
        _similarity(password, profile),
        _commonness(password),
        _digits(password),
    )
    return [sentence for sentence in answers if sentence]


def _length(password: str) -> str | None:
    if len(password) >= MIN_LENGTH:
        return None
    return _(
        "This password is too short. It must contain at least ${limit} characters.",
        limit=MIN_LENGTH,
    )


def _similarity(password: str, profile: Profile) -> str | None:
    password = password.lower()
    for label, value in zip(LABELS, profile, strict=True):
        value = value.lower()
        for part in (*re.split(r"\W+", value), value):
            if part and _is_similar(password, part):
                return _("The password is too similar to the ${field}.", field=label)
    return None


def _is_similar(password: str, part: str) -> bool:
    # In a much longer password, so short a part is lost.
    if len(password) >= 10 * len(part) and len(part) < TOO_SIMILAR / 2 * len(password):
        return False
    return SequenceMatcher(a=password, b=part).quick_ratio() >= TOO_SIMILAR


def _commonness(password: str) -> str | None:
    password = password.lower().strip()
    if not 0 < len(password) <= LONGEST_GUESSED:
        return None
    # Its lists take 13 MB, which a server that sets no passwords need not hold.
    from zxcvbn import zxcvbn

    if zxcvbn(password)["guesses"] >= GUESSES:
        return None
    return _("This password is too common.")


def _digits(password: str) -> str | None:
    return _("This password is entirely numeric.") if password.isdigit() else None
