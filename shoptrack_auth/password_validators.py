"""Validate new passwords, and report all errors at once.

The four validators and their messages are Django's. For common passwords, zxcvbn_ replaces Django's list: it knows
30,000 common passwords, words and names, and how people disguise them.

.. _zxcvbn: https://github.com/dwolfhub/zxcvbn-python
"""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from shoptrack_auth.translation import _

MIN_LENGTH = 8  # characters
MAX_SIMILARITY = 0.7  # 1 is identical
MIN_GUESSES = 100_000  # below, a password is common
MAX_GUESSED_LENGTH = 24  # characters; for longer ones, zxcvbn may take seconds


class Profile(NamedTuple):
    """The user's names and email address, which the password must not resemble."""

    username: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""


LABELS = Profile(_("username"), _("first name"), _("last name"), _("email address"))


def run_password_validators(password: str, profile: Profile) -> list[str]:
    """Return the messages of all validators that a new password fails."""
    messages = (
        _validate_length(password),
        _validate_similarity(password, profile),
        _validate_not_common(password),
        _validate_not_numeric(password),
    )
    return [message for message in messages if message]


def _validate_length(password: str) -> str | None:
    if len(password) >= MIN_LENGTH:
        return None
    return _(
        "This password is too short. It must contain at least ${limit} characters.",
        limit=MIN_LENGTH,
    )


def _validate_similarity(password: str, profile: Profile) -> str | None:
    password = password.lower()
    for label, value in zip(LABELS, profile, strict=True):
        value = value.lower()
        for part in (*re.split(r"\W+", value), value):
            if part and _is_similar(password, part):
                return _("The password is too similar to the ${field}.", field=label)
    return None


def _is_similar(password: str, part: str) -> bool:
    # In a much longer password, a short part does not count.
    if len(password) >= 10 * len(part) and len(part) < MAX_SIMILARITY / 2 * len(password):
        return False
    return SequenceMatcher(a=password, b=part).quick_ratio() >= MAX_SIMILARITY


def _validate_not_common(password: str) -> str | None:
    password = password.lower().strip()
    if not 0 < len(password) <= MAX_GUESSED_LENGTH:
        return None
    # Imported late: its lists take 13 MB, which few processes need.
    from zxcvbn import zxcvbn

    if zxcvbn(password)["guesses"] >= MIN_GUESSES:
        return None
    return _("This password is too common.")


def _validate_not_numeric(password: str) -> str | None:
    return _("This password is entirely numeric.") if password.isdigit() else None
