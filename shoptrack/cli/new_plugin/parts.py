"""The parts that a new plugin may have besides its resource."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shoptrack.errors import DomainError

PART_TEMPLATES = Path(__file__).parent / "part_templates"


class InvalidParts(DomainError):
    """No plugin has such parts, or one is listed twice."""


@dataclass(frozen=True)
class Part:
    """A part. Its templates are in the folder of its name in ``part_templates/``.

    There, a ``.template`` is a file of the plugin, and an ``.addition`` is the part's text for a file that all plugins
    have.

    :param name: as in ``--with``
    :param summary: for the help of the command
    :param modules: what each of its modules holds, for the plugin's README
    :param includes: the module whose ``includeme`` calls the part's directives; ``None`` if it needs none
    """

    name: str
    summary: str
    modules: Mapping[str, str]
    includes: str | None

    @property
    def folder(self) -> Path:
        """Return the folder of its templates."""
        return PART_TEMPLATES / self.name


PARTS = {
    part.name: part
    for part in (
        Part(
            "settings",
            "a table of settings",
            {"settings.py": "its settings"},
            includes="settings",
        ),
        Part(
            "command",
            "a subcommand of shoptrack",
            {"commands.py": "the command"},
            includes=None,
        ),
        Part(
            "admin",
            "a panel of the administration",
            {"administration.py": "the panel on the overview", "templates/": "what it looks like"},
            includes="administration",
        ),
        Part(
            "service",
            "an endpoint that is not a resource",
            {"permissions.py": "the permission of the summary", "views.py": "the summary"},
            includes="views",
        ),
        Part(
            "extension",
            "a further field of products",
            {"extension.py": "what products get, and the table of it"},
            includes="extension",
        ),
        Part(
            "job",
            "something that the worker does regularly",
            {"jobs.py": "the job"},
            includes="jobs",
        ),
    )
}


def parse_parts(text: str) -> Sequence[Part]:
    """Return the parts that a comma-separated list names, in the order of `PARTS`.

    :raises InvalidParts: naming the parts that there are
    """
    names = [name.strip() for name in text.split(",")]
    available = f"Available parts: {', '.join(PARTS)}."
    for name in names:
        if name not in PARTS:
            raise InvalidParts(f"Unknown part {name!r}. {available}")
        if names.count(name) > 1:
            raise InvalidParts(f"The part {name!r} is listed twice. {available}")
    return [part for part in PARTS.values() if part.name in names]
