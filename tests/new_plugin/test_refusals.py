import pytest

from shoptrack.cli.new_plugin.existing_names import ExistingNames, check_names_are_free
from shoptrack.cli.new_plugin.names import InvalidName, PluginNames


@pytest.fixture(scope="module")
def existing_names() -> ExistingNames:
    return ExistingNames.from_environment()


@pytest.mark.parametrize(
    ("name", "model", "path", "sentence"),
    [
        (
            "auth",
            "Row",
            None,
            "A plugin 'auth' or a package 'shoptrack_auth' is already installed.",
        ),
        ("shoptrack", "Row", None, "Migrations 'shoptrack' already exist."),
        ("products", "Row", None, "The path /api/products/ is already in use."),
        ("docs", "Row", None, "The path /api/docs/ is already in use."),
        ("past", "Row", "history", "The path /api/history/ is already in use."),
        ("goods", "Product", "goods", "The OpenAPI document already has a schema 'Product'."),
    ],
)
def test_a_name_that_something_has_is_refused_with_a_sentence(
    existing_names, name, model, path, sentence
):
    with pytest.raises(InvalidName, match=f"^{sentence}"):
        check_names_are_free(PluginNames.from_input(name, model, path), existing_names)


@pytest.mark.parametrize("name", ["products", "wish lists"])
def test_then_nothing_is_written(run, tmp_path, name):
    result = run(name, "--model", "Product")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(run, tmp_path):
    (tmp_path / "shoptrack-wishes").mkdir()
    kept = tmp_path / "shoptrack-wishes" / "README.md"
    kept.write_text("mine")
    result = run("wishes", "--model", "Wish")
    assert result.exit_code == 1
    assert (
        "already exists and is not empty. Choose another folder with --directory" in result.output
    )
    assert [kept] == list(kept.parent.iterdir())
    assert kept.read_text() == "mine"


def test_an_empty_folder_is_filled(run, tmp_path):
    (tmp_path / "here").mkdir()
    assert run("wishes", "--model", "Wish", "--directory", "here").exit_code == 0
    assert (tmp_path / "here" / "pyproject.toml").exists()


def test_where_nothing_can_be_written_the_reason_is_told(run, tmp_path):
    (tmp_path / "file").touch()
    result = run("wishes", "--model", "Wish", "--directory", "file/plugin")
    assert result.exit_code == 1
    assert result.output == "Error: Cannot write file/plugin: Not a directory.\n"


def test_a_broken_plugin_does_not_keep_anybody_from_writing_another(run, monkeypatch):
    from importlib.metadata import EntryPoint

    from shoptrack.cli.new_plugin import existing_names

    broken = EntryPoint("broken", "no_such_package_at_all", "shoptrack.plugins")
    monkeypatch.setattr(existing_names, "entry_points", lambda group: [broken])
    assert run("wishes", "--model", "Wish").exit_code == 0
    assert run("products", "--model", "Row").exit_code == 1


def test_what_one_row_is_called_is_asked(run, tmp_path):
    result = run("wish-lists", input="WishList\n")
    assert "Class name of one row" in result.output
    assert "and the model WishList" in result.output
