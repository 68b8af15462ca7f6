"""Normalize, validate and compare the names of users and groups.

Names that look the same are the same name. They are compared by a *key*, whose column has a unique constraint. So two
requests at the same time cannot create them either.
"""

import re
import string
import unicodedata

from shoptrack.errors import ValidationError
from shoptrack_auth.translation import _

MAX_NAME_LENGTH = 150  # characters
MAX_SPELLING_LENGTH = 4 * MAX_NAME_LENGTH  # in Unicode, a character has at most four code points
USERNAME_CHARACTERS = _(
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
)
MIXED_SCRIPTS = _(
    "Enter a valid username. Use only one of the Latin, Greek and Cyrillic alphabets, because "
    "their letters look alike."
)
GROUP_CHARACTERS = _("Enter a valid group name. This value may not contain invisible characters.")
LOWER_CASE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
LOOKALIKE_SCRIPTS = {"LATIN", "GREEK", "CYRILLIC"}

# Unicode's default ignorable characters are invisible. Some of them count as letters.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)


def normalize_name(name: str) -> str:
    """Return a name in the Unicode form NFKC, without white space around it.

    A name that is too long is returned unchanged: its NFKC could be 18 times as long.
    """
    if len(name) > MAX_SPELLING_LENGTH:
        return name
    return unicodedata.normalize("NFKC", name).strip()


def make_username_key(username: str) -> str:
    """Return the key by which usernames are compared, whatever their case and width.

    Upper case comes first, because ``ı`` and ``i`` have the same. The dot that remains of ``İ`` is removed.
    """
    folded = normalize_name(username).upper().casefold()
    return normalize_name(folded).replace("i\u0307", "i")


def make_group_key(name: str) -> str:
    """Return the key by which names of groups are compared, whatever their white space and invisible characters."""
    return " ".join(INVISIBLE.sub("", make_username_key(name)).split())


def make_email_key(email: str) -> str:
    """Return the key by which email addresses are compared, whatever the case of their Latin letters."""
    return email.translate(LOWER_CASE)


def clean_username(username: str) -> str:
    """Return the normalized username. Whether another user has the name is not checked.

    :raises ValidationError: the username is invalid
    """
    username = normalize_name(username)
    if len(username) > MAX_NAME_LENGTH:
        raise ValidationError({"username": [make_max_length_message(username, MAX_NAME_LENGTH)]})
    if not re.fullmatch(r"[\w.@+-]+", username) or INVISIBLE.search(username):
        raise ValidationError({"username": [USERNAME_CHARACTERS]})
    if len(LOOKALIKE_SCRIPTS & {_get_script(character) for character in username}) > 1:
        raise ValidationError({"username": [MIXED_SCRIPTS]})
    return username


def clean_group_name(name: str) -> str:
    """Return the normalized name of a group. Whether another group has the name is not checked.

    :raises ValidationError: the name is invalid
    """
    name = " ".join(normalize_name(name).split()) if len(name) <= MAX_SPELLING_LENGTH else name
    if len(name) > MAX_NAME_LENGTH:
        raise ValidationError({"name": [make_max_length_message(name, MAX_NAME_LENGTH)]})
    if not name:
        raise ValidationError({"name": [_("This field may not be blank.")]})
    if not name.isprintable() or not make_group_key(name):
        raise ValidationError({"name": [GROUP_CHARACTERS]})
    return name


def make_max_length_message(value: str, limit: int) -> str:
    """Return the message for a text with too many characters."""
    return _(
        "Ensure this value has at most ${limit} characters (it has ${length}).",
        limit=limit,
        length=len(value),
    )


def _get_script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
