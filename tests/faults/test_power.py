"""The power is cut under a SQLite file: what a disk holds then, and what a change that was acknowledged is worth.

The disk is a file that holds an ext4 file system. It is cut off as file systems are in their own tests: from one
moment on nothing reaches it any more, neither data nor journal, and what was not synced is gone with the memory.
A disk that claims to have written what it has not is another matter, of which no database knows.
"""

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, select, text

from shoptrack.catalog.models import Store

from .conftest import Household, settle
from .load import Load

pytestmark = pytest.mark.database("sqlite")

MEGABYTES = 64
SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
DROP_JOURNAL = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH: as a power cut, without a last word to the disk


@dataclass
class Disk:
    """An ext4 file system in a file, mounted on a folder."""

    image: Path
    folder: Path

    def mount(self) -> None:
        """Mount it, skipping the test where nobody may; its journal is replayed, as after a power cut."""
        command = ["mount", "-o", "loop", self.image, self.folder]
        mounted = subprocess.run(command, capture_output=True, text=True)
        if mounted.returncode:
            pytest.skip(f"mounting a disk takes rights: {mounted.stderr.strip()}")

    def cut(self) -> None:
        """Let nothing more reach it."""
        folder = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(folder, SHUT_DOWN, struct.pack("I", DROP_JOURNAL))
        os.close(folder)

    def unmount(self) -> None:
        subprocess.run(["umount", self.folder], check=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[Disk]:
    """Mount a disk whose power can be cut."""
    if shutil.which("mke2fs") is None:
        pytest.skip("there is no mke2fs")
    disk = Disk(tmp_path / "image", tmp_path / "disk")
    disk.folder.mkdir()
    with disk.image.open("wb") as file:
        file.truncate(MEGABYTES * 2**20)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", disk.image], check=True)
    disk.mount()
    yield disk
    if disk.folder.is_mount():
        disk.unmount()


@pytest.fixture
def outcome(disk, serve) -> Callable[[str], tuple[set[str], set[str]]]:
    """Return a function that cuts the power while clients write: which stores were acknowledged, and which are there.

    The file must be sound afterwards, whatever it holds.
    """

    def outcome(synchronous: str) -> tuple[set[str], set[str]]:
        url = URL.create("sqlite", database=str(disk.folder / "shoptrack.sqlite3"))
        household = settle(url, records=0)
        household.database.dispose()  # which takes all into the file: what follows is in the file of changes
        subprocess.run(["sync", "--file-system", disk.folder], check=True)
        server = serve(household, SHOPTRACK_SQLITE_SYNCHRONOUS=synchronous)
        with Load(server, clients=4) as load:
            load.wait(lambda: load.statuses[201] >= 40)
            # From now on a machine without power may acknowledge, which no real one does.
            acknowledged = set(load.acknowledged.values())
            disk.cut()
            server.kill()
        return acknowledged, restart(disk, household)

    return outcome


def restart(disk: Disk, household: Household) -> set[str]:
    """Start the machine again, and return the names of the stores that are there."""
    disk.unmount()
    disk.mount()
    with household.database.read_engine.connect() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        names = set(connection.scalars(select(Store.name)))
    household.database.dispose()
    return names


def test_a_power_cut_loses_nothing_that_was_acknowledged(outcome):
    acknowledged, there = outcome("full")
    print(f"Acknowledged: {len(acknowledged)}, lost: {len(acknowledged - there)}")
    assert acknowledged <= there


def test_without_waiting_for_the_disk_it_loses_the_last_changes_and_never_the_file(outcome):
    acknowledged, there = outcome("normal")
    print(f"Acknowledged: {len(acknowledged)}, lost: {len(acknowledged - there)}")
    assert acknowledged - there, "then the disk lost nothing, and the test above would show nothing"
