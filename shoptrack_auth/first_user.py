"""Create the first user of a database, for development and for ``shoptrack try``."""

import secrets
from typing import Any

from sqlalchemy import select

from shoptrack.events import DatabasePrepared, TrialPrepared
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.user_management import OPERATOR

FIRST_USERNAME = "admin"


def make_first_user(environment: Any) -> None:
    """Create a superuser and print the password, unless the database has users.

    The password is printed before the commit: a useless password is better than a user with an unknown password.

    :param environment: of a command
    """
    with environment.session() as db:
        if db.scalar(select(User.id).limit(1)):
            return
        password = secrets.token_urlsafe(12)
        users.create(
            db,
            environment.registry[UserPasswordHasher],
            FIRST_USERNAME,
            password,
            by=OPERATOR,
            force=True,
            email="",
            is_staff=True,
            is_superuser=True,
        )
        print(f"\n  Created the superuser {FIRST_USERNAME!r} with the password {password!r}.")
        print(
            "  The password is shown only once. `shoptrack createsuperuser` creates other superusers.\n",
            flush=True,
        )
    environment.registry.notify(DatabasePrepared(environment))


def prepare_trial(event: TrialPrepared) -> None:
    """Create the first user of ``shoptrack try``."""
    make_first_user(event.environment)
