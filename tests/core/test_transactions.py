"""A request's session ends with the request's transaction, and not before."""

import pytest
import transaction

from shoptrack.catalog.models import Category


@pytest.fixture
def manager():
    """Return a transaction manager as a request has one."""
    return transaction.TransactionManager(explicit=True)


def names(database) -> list[str]:
    with database.read_engine.connect() as connection:
        return list(
            connection.scalars(Category.__table__.select().with_only_columns(Category.name))
        )


def test_what_was_added_is_there_after_the_commit_and_not_before(database, manager):
    with manager:
        database.session(manager).add(Category(name="Meat"))
        assert names(database) == []
    assert names(database) == ["Meat"]


def test_what_was_added_goes_with_the_transaction(database, manager):
    manager.begin()
    db = database.session(manager)
    db.add(Category(name="Meat"))
    db.flush()
    manager.abort()
    assert names(database) == []


def test_what_was_executed_without_objects_is_committed_too(database, manager):
    with manager:
        database.session(manager).connection().execute(
            Category.__table__.insert(), {"name": "Meat", "name_folded": "meat"}
        )
    assert names(database) == ["Meat"]


def test_a_commit_of_its_own_is_refused_and_changes_nothing(database, manager):
    manager.begin()
    db = database.session(manager)
    db.add(Category(name="Meat"))
    with pytest.raises(AssertionError, match="using the transaction manager"):
        db.commit()
    manager.abort()
    assert names(database) == []


def test_a_savepoint_may_be_taken_back_alone(database, manager):
    with manager:
        db = database.session(manager)
        db.add(Category(name="Meat"))
        savepoint = db.begin_nested()
        db.add(Category(name="Milk"))
        db.flush()
        savepoint.rollback()
    assert names(database) == ["Meat"]


def test_a_session_that_did_nothing_leaves_the_database_alone(database, manager):
    with manager:
        database.session(manager)
    assert database.engine.pool.checkedout() == 0
