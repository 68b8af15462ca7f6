"""The first user of a database, whose password is printed once: for development, and for ``shoptrack try``."""

import secrets
from typing import Any

from sqlalchemy import select

from shoptrack.server.serving import TrialPrepared
from shoptrack_auth import users
from shoptrack_auth.delegation import OPERATOR
from shoptrack_auth.models import User
from shoptrack_auth.passwords import Passwords

NAME = "admin"


def make_first_user(environment: Any) -> None:
    """Make a superuser and print the password; where there are users, nothing happens.

    It is printed before the user is certain: a password that opens nothing is better than a user whose password
    nobody has seen.

    :param environment: a command's
    """
    with environment.session() as db:
        if db.scalar(select(User.id).limit(1)):
            return
        password = secrets.token_urlsafe(12)
        users.create(
            db,
            environment.registry[Passwords],
            NAME,
            password,
            by=OPERATOR,
            force=True,
            email="",
            is_staff=True,
            is_superuser=True,
        )
        print(f"\n  The first user is {NAME!r} with the password {password!r}.")
        print("  It is shown only now; `shoptrack createsuperuser` makes others.\n", flush=True)


def prepare_trial(event: TrialPrepared) -> None:
    """Make the first user of ``shoptrack try``."""
    make_first_user(event.environment)
