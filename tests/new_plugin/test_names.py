import ast
import re

import pytest

from shoptrack.cli.new_plugin.names import RESERVED_NAMES, InvalidName, PluginNames
from shoptrack.cli.new_plugin.renderer import TEMPLATES


@pytest.mark.parametrize(
    ("name", "model", "path"),
    [
        ("wishes", "Wish", "wishes"),
        ("wish", "Wish", "wishes"),
        ("budgets", "Budget", "budgets"),
        ("allergies", "Allergy", "allergies"),
        ("allergy", "Allergy", "allergies"),
        ("purchases", "Purchase", "purchases"),
        ("days", "Day", "days"),
        ("status", "Status", "statuses"),
        ("wish-lists", "WishList", "wish-lists"),
        ("wish_lists", "WishList", "wish-lists"),
        ("shoptrack-wish-lists", "WishList", "wish-lists"),
    ],
)
def test_model_and_path_are_the_singular_and_the_plural(name, model, path):
    names = PluginNames.from_input(name)
    assert (names.model, names.path) == (model, path)


def test_all_others_follow():
    names = PluginNames.from_input("wish-lists")
    assert names.name == "wish_lists"
    assert names.package == "shoptrack_wish_lists"
    assert names.distribution == "shoptrack-wish-lists"
    assert names.table == "shoptrack_wish_lists_wish_lists"
    assert (names.noun, names.plural) == ("wish list", "wish lists")


def test_what_english_does_otherwise_is_told():
    names = PluginNames.from_input("pantry", "Shelf", "shelves")
    assert (names.package, names.model, names.path) == ("shoptrack_pantry", "Shelf", "shelves")
    assert (names.noun, names.plural) == ("shelf", "shelves")


@pytest.mark.parametrize(
    "name", ["", "Wishes", "2wishes", "wish lists", "wishes-", "願い", "a/b", "..", "shoptrack-"]
)
def test_what_cannot_be_imported_is_no_name(name):
    with pytest.raises(
        InvalidName, match="Take small letters, digits and dashes, as in wish-lists"
    ):
        PluginNames.from_input(name)


@pytest.mark.parametrize("name", ["none", "exceptions", "texts"])
def test_a_class_that_would_hide_another_is_refused(name):
    with pytest.raises(
        InvalidName, match="means something else already. Name another, as in --model"
    ):
        PluginNames.from_input(name)


@pytest.mark.parametrize(("option", "value"), [("model", "wish"), ("path", "Wishes")])
def test_what_is_told_is_looked_at_too(option, value):
    with pytest.raises(InvalidName, match=f"--{option}"):
        PluginNames.from_input("wishes", **{option: value})


def test_names_that_the_database_would_cut_are_refused():
    assert len(PluginNames.from_input("eighteen-character").longest_identifier) == 63
    with pytest.raises(InvalidName, match="would have 64 characters, and PostgreSQL takes 63"):
        PluginNames.from_input("nineteen-characters")


def test_the_classes_that_templates_import_are_known():
    package = TEMPLATES / "${package}"
    imported = set()
    for template in package.glob("*.template"):
        code = re.sub(r"\$\{\w+\}", "name", template.read_text())
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and node.module.startswith(
                ("shoptrack", "sqlalchemy")
            ):
                imported |= {alias.name for alias in node.names if alias.name[0].isupper()}
    # The last two are components of the API's description, too.
    assert imported - {"Product", "ProductResource"} == RESERVED_NAMES
