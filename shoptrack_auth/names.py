"""Names of users and groups: what they may be made of, and what they are compared by.

Two names that read the same are one. What is compared is a *key*, which has a unique constraint, so
that twins can't come to exist by two requests at once either.
"""

import re
import unicodedata

from shoptrack.errors import ValidationError
from shoptrack_auth.translation import _

MAX_NAME = 150  # characters
LONGEST_SPELLING = 4 * MAX_NAME  # Unicode spells no character with more than four
USERNAME_CHARACTERS = _(
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
)
MIXED_SCRIPTS = _(
    "Enter a valid username. Letters of the Latin, Greek and Cyrillic alphabets look alike, so "
    "that only one of these may be used."
)
GROUP_CHARACTERS = _("Enter a valid group name. This value may not contain invisible characters.")
ALIKE = {"LATIN", "GREEK", "CYRILLIC"}

# What Unicode calls default ignorable: such characters are not seen. Some count as letters.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)


def normalized(name: str) -> str:
    """Return a name in its compatible Unicode form, so that one name has one spelling.

    One that is too long to be a name comes back as it is: its form could be 18 times as long.
    """
    if len(name) > LONGEST_SPELLING:
        return name
    return unicodedata.normalize("NFKC", name).strip()


def key(username: str) -> str:
    """Return what usernames are compared by: those that differ only in case or width are one.

    Upper case comes first, since ``ı`` and ``i`` share theirs, and the dot that ``İ`` leaves behind goes.
    """
    folded = normalized(username).upper().casefold()
    return normalized(folded).replace("i\u0307", "i")


def group_key(name: str) -> str:
    """Return what groups' names are compared by: white space and what can't be seen count as little."""
    return " ".join(INVISIBLE.sub("", key(name)).split())


def checked_username(username: str) -> str:
    """Return a user's name as it is to be stored; whether somebody has it is another question.

    :raises ValidationError: it cannot be a name
    """
    username = normalized(username)
    if len(username) > MAX_NAME:
        raise ValidationError({"username": [too_long(username, MAX_NAME)]})
    if not re.fullmatch(r"[\w.@+-]+", username) or INVISIBLE.search(username):
        raise ValidationError({"username": [USERNAME_CHARACTERS]})
    if len(ALIKE & {_script(character) for character in username}) > 1:
        raise ValidationError({"username": [MIXED_SCRIPTS]})
    return username


def checked_group_name(name: str) -> str:
    """Return a group's name as it is to be stored; whether a group has it is another question.

    :raises ValidationError: it cannot be a name
    """
    name = " ".join(normalized(name).split()) if len(name) <= LONGEST_SPELLING else name
    if len(name) > MAX_NAME:
        raise ValidationError({"name": [too_long(name, MAX_NAME)]})
    if not name:
        raise ValidationError({"name": [_("This field may not be blank.")]})
    if not name.isprintable() or not group_key(name):
        raise ValidationError({"name": [GROUP_CHARACTERS]})
    return name


def too_long(value: str, limit: int) -> str:
    """Return the sentence about a text that has more characters than it may."""
    return _(
        "Ensure this value has at most ${limit} characters (it has ${length}).",
        limit=limit,
        length=len(value),
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
