"""Names of tables: each belongs to one model, and a plugin's table names begin with its package's name.

All packages share one database, so names without that prefix would sooner or later conflict.
"""

from collections.abc import Collection

from sqlalchemy.orm import DeclarativeBase

from shoptrack.packages import find_distribution, locate_class
from shoptrack.settings import ConfigurationError


def check_table_is_free(model: type[DeclarativeBase]) -> None:
    """Abort the startup if another model already has the table of this model.

    :raises ConfigurationError: it does; the error names both, with file and line
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
    """Abort the startup if a plugin's model has a table name without the plugin's prefix.

    The prefix is the name of the package, or of the distribution that installs it.

    :param plugins: packages
    :raises ConfigurationError: a name lacks the prefix; the error names the model, with file and line
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
