"""API tokens of one user."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shoptrack.testing import Client
from shoptrack_auth import api_tokens
from shoptrack_auth.api_tokens import NewToken
from shoptrack_auth.models import ApiToken, TokenScope, get_utc_now
from shoptrack_auth.testing import PASSWORD

PATH = "/api/auth/tokens/"


@pytest.fixture
def create(client, signed_in):
    """Return a function that creates a token by the API."""

    def create(status=201, signed_in=signed_in, client=client, **body):
        body = {"name": "script", "password": PASSWORD, **body}
        return client.post_json(PATH, body, headers=signed_in.auth_headers, status=status)

    return create


@pytest.fixture
def new_token(act, user):
    """Return a function that creates a token without a request, and returns its text."""

    def new_token(scope=TokenScope.WRITE, owner=user, **options) -> str:
        new = NewToken("script", scope, **options)
        return act(api_tokens.create_token, owner.id, new)[1]

    return new_token


@pytest.fixture
def with_token(app):
    """Return a function that returns a client with a token."""
    return lambda token, app=app: Client(app, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def script(new_token, with_token):
    """Return a client with a token that may write."""
    return with_token(new_token())


@pytest.fixture
def change_tokens(database):
    """Return a function that changes columns of all tokens."""

    def change_tokens(**values):
        with database.engine.begin() as connection:
            connection.execute(update(ApiToken).values(values))

    return change_tokens


@pytest.fixture
def expire(change_tokens):
    """Return a function that lets all tokens expire some time ago."""
    return lambda ago=timedelta(0): change_tokens(expires_at=get_utc_now() - ago)


@pytest.fixture
def rows(database):
    """Return a function that reads all tokens."""

    def rows():
        with database.read_engine.connect() as connection:
            return connection.execute(select(ApiToken.__table__).order_by(ApiToken.id)).all()

    return rows
