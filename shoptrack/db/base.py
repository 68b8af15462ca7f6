"""The base class of all models."""

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from shoptrack.db.table_names import check_table_is_free


class Base(DeclarativeBase):
    """The base of every model. Table names of a plugin begin with its distribution's name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # Without it, SQLite would reuse the ID of a deleted last row; PostgreSQL never does.
    __table_args__: Any = {"sqlite_autoincrement": True}

    def __init_subclass__(cls, **options: Any) -> None:
        """Map a model, unless another model already has its table."""
        check_table_is_free(cls)
        super().__init_subclass__(**options)
