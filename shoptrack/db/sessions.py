"""The context of a session: its application, its database, and its request or its job."""

from typing import Any
from weakref import ref

from sqlalchemy.orm import Session

from shoptrack.db.database import Database

REQUEST = "request"
JOB = "job"


def get_registry(db: Session) -> Any:
    """Return the registry of the session's application."""
    return db.info["registry"]


def get_database(db: Session) -> Database:
    """Return the database of the session."""
    return db.info["database"]


def get_request(db: Session) -> Any:
    """Return the request of the session; ``None`` in a command or a job."""
    reference = db.info.get(REQUEST)
    return None if reference is None else reference()


def set_request(db: Session, request: Any) -> None:
    """Set the request of a session, so that code below the web layer can find the actor of a change.

    The reference is weak: request and session would keep each other, and a request its body, until the next garbage
    collection.
    """
    db.info[REQUEST] = ref(request)


def get_job(db: Session) -> str:
    """Return the name of the job that opened the session; empty for requests and commands."""
    return db.info.get(JOB, "")


def set_job(db: Session, name: str) -> None:
    """Set the job of a session, so that the history can name the source of a change."""
    db.info[JOB] = name
