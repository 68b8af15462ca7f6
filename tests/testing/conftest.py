"""A stranger's plugin with a suite of its own, which pytest runs as it would for the stranger."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from shoptrack.testing.postgresql_server import OPTION

PACKAGE = {
    "shoptrack_wishes/__init__.py": """
        from shoptrack_wishes.resources import WishResource

        def includeme(config):
            config.add_migrations("wishes", "shoptrack_wishes:revisions")
            config.add_resource(WishResource)
    """,
    "shoptrack_wishes/models.py": """
        from sqlalchemy import ForeignKey, String
        from sqlalchemy.orm import Mapped, mapped_column
        from shoptrack.catalog.models import Product
        from shoptrack.db import Base
        from shoptrack.db.folding import folded_column

        class Wish(Base):
            __tablename__ = "shoptrack_wishes_wishes"

            id: Mapped[int] = mapped_column(primary_key=True)
            product_id: Mapped[int] = mapped_column(ForeignKey(Product.id), index=True)
            wanted_by: Mapped[str] = mapped_column(String(20))
            wanted_by_folded: Mapped[str] = folded_column("wanted_by")
            pieces: Mapped[int]
    """,
    "shoptrack_wishes/resources.py": """
        from shoptrack.resources.fields import Integer, Reference, Text
        from shoptrack.resources.resource import Resource
        from shoptrack.catalog.resources import ProductResource
        from shoptrack_wishes.models import Wish

        class WishResource(Resource):
            '''What somebody wants.'''

            model = Wish
            path = "wishes"
            fields = (
                Reference("product", ProductResource),
                Text("wanted_by", max_length=20),
                Integer("pieces"),
            )
    """,
    "shoptrack_wishes/revisions/wishes_0001_create.py": """
        import sqlalchemy as sa
        from alembic import op

        revision = "wishes_0001"
        down_revision = None

        def upgrade():
            op.create_table(
                "shoptrack_wishes_wishes",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("product_id", sa.Integer(), sa.ForeignKey("products.id"), nullable=False, index=True),
                sa.Column("wanted_by", sa.String(20), nullable=False),
                sa.Column(
                    "wanted_by_folded",
                    sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql"),
                    server_default="",
                    nullable=False,
                    index=True,
                ),
                sa.Column("pieces", sa.Integer(), nullable=False),
                sqlite_autoincrement=True,
            )

        def downgrade():
            op.drop_table("shoptrack_wishes_wishes")
    """,
}
CONFTEST = """
    import pytest

    pytest_plugins = [{modules}]

    @pytest.fixture(scope="session")
    def plugins():
        return {plugins}
"""


class Suite:
    """The folder of a stranger's plugin and its tests."""

    def __init__(self, folder: Path, server: str | None):
        self.folder = folder
        self.server = server
        for name, text in PACKAGE.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))

    def switch_on(self, *also: str, more: str = "") -> None:
        """Write a conftest with the plugin and others."""
        modules = ", ".join(f'"{package}.testing"' for package in ("shoptrack", *also))
        conftest = textwrap.dedent(CONFTEST).format(
            modules=modules, plugins=(*also, "shoptrack_wishes")
        )
        self.write("conftest.py", conftest + textwrap.dedent(more))

    def run(self, tests: str, *options: str, **environ: str) -> str:
        """Run tests in a process of their own, and return what pytest prints."""
        self.write("test_wishes.py", tests)
        server = [f"{OPTION}={self.server}"] if self.server else []
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "CI"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", *server, *options],
            cwd=self.folder,
            env={**inherited, "PYTEST_DEBUG_TEMPROOT": str(self.folder), **environ},
            capture_output=True,
            text=True,
            timeout=600,
        )
        return done.stdout + done.stderr


@pytest.fixture
def suite(tmp_path, postgresql) -> Suite:
    """Return a stranger's plugin, enabled alone, whose tests run on the server of these tests."""
    suite = Suite(tmp_path, postgresql.render_as_string(hide_password=False))
    suite.switch_on()
    return suite
