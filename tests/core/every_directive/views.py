"""An endpoint, checks, and what the administration's page and panel show."""

from pyramid.response import Response
from sqlalchemy import delete, func, select

from shoptrack.db import Database
from shoptrack.permissions import Principal

from .resources import Wish
from .settings import WishSettings


def count(request):
    """Count all wishes."""
    number = request.reader.scalar(select(func.count()).select_from(Wish))
    return {"count": number, "limit": WishSettings.of(request.registry).limit}


def check_shop(registry):
    """Fail if somebody wishes so."""
    broken = select(Wish.id).where(Wish.name == "a broken shop")
    with Database.of(registry).read_engine.connect() as connection:
        if connection.scalar(broken) is not None:
            raise OSError("The shop of wishes cannot be reached.")


def check_limit(deployment):
    """Find a limit that is too low."""
    limit = WishSettings.of(deployment.registry).limit
    return f"{limit} wishes are not enough. Set SHOPTRACK_WISH_LIMIT." if limit < 10 else None


def get_length(wish):
    """Return the length of a wish's name."""
    return len(wish["name"])


def fulfil(request, ids):
    """Delete wishes."""
    request.db.execute(delete(Wish).where(Wish.id.in_(ids)))
    return "Fulfilled."


def fulfil_all(run):
    """Delete all wishes."""
    with run.session() as db:
        db.execute(delete(Wish))


def authenticate(request):
    """Trust the proxy's header."""
    name = request.headers.get("X-Wisher")
    return None if name is None else Principal(username=name)


def open_door(request):
    """Say where one is."""
    return Response("The door.")


def load_next(request, wish):
    """Return the names of later wishes."""
    later = select(Wish.name).where(Wish.id > wish["id"])
    return {"name": wish["name"], "names": list(request.reader.scalars(later))}


def load_names(request):
    """Return the names of all wishes."""
    return {"names": list(request.reader.scalars(select(Wish.name)))}
