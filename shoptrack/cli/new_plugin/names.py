"""The names in a new plugin, derived from those that its author chose."""

import builtins
import keyword
import re
from dataclasses import dataclass

from shoptrack.errors import DomainError

PREFIX = "shoptrack_"
MAX_IDENTIFIER_LENGTH = 63  # PostgreSQL's limit, in characters
# The rendered modules import these names.
RESERVED_NAMES = frozenset(
    {"Base", "ForeignKey", "Mapped", "MessageFactory", "Reference", "Resource", "String", "Text"}
)


class InvalidName(DomainError):
    """The name cannot be used for a plugin."""


@dataclass(frozen=True)
class PluginNames:
    """The names of a plugin's parts.

    :param name: the short name of the plugin and of its lineage, as in ``wish_lists``
    :param model: the class of its rows, as in ``WishList``
    :param path: the path of its resource, as in ``wish-lists``
    """

    name: str
    model: str
    path: str

    @classmethod
    def from_input(cls, name: str, model: str, path: str | None = None) -> "PluginNames":
        """Return the names of a plugin.

        :param name: the plural of its rows, with or without the prefix ``shoptrack-``
        :param model: the class name of one row
        :param path: defaults to the name
        :raises InvalidName: a name cannot be used; the message gives an example
        """
        bare = name.replace("-", "_").removeprefix(PREFIX)
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", bare):
            raise InvalidName(
                f"Invalid plugin name {name!r}. Use lowercase letters, digits and dashes, as in wish-lists."
            )
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", model):
            raise InvalidName(f"Invalid class name {model!r}. Choose one as in --model WishList.")
        if keyword.iskeyword(model) or hasattr(builtins, model) or model in RESERVED_NAMES:
            raise InvalidName(
                f"The class name {model!r} is already in use. Choose another one, as in --model WishList."
            )
        path = path or bare.replace("_", "-")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", path):
            raise InvalidName(
                f"Invalid resource path {path!r}. Choose one as in --path wish-lists."
            )
        names = cls(bare, model, path)
        longest = names.longest_identifier
        if len(longest) > MAX_IDENTIFIER_LENGTH:
            raise InvalidName(
                f"The names are too long: the index {longest!r} would have {len(longest)} characters "
                f"(maximum: {MAX_IDENTIFIER_LENGTH}). Choose shorter ones."
            )
        return names

    @property
    def package(self) -> str:
        """Return the name of the Python package."""
        return PREFIX + self.name

    @property
    def distribution(self) -> str:
        """Return the name of the distribution, as pip knows it."""
        return self.package.replace("_", "-")

    @property
    def module(self) -> str:
        """Return the path as part of a module name."""
        return self.path.replace("-", "_")

    @property
    def table(self) -> str:
        """Return the table's name, which begins with the package name."""
        return f"{self.package}_{self.module}"

    @property
    def command(self) -> str:
        """Return the name of the subcommand of ``shoptrack``."""
        return self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Return the variable of the setting."""
        return f"SHOPTRACK_{self.name.upper()}_LIMIT"

    @property
    def longest_identifier(self) -> str:
        """Return the longest database identifier of the plugin."""
        return f"ix_{self.table}_name_folded"

    @property
    def noun(self) -> str:
        """Return the singular as text, as in "wish list"."""
        return " ".join(split_words(self.model))

    @property
    def plural(self) -> str:
        """Return the plural as text, as in "wish lists"."""
        return self.path.replace("-", " ")


def split_words(model: str) -> list[str]:
    """Split a class name: ``WishList`` gives ``wish`` and ``list``."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model).lower().split()
