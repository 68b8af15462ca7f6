"""Rows whose names are near to a new one: the same thing may have been typed in another way."""

from collections.abc import Sequence
from heapq import nlargest
from typing import Any

from sqlalchemy import Connection, select

from shoptrack.db.database import Database
from shoptrack.db.folding import fold
from shoptrack.resources.csv.matching import NewRow
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.visibility import Hidden

MAX_PROPOSALS = 3  # for a new row
LEAST_LIKENESS = 70  # of two names, in per cent
PARTITION = 1000  # rows that are compared at a time

Proposal = dict[str, Any]  # an id, and a label


def find_near(registry: Any, rows: Sequence[NewRow], hidden: Hidden) -> dict[int, list[Proposal]]:
    """Return the rows whose names are near to those of new rows, the nearest first, by the new rows' numbers.

    :param hidden: view permissions that the caller lacks, so that labels name only what the caller may view
    """
    with Database.of(registry).snapshot(PARTITION) as connection:
        return _find_near(connection, registry, rows, hidden)


def _find_near(
    connection: Connection, registry: Any, rows: Sequence[NewRow], hidden: Hidden
) -> dict[int, list[Proposal]]:
    found: dict[int, list[Proposal]] = {}
    for path in dict.fromkeys(row.resource.path for row in rows):
        repository = Repository.of(registry, path)
        near = _find_ids(
            connection, repository.resource, [r for r in rows if r.resource.path == path]
        )
        wanted = {id for ids in near.values() for id in ids}
        documents = repository.get_many(connection, wanted, hidden)
        labels = {one["id"]: repository.resource.label_of(one) for one in documents}
        for number, ids in near.items():
            found[number] = [{"id": id, "label": str(labels[id])} for id in ids if id in labels]
    return found


def _find_ids(
    connection: Connection, resource: AnyResource, rows: Sequence[NewRow]
) -> dict[int, list[int]]:
    # Imported here, since few processes propose anything, and it takes some megabytes.
    from rapidfuzz import fuzz, process

    columns = (
        field.get_search_column(resource.model) for field in resource.fields if field.is_label
    )
    column = next(column for column in columns if column is not None)
    names = {row.number: fold(row.name) for row in rows}
    best: dict[int, list[tuple[float, int]]] = {number: [] for number in names}
    for partition in connection.execute(select(resource.model.id, column)).partitions():
        ids, stored = [row[0] for row in partition], [row[1] for row in partition]
        for number, name in names.items():
            near = process.extract(
                name, stored, scorer=fuzz.ratio, limit=MAX_PROPOSALS, score_cutoff=LEAST_LIKENESS
            )
            likely = [(score, -ids[place]) for _text, score, place in near]
            best[number] = nlargest(MAX_PROPOSALS, best[number] + likely)
    return {number: [-id for _score, id in near] for number, near in best.items()}
