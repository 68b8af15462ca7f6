"""The commands of docs/api-tokens.md, on a server."""

import os
import re
import sys
from pathlib import Path

import pytest

from shoptrack.db import Database
from shoptrack.testing import make_test_app, serve_app, upgrade_database
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

from .conftest import ROOT, bare_environment
from .test_readme import address, replay

PAGE = (ROOT / "docs" / "api-tokens.md").read_text()


@pytest.mark.database("sqlite")
def test_the_page_is_followed(new_database, plugins, settings, tmp_path):
    url = new_database()
    app = make_test_app(url, plugins, **settings)
    upgrade_database(app)
    database = Database.of(app.registry)
    with database.session() as db, db.begin():
        hasher = app.registry[UserPasswordHasher]
        users.create(db, hasher, "ken", PASSWORD, by=OPERATOR, force=True)
    path = f"{Path(sys.prefix, 'bin')}:{os.environ['PATH']}"
    env = bare_environment(PATH=path, DATABASE_URL=address(url), SHOPTRACK_DEBUG="true")
    (transcript,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    with serve_app(app) as port:
        replay(transcript.replace(":8000/", f":{port}/"), tmp_path, env)
    database.dispose()
