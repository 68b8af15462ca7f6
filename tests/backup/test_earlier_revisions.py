"""What a backup holds of a database that has an earlier revision: what no model has any more, and nobody else's."""

import json
from zipfile import ZipFile

import pytest

EARLIER = "shoptrack_0004"  # which has the same tables and columns as the next one


@pytest.fixture
def change(source):
    """Return a function that changes a database whose last revision is missing."""

    def change(*statements: str) -> None:
        earlier = f"UPDATE alembic_version_shoptrack SET version_num = '{EARLIER}'"
        with source.database.engine.begin() as connection:
            for statement in (earlier, *statements):
                connection.exec_driver_sql(statement)

    return change


@pytest.fixture
def back_up(source, tmp_path):
    """Return a function that returns the columns of each table of a backup, with their kinds."""

    def back_up() -> dict[str, dict[str, str]]:
        result = source.backup(tmp_path / "a.zip")
        assert result.exit_code == 0, result.output
        with ZipFile(tmp_path / "a.zip") as archive:
            manifest = json.loads(archive.read("manifest.json"))
        assert manifest["revisions"]["shoptrack"] == EARLIER
        return {
            part["name"]: {column["name"]: column["kind"] for column in part["columns"]}
            for part in manifest["tables"]
        }

    return back_up


def test_tables_and_columns_are_those_of_the_models_where_these_are_there(source, change, back_up):
    change()
    found = back_up()
    assert set(found) == {table.name for table in source.tables}
    assert found["shopping_records"]["quantity"] == "thousandths"
    assert found["shoptrack_auth_users"]["joined_at"] == "instant"
    assert found["shoptrack_admin_history"]["changes"] == "json"


def test_a_table_that_was_dropped_is_known_by_what_was_written_down(change, back_up):
    change(
        "CREATE TABLE wallets (id INTEGER PRIMARY KEY, at TIMESTAMP, day DATE)",
        "CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY)",
        "INSERT INTO lineage_tables VALUES ('wallets', 'shoptrack', 'shoptrack:revisions')",
    )
    found = back_up()
    assert found["wallets"] == {"id": "integer", "at": "instant", "day": "date"}
    assert "somebody_elses" not in found
    assert not {"table_versions", "lineage_tables"} & set(found)


def test_tables_of_a_lineage_that_was_never_applied_are_left_out(change, back_up):
    change("DROP TABLE shoptrack_reports_unit_factors", "DELETE FROM alembic_version_reports")
    assert "shoptrack_reports_unit_factors" not in back_up()


def test_columns_that_were_dropped_have_the_kind_of_their_type(change, back_up):
    change(
        "ALTER TABLE stores ADD COLUMN colour VARCHAR(10)",
        "ALTER TABLE stores ADD COLUMN is_near BOOLEAN",
    )
    stores = back_up()["stores"]
    assert list(stores)[-2:] == ["colour", "is_near"]
    assert (stores["colour"], stores["is_near"]) == ("text", "boolean")


@pytest.mark.parametrize("source", ["postgresql"], indirect=True)
def test_thousandths_that_were_dropped_are_known_on_postgresql(change, back_up):
    change("ALTER TABLE stores ADD COLUMN distance NUMERIC(10, 3)")
    assert back_up()["stores"]["distance"] == "thousandths"


@pytest.mark.parametrize("source", ["sqlite"], indirect=True)
def test_on_sqlite_they_are_not_guessed(source, change, tmp_path):
    """Taken for integers, they would come back into PostgreSQL a thousand times as large."""
    change("ALTER TABLE stores ADD COLUMN distance BIGINT")
    result = source.backup(tmp_path / "a.zip")
    assert result.exit_code == 1
    assert "does not know whether stores.distance holds thousandths" in result.output
    assert not (tmp_path / "a.zip").exists()
