"""What a session knows of its surroundings: the application, and who asked for its changes."""

from typing import Any

from sqlalchemy.orm import Session

from shoptrack.db.database import Database

REQUEST = "request"


def get_registry(db: Session) -> Any:
    """Return the registry of the session's application."""
    return db.info["registry"]


def get_database(db: Session) -> Database:
    """Return the database of the session."""
    return db.info["database"]


def get_request(db: Session) -> Any:
    """Return the request that the session belongs to, ``None`` for a command."""
    return db.info.get(REQUEST)


def set_request(db: Session, request: Any) -> None:
    """Say which request a session belongs to, so that whoever asked for its changes is known below the web."""
    db.info[REQUEST] = request
