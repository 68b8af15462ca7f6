"""An endpoint, checks, and what the administration's page and panel show."""

from sqlalchemy import func, select

from shoptrack.db import Database

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


def load_names(request):
    """Return the names of all wishes."""
    return {"names": list(request.reader.scalars(select(Wish.name)))}
