"""The door for the ``alembic`` command. ShopTrack itself migrates by ``shoptrack migrate``.

Each package has a line of revisions of its own, described in ``[tool.alembic]`` of its
``pyproject.toml``. A new revision of the core's, and one of the auth plugin's, which take the next numbers:

    alembic revision --autogenerate -m "Add barcodes"
    alembic -c shoptrack_auth/pyproject.toml revision --autogenerate -m "Add nicknames"
"""

from alembic import context
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from shoptrack.cli import Environment
from shoptrack.db import Base
from shoptrack.db.migrations import Lineages, make_include_object, open_exclusive_transaction

environment = Environment(None)
lineage = Lineages.of(environment.registry)[context.config.get_alembic_option("lineage")]


def name_revision(_context, _revision, directives) -> None:
    """Call a new revision by the number after the newest one's, unless --rev-id names it."""
    scripts = ScriptDirectory.from_config(context.config)
    newest = scripts.get_current_head() or f"{lineage.name}_0000"
    chosen = context.config.cmd_opts.rev_id
    if chosen and chosen in {script.revision for script in scripts.walk_revisions()}:
        raise CommandError(f"There is a revision {chosen} already, and the newest one is {newest}.")
    if not chosen:
        line, _, number = newest.rpartition("_")
        directives[0].rev_id = f"{line}_{int(number) + 1:04}"


with open_exclusive_transaction(environment.database) as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=lineage.version_table,
        include_object=make_include_object([lineage]),
        compare_type=True,
        render_as_batch=True,
        process_revision_directives=name_revision,
    )
    context.run_migrations()
