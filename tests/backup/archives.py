"""Backups that somebody changed who can compute digests, but knows no key."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile


def rewritten(file: Path, change: Callable[[str, bytes], bytes | str | None]) -> Path:
    """Write the archive anew, with ``change(name, content)`` in place of each member's content."""
    other = file.with_name("changed.zip")
    with ZipFile(file) as old:
        members = {name: change(name, old.read(name)) for name in old.namelist()}
    with ZipFile(other, "w", ZIP_DEFLATED) as new:
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)
    return other


def manifest_of(file: Path) -> dict[str, Any]:
    """Return what a file says about itself."""
    with ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def manifest_with(file: Path, **members: Any) -> Path:
    """Write the archive anew with other members of its manifest."""
    text = json.dumps(manifest_of(file) | members)
    return rewritten(file, lambda name, content: text if name == "manifest.json" else content)


def table_with(file: Path, table: str, **members: Any) -> Path:
    """Write the archive anew with other members of a table in its manifest."""
    tables = manifest_of(file)["tables"]
    for part in tables:
        if part["name"] == table:
            part |= members
    return manifest_with(file, tables=tables)


def lines_of(file: Path, table: str) -> list[bytes]:
    """Return the rows of a table as they are written."""
    with ZipFile(file) as archive:
        return archive.read(f"tables/{table}.jsonl").splitlines()


def with_lines(file: Path, table: str, lines: Sequence[bytes]) -> Path:
    """Write the archive anew with other rows of a table, and with their digest."""
    text = b"".join(line + b"\n" for line in lines)
    digest = sha256(text).hexdigest()
    changed = table_with(file, table, sha256=digest, rows=len(lines))
    return rewritten(changed, lambda name, old: text if name == f"tables/{table}.jsonl" else old)
