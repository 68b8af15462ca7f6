"""``shoptrack settings``: an ``.env`` to begin with, which plugins add to."""

from click.testing import CliRunner
from sqlalchemy import URL

from shoptrack.cli import Environment
from shoptrack.cli.commands import print_settings
from shoptrack.settings import SettingsTables, Sources
from shoptrack.testing import SECRET_KEY, make_test_app

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")


def printed(app) -> list[str]:
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(print_settings, obj=environment)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_every_variable_is_there_once_with_what_it_takes():
    app = make_test_app(NOWHERE, ("auth", "admin", "reports"))
    lines = printed(app)
    assert all(line.startswith("# ") or not line for line in lines)
    for table in SettingsTables.of(app.registry):
        for variable in table.get_variables():
            assert len([x for x in lines if x.startswith(f"# {variable.name}=")]) == 1
            assert variable.expected[:40] in " ".join(lines).replace(" # ", " ")
    headings = [line.split()[2] for line in lines if line.startswith("# ----")]
    assert headings == ["shoptrack", "shoptrack_auth", "shoptrack_reports"]


def test_with_all_lines_uncommented_it_says_the_defaults(tmp_path):
    app = make_test_app(NOWHERE, ("auth", "admin"))
    path = tmp_path / ".env"
    path.write_text("\n".join(x[2:] for x in printed(app) if x.startswith("# ") and x[2].isupper()))
    path.write_text("\n".join(x for x in path.read_text().splitlines() if "=" in x.split(" ")[0]))
    environ = {"SHOPTRACK_SECRET_KEY": SECRET_KEY}
    with_file, without = (Sources(environ=environ, dotenv_path=file) for file in (path, None))
    for table in SettingsTables.of(app.registry):
        assert with_file.read(table) == without.read(table)


def test_no_value_of_the_installation_is_told():
    app = make_test_app(NOWHERE, shoptrack__metrics_token="told-to-prometheus-alone")
    assert "told-to-prometheus-alone" not in "\n".join(printed(app))
