"""The command ``shoptrack wishlist``."""

from datetime import date

import click
from sqlalchemy import select

from shoptrack.cli import Environment
from shoptrack.db import get_today
from shoptrack.resources import Repository
from shoptrack_wishlist.models import Wish
from shoptrack_wishlist.resources import WishResource


@click.group()
@click.pass_obj
def wishlist(environment: Environment) -> None:
    """Manage the wishlist."""
    environment.require_plugin("shoptrack_wishlist")


@wishlist.command()
@click.pass_obj
def tidy(environment: Environment) -> None:
    """Delete wishes whose day has passed."""
    today = get_today(environment.registry)
    with environment.session() as db:
        count = delete_past_wishes(environment.registry, db, today)
    click.echo(f"Wishes deleted: {count}.")


def delete_past_wishes(registry, db, today: date) -> int:
    """Delete the wishes from before a day, and return their number."""
    wishes = Repository.of(registry, WishResource)
    count = 0
    for id in db.scalars(select(Wish.id).where(Wish.wanted_by < today)).all():
        if wish := wishes.lock(db, id):
            wishes.delete(db, wish)
            count += 1
    return count
