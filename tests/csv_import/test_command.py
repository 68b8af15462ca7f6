"""``shoptrack import``: the report, the exit codes, and where files come from."""

import pytest
from click.testing import CliRunner

from shoptrack.cli import Environment
from shoptrack.cli.csv_import import import_rows

from .conftest import HEADER, LINE


@pytest.fixture
def run(app, tmp_path):
    """Return a function that runs the command on a file, and returns its result."""
    environment = Environment(None)
    environment.registry = app.registry

    def run(text: str, *arguments: str, resource: str = "shopping-records", **options):
        file = tmp_path / "a.csv"
        file.write_text(text)
        return CliRunner().invoke(
            import_rows, [resource, str(file), *arguments], obj=environment, **options
        )

    return run


def test_the_command_stores_a_file(run, importer):
    result = run(HEADER + LINE * 2)
    assert result.exit_code == 0
    assert (
        result.stdout
        == "Lines: 2 new.\nNew categories: 1.\nNew products: 1.\nNew stores: 1.\nNew units: 1.\n"
    )
    assert len(importer.get_records()) == 2
    assert run(HEADER + LINE * 2).stdout == "Lines: 2 same.\n"


def test_a_dry_run_stores_nothing(run, importer, make):
    make.store(name="Lifes")
    result = run(HEADER + LINE, "--dry-run")
    assert result.exit_code == 0
    assert "  line 2: Life (near: Lifes (Kyoto))\n" in result.stdout
    assert result.stdout.endswith("This was a dry run. Nothing was stored.\n")
    assert importer.get_records() == []


def test_faults_are_named_and_nothing_is_stored(run, importer):
    result = run(HEADER + LINE + LINE.replace("250", "x"))
    assert result.exit_code == 1
    assert "line 3, price: “x” is not an amount in JPY. Write it like ¥1,234.\n" in result.stderr
    assert result.stderr.endswith("Error: 1 lines are faulty. Nothing was stored.\n")
    assert importer.get_records() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--columns", "x"], "This is no JSON."),
        (["--mapping", "zaimu"], "There is no mapping 'zaimu' of shopping-records."),
        (["--date-format", "D"], "'D' is not one of"),
    ],
)
def test_wrong_arguments_are_sentences(run, arguments, message):
    result = run(HEADER + LINE, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_unknown_resource_is_a_sentence(run):
    result = run(HEADER + LINE, resource="shopping-record")
    assert result.exit_code == 2
    assert "Did you mean shopping-records?" in result.stderr


def test_the_standard_input_is_a_file_too(app, importer):
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(
        import_rows, ["shopping-records", "-"], obj=environment, input=HEADER + LINE
    )
    assert result.exit_code == 0
    assert len(importer.get_records()) == 1
