"""The door for the ``alembic`` command. ShopTrack itself migrates by ``shoptrack migrate``.

Each package has a line of revisions of its own, described in ``[tool.alembic]`` of its
``pyproject.toml``. A new revision of the core's, and one of the auth plugin's:

    alembic revision --autogenerate --rev-id shoptrack_0002 -m "Add barcodes"
    alembic -c shoptrack_auth/pyproject.toml revision --autogenerate --rev-id auth_0002 -m "Add groups"
"""

from alembic import context

from shoptrack.cli import Environment
from shoptrack.contributions import Contributions
from shoptrack.db import Base
from shoptrack.migrations import exclusive, included

environment = Environment(None)
lineage = Contributions.of(environment.registry).migrations[
    context.config.get_alembic_option("lineage")
]

with exclusive(environment.database) as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=lineage.version_table,
        include_object=included([lineage]),
        compare_type=True,
        render_as_batch=True,
    )
    context.run_migrations()
