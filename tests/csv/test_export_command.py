"""``shoptrack export``: the same file, on the command line."""

import os

import pytest
from click.testing import CliRunner

from shoptrack.cli import Environment
from shoptrack.cli.export import export
from shoptrack.resources.csv import CsvExport


@pytest.fixture
def run(app):
    environment = Environment(None)
    environment.registry = app.registry
    return lambda *arguments: CliRunner().invoke(export, arguments, obj=environment)


@pytest.fixture
def categories(make):
    return [make.category(name=name).id for name in ("牛乳", "Meat", "=1")]


def test_the_file_is_that_of_the_api(run, api, categories, tmp_path):
    path = tmp_path / "categories.csv"
    result = run("categories", "-o", str(path), "--ordering", "-name")
    assert result.exit_code == 0
    assert result.stderr.endswith(f"{path} has 3 rows.\n")
    assert path.read_bytes() == api.get("/api/categories/export/?ordering=-name").body


@pytest.mark.database("sqlite")
def test_without_a_file_it_goes_to_the_standard_output(run, categories):
    options = ("--encoding", "cp932", "--delimiter", "tab", "--headings", "ja", "--fields", "name")
    result = run("categories", *options, "--filter", f"id__in={categories[0]},{categories[2]}")
    assert result.stdout_bytes.decode("cp932") == "名前\r\n牛乳\r\n'=1\r\n"
    assert result.stderr == ""


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("wishes",), "Unknown resource 'wishes'. Available: categories, "),
        (("stores", "-f", "name"), "'name' has no value. Write it as price__gte=500."),
        (("stores", "-f", "colour=red"), "Error: colour: Unknown parameter. Available: "),
        (("stores", "--ordering", "x"), "Error: ordering: Cannot order by 'x'."),
        (("stores", "-o", "/nowhere/x.csv"), "/nowhere/x.csv cannot be written: No such file"),
    ],
)
def test_what_is_wrong_is_a_sentence(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert message in result.stderr


@pytest.mark.database("sqlite")
def test_a_file_that_breaks_off_is_no_file(run, categories, tmp_path, monkeypatch):
    path = tmp_path / "categories.csv"
    path.write_text("before")

    def write(*arguments, **options):
        yield b"id,name\r\n"
        raise KeyboardInterrupt

    monkeypatch.setattr(CsvExport, "write", write)
    assert run("categories", "-o", str(path)).exit_code != 0
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["categories.csv"]


@pytest.mark.database("sqlite")
def test_a_device_is_written_to_and_stays_one(run, categories):
    assert run("categories", "-o", "/dev/null").exit_code == 0
    assert not os.path.isfile("/dev/null")
