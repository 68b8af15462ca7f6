"""Running commands in this process, on the test's database."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from shoptrack.cli import Environment
from shoptrack_auth.commands import createsuperuser
from shoptrack_auth.models import User


@pytest.fixture
def run(app, hasher):
    """Return a function that runs a command on an application, with answers to its questions."""

    def run(*arguments, typed="", app=app, command=createsuperuser):
        environment = Environment(None)
        environment.registry = app.registry
        return CliRunner().invoke(command, arguments, obj=environment, input=typed)

    return run


@pytest.fixture
def stored(database):
    """Return a function that returns all users."""

    def stored() -> list[User]:
        with database.session() as db:
            return list(db.scalars(select(User).order_by(User.id)))

    return stored
