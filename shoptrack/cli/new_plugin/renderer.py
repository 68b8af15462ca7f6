"""Renders the files of a plugin. Paths and texts are `string.Template` strings: ``${name}``."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path, PurePath
from string import Template

from shoptrack.cli.new_plugin.names import PluginNames
from shoptrack.cli.new_plugin.parts import Part

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".template"  # so that tools do not parse templates as code
ADDITION = ".addition"  # of a part, for the template of the same path


def render_plugin(
    names: PluginNames, folder: Path, japanese: str = "", parts: Sequence[Part] = ()
) -> None:
    """Write a plugin into a folder, and compile its catalogues.

    :param japanese: the Japanese name of the rows
    :param parts: what it has besides its resource
    :raises OSError: a file cannot be written
    """
    for path, text in _render_templates(names, japanese, parts):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if file.suffix == ".po":
            _compile_catalogue(file)


def _compile_catalogue(catalogue: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as written, catalogue.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(written))


def _render_templates(
    names: PluginNames, japanese: str, parts: Sequence[Part]
) -> Iterator[tuple[str, str]]:
    templates: dict[str, str] = {}
    additions: defaultdict[str, str] = defaultdict(str)
    for folder in (TEMPLATES, *(part.folder for part in parts)):
        # A part's template replaces one of the same path.
        templates |= _read_files(folder, SUFFIX)
        for path, text in _read_files(folder, ADDITION).items():
            additions[path] += text
    revisions = sum(PurePath(path).parent.name == "revisions" for path in templates)
    values = {
        "name": names.name,
        "package": names.package,
        "distribution": names.distribution,
        "model": names.model,
        "path": names.path,
        "module": names.module,
        "table": names.table,
        "command": names.command,
        "variable": names.variable,
        "noun": names.noun,
        "plural": names.plural,
        "japanese": japanese.replace("\\", "\\\\").replace('"', '\\"'),
        "version": version("shoptrack"),
        "last_revision": f"{revisions:04}",
        "next_revision": f"{revisions + 1:04}",
        "includes": "".join(
            f'    config.include(".{part.includes}")\n' for part in parts if part.includes
        ),
        "rows": "".join(
            f"| `{names.package}/{module}` | {holds} |\n"
            for part in parts
            for module, holds in part.modules.items()
        ),
    }
    for path, text in templates.items():
        addition = Template(additions[path]).substitute(values)
        rendered = Template(text).substitute(values, additions=addition)
        yield Template(path).substitute(values), rendered


def _read_files(folder: Path, suffix: str) -> dict[str, str]:
    """Return the texts of a folder's files with a suffix, by their paths without it."""
    return {
        str(file.relative_to(folder)).removesuffix(suffix): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob(f"*{suffix}"))
    }
