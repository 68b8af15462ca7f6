"""Backups: all rows in one file, which can be restored into SQLite or PostgreSQL.

The file is a zip archive. ``manifest.json`` names the release and the revisions. For each table, it lists the columns,
the number of rows and the digest of the member ``tables/<name>.jsonl``, where each line is a row.
"""

from shoptrack.cli.backup.commands import backup, restore

__all__ = ["backup", "restore"]
