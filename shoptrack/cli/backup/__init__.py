"""Backups: all rows in one file, which any of the databases can take back.

The file is a zip archive. ``manifest.json`` says which release and which revisions it belongs to, and for each table
its columns, its number of rows and the digest of its member ``tables/<name>.jsonl``, where each line is a row.
"""

from shoptrack.cli.backup.commands import backup, restore

__all__ = ["backup", "restore"]
