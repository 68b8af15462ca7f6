"""``--with``: the parts of a new plugin besides its resource."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from shoptrack.cli.new_plugin.existing_names import ExistingNames, check_names_are_free
from shoptrack.cli.new_plugin.names import InvalidName, PluginNames
from shoptrack.cli.new_plugin.parts import PART_TEMPLATES, PARTS
from shoptrack.cli.new_plugin.renderer import ADDITION, SUFFIX, TEMPLATES

OWN = {
    "__init__.py",
    "locale",
    "models.py",
    "resources.py",
    "revisions",
    "translation.py",
}


@pytest.fixture
def written(run, tmp_path):
    """Return a function that writes a plugin with these parts, and returns its folder."""

    def written(*arguments: str) -> Path:
        result = run("wishes", "--model", "Wish", "--japanese", "ほしい物", *arguments)
        assert result.exit_code == 0, result.output
        return tmp_path / "shoptrack-wishes"

    return written


def names_in(folder: Path) -> set[str]:
    return {path.name for path in (folder / "shoptrack_wishes").iterdir()}


def test_without_parts_there_is_the_resource_alone(written):
    assert names_in(written()) == OWN


@pytest.mark.parametrize("name", PARTS)
def test_a_part_brings_its_modules(written, name):
    folder, part = written("--with", name), PARTS[name]
    assert names_in(folder) == OWN | {module.rstrip("/") for module in part.modules}
    readme = (folder / "README.md").read_text()
    assert all(f"| `shoptrack_wishes/{module}` | " in readme for module in part.modules)
    includeme = (folder / "shoptrack_wishes" / "__init__.py").read_text()
    assert re.findall(r"config\.include\(\"\.(.*)\"\)", includeme) == list(
        filter(None, [part.includes])
    )


def test_several_come_in_one_order(written):
    folder = written("--with", "service, settings")
    includeme = (folder / "shoptrack_wishes" / "__init__.py").read_text()
    assert includeme.index(".settings") < includeme.index(".views") < includeme.index("add_res")


def test_the_next_revision_follows_the_last(written):
    readme = (written("--with", "extension") / "README.md").read_text()
    assert "add another, `wishes_0003_….py`" in readme
    assert '`down_revision` is `"wishes_0002"`' in readme


def test_every_text_of_theirs_is_japanese_too(written):
    package = written("--with", ",".join(PARTS)) / "shoptrack_wishes"
    methods = [("**.py", "python"), ("**.jinja2", "jinja2")]
    texts = {message for _, _, message, *_ in extract_from_dir(package, methods)}
    assert {"priority", "Added last:", "wishes"} < texts
    catalogue = gettext.translation("shoptrack_wishes", package / "locale", ["ja"])
    assert [text for text in texts if catalogue.gettext(text) == text] == []


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        ("settings,job_queue", "Unknown part 'job_queue'."),
        ("settings,", "Unknown part ''."),
        ("", "Unknown part ''."),
        ("admin,settings, admin", "The part 'admin' is listed twice."),
    ],
)
def test_an_unknown_or_repeated_part_is_refused(run, tmp_path, listed, sentence):
    result = run("wishes", "--model", "Wish", "--with", listed)
    assert result.exit_code == 1
    assert result.output == f"Error: {sentence} Available parts: {', '.join(PARTS)}.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "part", "sentence"),
    [
        ("migrate", "command", "The command shoptrack migrate already exists."),
        ("list", "settings", "The setting SHOPTRACK_LIST_LIMIT already exists."),
    ],
)
def test_a_name_that_only_a_part_uses_is_checked_with_it(name, part, sentence):
    names = PluginNames.from_input(name, "Row")
    existing = ExistingNames({}, {}, {}, {"migrate"}, {"SHOPTRACK_LIST_LIMIT"})
    check_names_are_free(names, existing)
    with pytest.raises(InvalidName, match=f"^{sentence} Choose another name"):
        check_names_are_free(names, existing, [PARTS[part]])


def test_the_commands_and_settings_that_there_are_are_known():
    existing = ExistingNames.from_environment()
    assert "migrate" in existing.commands
    assert "SHOPTRACK_DEBUG" in existing.variables


def test_every_folder_is_a_part():
    assert {folder.name for folder in PART_TEMPLATES.iterdir()} == set(PARTS)


def test_every_addition_has_a_place():
    additions = list(PART_TEMPLATES.rglob(f"*{ADDITION}"))
    assert additions
    for addition in additions:
        path = Path(*addition.relative_to(PART_TEMPLATES).parts[1:])
        template = TEMPLATES / str(path).replace(ADDITION, SUFFIX)
        assert "${additions}" in template.read_text(), addition


@pytest.mark.parametrize("document", ["docs/plugins/testing.md", "CHANGELOG.md"])
def test_the_documents_name_all_parts(document):
    text = (Path(__file__).parents[2] / document).read_text()
    assert f"--with {','.join(PARTS)}" in text
