"""Rows that belong to the row that they refer to (``Reference(…, is_owner=True)``), and are deleted with it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import Session

from shoptrack.errors import ItemsInUse
from shoptrack.resources.referrers import ReferringField
from shoptrack.resources.resource import Resource

BATCH_ROWS = 1000


class OwnedRowsInUse(Exception):
    """Rows that belong to others are in use, and so all of these are kept.

    :param resource: of the rows that belong to others
    :param references: how many rows refer to them, by the resource that these belong to, by the id of the owner
    """

    def __init__(self, resource: Resource, references: dict[int, Counter[str]]):
        self.resource = resource
        self.references = references
        super().__init__(resource.path)


def delete_owned_rows(
    db: Session,
    referring_fields: Sequence[ReferringField],
    roots: Mapping[int, int],
    delete: Callable[[Resource, Mapping[int, int]], None],
) -> None:
    """Delete the rows that belong to locked rows, as requests would: they are checked and published.

    :param roots: the ids of the rows that a request deletes, by the ids of rows that are deleted with them
    :param delete: called with the resource of the rows that belong to these, and the roots of them
    :raises OwnedRowsInUse: other rows refer to them
    """
    for referring in referring_fields:
        if not referring.is_owned:
            continue
        id, owner = referring.resource.model.id, referring.column
        refers = owner.in_(bindparam("ids", type_=BigInteger, expanding=True))
        # Locked here: a row that another request deletes meanwhile is left out then.
        rows = select(id, owner).where(refers).order_by(id).limit(BATCH_ROWS).with_for_update()
        while found := db.execute(rows, {"ids": list(roots)}).all():
            try:
                delete(referring.resource, {row[0]: roots[row[1]] for row in found})
            except ItemsInUse as error:
                references: dict[int, Counter[str]] = {}
                for position, counts in error.items.items():
                    references.setdefault(found[int(position)][1], Counter()).update(counts)
                raise OwnedRowsInUse(referring.resource, references) from None
