"""Names of tables: each belongs to one model, and a plugin's begin with its package's name.

All packages share one database, so a name without that beginning would sooner or later be another's, too.
"""

from collections.abc import Collection

from sqlalchemy.orm import DeclarativeBase

from shoptrack.packages import find_distribution, locate_class
from shoptrack.settings import ConfigurationError


def check_table_is_free(model: type[DeclarativeBase]) -> None:
    """Stop the start where another model has the table that this one is about to have.

    :raises ConfigurationError: it does; both are named, with file and line
    """
    name = model.__dict__.get("__tablename__")
    if name is None or name not in model.metadata.tables:
        return
    table = model.metadata.tables[name]
    owners = [m.class_ for m in model.registry.mappers if m.local_table is table]
    first = locate_class(owners[0]) if owners else "a table of Base.metadata"
    raise ConfigurationError(
        f"Two models have the table {name!r}: {first} and {locate_class(model)}. "
        "A plugin's tables begin with its package's name."
    )


def check_table_prefixes(
    models: Collection[type[DeclarativeBase]], plugins: Collection[str]
) -> None:
    """Stop the start where a plugin's model has a table whose name begins otherwise.

    Either the name of the package will do, or that of the distribution which it is installed by.

    :param plugins: packages
    :raises ConfigurationError: there is one; it is named, with file and line
    """
    packages = {plugin.partition(".")[0] for plugin in plugins}
    for model in models:
        package, name = model.__module__.partition(".")[0], str(model.__table__)
        if package not in packages or name.startswith(f"{package}_"):
            continue
        distribution = find_distribution(package)
        if distribution is None or not name.startswith(f"{distribution.name.replace('-', '_')}_"):
            raise ConfigurationError(
                f"The table {name!r} of {locate_class(model)} does not begin with the name of its plugin's "
                f"package, so it could be another's as well. Call it {f'{package}_{name}'!r}."
            )
