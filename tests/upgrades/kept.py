"""Rows for each revision, and the databases that older releases left, as they lie beside this file.

``rows/<revision>.sql`` holds statements that a database of either kind takes once it has that revision. Ids are left
out: the database gives them, and goes on from there.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
# What columns of thousandths multiply by: SQLite keeps them as integers.
SCALES = {"sqlite": "1000", "postgresql": "1"}


def get_statements(database: str, *revisions: str) -> list[str]:
    """Return the statements for these revisions, in the words of a kind of database."""
    files = [FOLDER / "rows" / f"{revision}.sql" for revision in revisions]
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.exists())
    return text.replace("SCALE", SCALES[database]).split(";\n")[:-1]
