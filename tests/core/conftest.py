"""Plugins that are written for a test, as strangers would write them."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.shop import Shop, forget

WritePlugin = Callable[..., str]
# A row of the plugin that the fixture `wishlist` writes.
WISH = "INSERT INTO wish_list_wishes (id, note, note_folded) VALUES (1, 'Cake', 'cake')"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch) -> Iterator[WritePlugin]:
    """Return a function that writes a package and returns its name.

    Its keyword arguments are further modules, as in ``**{"revisions/0001": "…"}``.
    """
    monkeypatch.syspath_prepend(tmp_path)
    written: list[str] = []

    def write(name: str, body: str, **modules: str) -> str:
        for module, text in {"__init__": body, **modules}.items():
            path = tmp_path / name / f"{module}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        written.append(name)
        return name

    yield write
    for name in written:
        forget(name)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch) -> Callable[..., None]:
    """Return a function that makes the metadata of an installed distribution."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(
        name: str,
        *,
        top_level: str = "",
        entry_points: str = "",
        version: str = "1.0",
        summary: str = "",
    ) -> None:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {summary}\n"
        )
        (folder / "top_level.txt").write_text(f"{top_level}\n")
        (folder / "entry_points.txt").write_text(entry_points)

    return install


INCLUDEME = """
    from sqlalchemy import ForeignKey, String
    from sqlalchemy.orm import Mapped, mapped_column

    from shoptrack.resources.fields import Text
    from shoptrack.resources.resource import Resource
    from shoptrack.db import Base
    from shoptrack.db.folding import folded_column

    class {model}(Base):
        __tablename__ = "{name}_wishes"
        id: Mapped[int] = mapped_column(primary_key=True)
        note: Mapped[str] = mapped_column(String(50))
        note_folded: Mapped[str] = folded_column("note")

    class {model}Resource(Resource):
        '''Wishes.'''
        model = {model}
        path = "{name}"
        fields = (Text("note", max_length=50),)

    def includeme(config):
        config.add_migrations("{line}", "{name}:revisions", after={after})
        config.add_resource({model}Resource)
"""
FIRST = """
    import sqlalchemy as sa
    from alembic import op

    revision, down_revision = "{line}_0001", None

    def upgrade():
        op.create_table(
            "{name}_wishes",
            sa.Column("id", sa.Integer(), sa.ForeignKey({refers!r}) if {refers!r} else None, primary_key=True),
            sa.Column("note", sa.String(50), nullable=False),
            sa.Column("note_folded", sa.String(400), nullable=False, server_default=""),
            sqlite_autoincrement=True,
        )
        op.create_index("ix_{name}_wishes_note_folded", "{name}_wishes", ["note_folded"])

    def downgrade():
        op.drop_table("{name}_wishes")
"""
SECOND = """
    import sqlalchemy as sa
    from alembic import op

    revision, down_revision = "{line}_0002", "{line}_0001"

    def upgrade():
        op.add_column("{name}_wishes", sa.Column("price", sa.Integer()))
        op.create_table("{name}_shared", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("UPDATE {name}_wishes SET note = 'again'")
        {then}

    def downgrade():
        op.drop_table("{name}_shared")
        with op.batch_alter_table("{name}_wishes") as table:
            table.drop_column("price")
"""


@pytest.fixture
def shop(new_database) -> Iterator[Shop]:
    """Give a test a database, and applications on it."""
    shop = Shop(new_database())
    yield shop
    shop.close()


@pytest.fixture
def wishlist(plugin: WritePlugin) -> Callable[..., str]:
    """Return a function that writes a plugin with a resource and two revisions, and returns its package's name.

    :param line: the name of its line of migrations
    :param then: what its second revision does at its end; ``None`` for no second one
    """

    def write(
        name: str,
        line: str,
        *,
        after: tuple[str, ...] = (),
        refers: str = "",
        then: str | None = "pass",
    ) -> str:
        values = {"name": name, "line": line, "after": after, "refers": refers, "then": then}
        modules = {"revisions/0001": FIRST.format(**values)}
        if then is not None:
            modules["revisions/0002"] = SECOND.format(**values)
        return plugin(
            name, INCLUDEME.format(model=name.title().replace("_", ""), **values), **modules
        )

    return write
