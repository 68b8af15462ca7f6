"""What differs between the models and the database is told in sentences."""

import re

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from click.testing import CliRunner

from shoptrack.cli import Environment, commands
from shoptrack.db import Database, migrations
from shoptrack.db.migrations.differences import format_difference
from shoptrack.testing import make_test_app, upgrade_database


@pytest.fixture
def app(new_database):
    app = make_test_app(new_database())
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


def alter(database) -> None:
    """Change the tables in all ways that are compared."""
    with migrations.open_exclusive_transaction(database) as connection:
        operations = Operations(MigrationContext.configure(connection))
        operations.drop_table("shopping_records")
        operations.drop_index("ix_stores_name_folded", table_name="stores")
        with operations.batch_alter_table("stores") as batch:
            batch.add_column(sa.Column("colour", sa.String(10)))
            batch.alter_column("name", existing_type=sa.String(100), nullable=True)
            batch.create_index("ix_stores_colour", ["colour"])
        operations.drop_index("ix_origins_name_folded", table_name="origins")
        with operations.batch_alter_table("origins") as batch:
            batch.alter_column("name", existing_type=sa.String(100), type_=sa.String(50))
            batch.drop_column("name_folded")
        with operations.batch_alter_table("products") as batch:
            batch.drop_constraint("fk_products_origin_id", type_="foreignkey")
            batch.create_foreign_key("fk_products_id", "units", ["id"], ["id"])
        with operations.batch_alter_table("units") as batch:
            batch.create_unique_constraint("uq_units_id", ["id", "name"])


def test_each_kind_is_a_sentence(app):
    database = Database.of(app.registry)
    alter(database)
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(commands.check, obj=environment)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert {
        "The database has no table shopping_records.",
        "The table origins has no column name_folded (VARCHAR(400)).",
        "No model has the column colour of the table stores.",
        "No model has the index ix_stores_colour (colour) of the table stores.",
        "The column name of the table stores may be null in the database, but not in its model.",
        "The column name of the table origins has the type VARCHAR(50) in the database, and "
        "VARCHAR(100) in its model.",
        "The table products has no foreign key fk_products_origin_id (origin_id to origins).",
        "No model has the foreign key fk_products_id (id to units) of the table products.",
        "No model has the unique constraint uq_units_id (id, name) of the table units.",
    } <= set(lines), "\n".join(lines)
    assert lines[-1] == (
        "Error: The models and the database differ. Either a package lacks a revision, or somebody "
        "has changed the database."
    )
    assert not [line for line in lines if re.search(r"[(\[]'|Column\(|Table\(", line)]


@pytest.mark.database("sqlite")
def test_a_table_that_gives_ids_again_is_a_sentence(app):
    with migrations.open_exclusive_transaction(Database.of(app.registry)) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("stores") as batch:
            batch.alter_column("name", existing_type=sa.String(100), nullable=False)
    with Database.of(app.registry).read_engine.connect() as connection:
        lines = migrations.sort_lineages(migrations.Lineages.of(app.registry))
        (found,) = migrations.find_differences(connection, lines)
    assert format_difference(found) == (
        "The table stores may use the IDs of deleted rows again: it lacks AUTOINCREMENT."
    )


def test_a_kind_that_is_not_known_is_shown():
    assert format_difference(("add_wish", "stores")) == "('add_wish', 'stores')."
