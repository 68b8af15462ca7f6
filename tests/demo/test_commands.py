from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from shoptrack.cli import Environment
from shoptrack.cli.demo import demo
from shoptrack.db import Database
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import make_test_app


def environment_of(app):
    environment = Environment(None)
    environment.registry = app.registry
    return environment


@pytest.fixture
def run(app):
    def invoke(*arguments):
        return CliRunner().invoke(demo, arguments, obj=environment_of(app))

    return invoke


def test_it_says_what_it_wrote(run, database):
    result = run("--records", "500", "--until", "2025-11-23")
    assert result.exit_code == 0, result.output
    assert "500 shopping records of 1 household" in result.output
    assert "60 products, 8 stores, " in result.output
    assert " to 2025-11-23" in result.output
    with database.read_engine.connect() as connection:
        newest = connection.scalar(select(func.max(ShoppingRecord.purchase_date)))
        count = connection.scalar(select(func.count()).select_from(ShoppingRecord))
    assert count == 500
    assert newest <= date(2025, 11, 23)


@pytest.mark.database("sqlite")
def test_the_years_end_today_unless_told_otherwise(run, today):
    assert f"to {today}." in run("--records", "1").output


@pytest.mark.database("sqlite")
def test_today_is_the_households_day(run, stop_clock):
    stop_clock("2028-02-28T15:00:00Z")
    assert "to 2028-02-29." in run("--records", "1").output


@pytest.mark.database("sqlite")
def test_a_progress_bar_is_for_terminals_only(run):
    result = run("--records", "50")
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1


def test_clients_of_changes_begin_again(run, api):
    start = api.get("/api/changes/").json["cursor"]
    assert run("--records", "1").exit_code == 0
    api.get("/api/changes/", {"since": start}, status=410)


def test_a_database_with_shopping_data_is_refused(run, make):
    make.store()
    result = run("--records", "10")
    assert result.exit_code == 1
    assert "already holds shopping data, in stores; nothing was changed" in result.output


def test_a_second_run_is_refused(run):
    assert run("--records", "10").exit_code == 0
    assert run("--records", "10").exit_code == 1


def test_a_database_that_is_not_migrated_is_told_so(new_database, plugins):
    app = make_test_app(new_database(), plugins)
    result = CliRunner().invoke(demo, [], obj=environment_of(app))
    Database.of(app.registry).dispose()
    assert result.exit_code == 1
    assert "shoptrack migrate" in result.output


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--records", "0"], "--records"),
        (["--records", "99999999999"], "--records"),
        (["--until", "yesterday"], "'yesterday' is no day. Write it as 2025-12-31."),
        (["--until", "2025-02-30"], "'2025-02-30' is no day."),
        (["--until", "0001-01-01"], "Name a day from 1900-01-01 on."),
    ],
)
def test_a_wrong_option_is_explained(run, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("until", ["1900-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_can_be_named_work(run, until):
    assert run("--until", until, "--records", "3000").exit_code == 0
