"""A job as a plugin adds it, which the guide shows."""

from sqlalchemy import exists, select

from shoptrack.catalog.models import Product, Unit
from shoptrack.catalog.resources import UnitResource
from shoptrack.resources import Repository


def delete_unused_units(run):
    """Delete the units that no product has."""
    units = Repository.of(run.registry, UnitResource)
    with run.session() as db:
        is_unused = ~exists().where(Product.unit_id == Unit.id)
        for id in db.scalars(select(Unit.id).where(is_unused)).all():
            row = units.lock(db, id)
            if row is not None:
                units.delete(db, row)


def includeme(config):
    """Delete unused units each night."""
    config.add_job("unused_units.delete", delete_unused_units, at="03:30")
