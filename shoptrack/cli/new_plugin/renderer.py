"""Renders the files of a plugin. Paths and texts are `string.Template` strings: ``${name}``."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from string import Template

from shoptrack.cli.new_plugin.names import PluginNames

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".template"  # so that tools do not parse templates as code


def render_plugin(names: PluginNames, folder: Path, japanese: str = "") -> None:
    """Write a plugin into a folder, and compile its catalogues.

    :param japanese: the Japanese name of the rows
    :raises OSError: a file cannot be written
    """
    for path, text in _render_templates(names, japanese):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if file.suffix == ".po":
            _compile_catalogue(file)


def _compile_catalogue(catalogue: Path) -> None:
    from babel.messages.mofile import write_mo  # from shoptrack[testing]; servers lack it
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as written, catalogue.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(written))


def _render_templates(names: PluginNames, japanese: str) -> Iterator[tuple[str, str]]:
    values = {
        "name": names.name,
        "package": names.package,
        "distribution": names.distribution,
        "model": names.model,
        "path": names.path,
        "module": names.module,
        "table": names.table,
        "noun": names.noun,
        "plural": names.plural,
        "japanese": japanese.replace("\\", "\\\\").replace('"', '\\"'),
        "version": version("shoptrack"),
    }
    for template in sorted(TEMPLATES.rglob(f"*{SUFFIX}")):
        path = str(template.relative_to(TEMPLATES)).removesuffix(SUFFIX)
        text = template.read_text(encoding="utf-8")
        yield Template(path).substitute(values), Template(text).substitute(values)
