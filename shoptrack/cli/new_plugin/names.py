"""The names of a new plugin, all made of the one that its author chose."""

import builtins
import keyword
import re
from dataclasses import dataclass

from shoptrack.errors import DomainError

PREFIX = "shoptrack_"
MAX_IDENTIFIER_LENGTH = 63  # characters of a name in PostgreSQL
# What the modules that are written import under these names.
RESERVED_NAMES = frozenset(
    {"Base", "ForeignKey", "Mapped", "MessageFactory", "Reference", "Resource", "String", "Text"}
)


class InvalidName(DomainError):
    """A plugin cannot have this name."""


@dataclass(frozen=True)
class PluginNames:
    """What the parts of a plugin are called.

    :param name: the plugin's short name and that of its migrations, as in ``wish_lists``
    :param model: the class of its rows, as in ``WishList``
    :param path: its resource's, as in ``wish-lists``
    """

    name: str
    model: str
    path: str

    @classmethod
    def from_input(
        cls, name: str, model: str | None = None, path: str | None = None
    ) -> "PluginNames":
        """Return the names for a plugin that is called so.

        :param name: in the singular or the plural, with or without ``shoptrack-`` before it
        :param model: by default made of the name's singular
        :param path: by default the plural of the model
        :raises InvalidName: with a sentence that says what would do
        """
        bare = name.replace("-", "_").removeprefix(PREFIX)
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", bare):
            raise InvalidName(
                f"{name!r} is no name for a plugin. Take small letters, digits and dashes, as in wish-lists."
            )
        model = model or "".join(word.capitalize() for word in singular(bare).split("_"))
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", model):
            raise InvalidName(
                f"{model!r} is no name for a class of rows. Name one as in --model WishList."
            )
        if keyword.iskeyword(model) or hasattr(builtins, model) or model in RESERVED_NAMES:
            raise InvalidName(
                f"A class of rows cannot be called {model!r}, which means something else already. Name "
                "another, as in --model WishList."
            )
        path = path or plural("-".join(split_words(model)))
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", path):
            raise InvalidName(
                f"{path!r} is no path of a resource. Name one as in --path wish-lists."
            )
        names = cls(bare, model, path)
        too_long = len(names.longest_identifier) - MAX_IDENTIFIER_LENGTH
        if too_long > 0:
            raise InvalidName(
                f"The names are too long: the index {names.longest_identifier!r} would have {len(names.longest_identifier)} "
                f"characters, and PostgreSQL takes {MAX_IDENTIFIER_LENGTH}. Choose shorter ones."
            )
        return names

    @property
    def package(self) -> str:
        """Return what is imported."""
        return PREFIX + self.name

    @property
    def distribution(self) -> str:
        """Return what is installed."""
        return self.package.replace("_", "-")

    @property
    def module(self) -> str:
        """Return the path as a part of a module's name."""
        return self.path.replace("-", "_")

    @property
    def table(self) -> str:
        """Return the table's name, which begins with the package's."""
        return f"{self.package}_{self.module}"

    @property
    def longest_identifier(self) -> str:
        """Return the longest name that the database has to take."""
        return f"ix_{self.table}_name_folded"

    @property
    def noun(self) -> str:
        """Return what one row is called."""
        return " ".join(split_words(self.model))

    @property
    def plural(self) -> str:
        """Return what several rows are called."""
        return self.path.replace("-", " ")


def split_words(model: str) -> list[str]:
    """Return the words of a class's name: ``wish`` and ``list`` of ``WishList``."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model).lower().split()


def singular(word: str) -> str:
    """Return the likely singular of an English word; a singular stays."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(ss|x|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^siu]s$", word) else word


def plural(word: str) -> str:
    """Return the likely plural of an English word."""
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"
