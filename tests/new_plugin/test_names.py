import ast
import re

import pytest

from shoptrack.cli.new_plugin.names import RESERVED_NAMES, InvalidName, PluginNames
from shoptrack.cli.new_plugin.renderer import TEMPLATES


@pytest.mark.parametrize("name", ["wish-lists", "wish_lists", "shoptrack-wish-lists"])
def test_the_path_is_the_name(name):
    assert PluginNames.from_input(name, "WishList").path == "wish-lists"


def test_all_others_follow():
    names = PluginNames.from_input("wish-lists", "WishList")
    assert names.name == "wish_lists"
    assert names.package == "shoptrack_wish_lists"
    assert names.distribution == "shoptrack-wish-lists"
    assert names.table == "shoptrack_wish_lists_wish_lists"
    assert (names.noun, names.plural) == ("wish list", "wish lists")


def test_a_path_of_its_own():
    names = PluginNames.from_input("pantry", "Shelf", "shelves")
    assert (names.package, names.model, names.path) == ("shoptrack_pantry", "Shelf", "shelves")
    assert (names.noun, names.plural) == ("shelf", "shelves")


@pytest.mark.parametrize(
    "name", ["", "Wishes", "2wishes", "wish lists", "wishes-", "願い", "a/b", "..", "shoptrack-"]
)
def test_what_cannot_be_imported_is_no_name(name):
    with pytest.raises(InvalidName, match="lowercase letters, digits and dashes, as in wish-lists"):
        PluginNames.from_input(name, "Wish")


@pytest.mark.parametrize("model", ["None", "Exception", "Text"])
def test_a_class_that_would_hide_another_is_refused(model):
    with pytest.raises(InvalidName, match="is already in use. Choose another one, as in --model"):
        PluginNames.from_input("wishes", model)


@pytest.mark.parametrize(("option", "value"), [("model", "wish"), ("path", "Wishes")])
def test_what_is_told_is_looked_at_too(option, value):
    with pytest.raises(InvalidName, match=f"--{option}"):
        PluginNames.from_input("wishes", **{"model": "Wish", option: value})


def test_names_that_the_database_would_cut_are_refused():
    assert len(PluginNames.from_input("eighteen-character", "Row").longest_identifier) == 62
    with pytest.raises(InvalidName, match=r"would have 64 characters \(maximum: 63\)"):
        PluginNames.from_input("nineteen-characters", "Row")


def test_the_classes_that_templates_import_are_known():
    package = TEMPLATES / "${package}"
    imported = set()
    for template in package.glob("*.template"):
        code = re.sub(r"\$\{\w+\}", "name", template.read_text().replace("${includes}", ""))
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and node.module.startswith(
                ("shoptrack", "sqlalchemy")
            ):
                imported |= {alias.name for alias in node.names if alias.name[0].isupper()}
    # The last two are components of the API's description, too.
    assert imported - {"Product", "ProductResource"} == RESERVED_NAMES
