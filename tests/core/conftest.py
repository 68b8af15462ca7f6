"""Plugins that are written for a test, as strangers would write them."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shoptrack.db import Base

WritePlugin = Callable[..., str]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch) -> Iterator[WritePlugin]:
    """Return a function that writes a package and returns its name.

    Its keyword arguments are further modules, a folder's with two underscores in place of the slash.
    """
    monkeypatch.syspath_prepend(tmp_path)
    written: list[str] = []

    def write(name: str, body: str, **modules: str) -> str:
        for module, text in {"__init__": body, **modules}.items():
            path = tmp_path / name / (module.replace("revisions__", "revisions/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        written.append(name)
        return name

    yield write
    for name in written:
        forget(name)


def forget(package: str) -> None:
    """Take a package out of the process, with its models, as if it had not been installed."""
    for module in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[module]
    for manager in list(Base.registry._managers):
        if manager.class_.__module__.partition(".")[0] == package:
            Base.metadata.remove(manager.mapper.local_table)
            Base.registry._dispose_manager_and_mapper(manager)
            del Base.registry._managers[manager]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch) -> Callable[..., None]:
    """Return a function that makes the metadata of an installed distribution."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(name: str, *, top_level: str = "", entry_points: str = "", version="1.0") -> None:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        (folder / "top_level.txt").write_text(f"{top_level}\n")
        (folder / "entry_points.txt").write_text(entry_points)

    return install
