"""What a change makes different of a row, for those who are told."""

from typing import Any

from sqlalchemy.orm import Session

from shoptrack.events import RowChanged, tell
from shoptrack.resources.fields import Reference
from shoptrack.resources.serializers import Document, Documents


class Change:
    """What becomes different of a row. Made before the change, told after it.

    :param values: the new ones, by the names of the model's attributes
    """

    def __init__(self, db: Session, documents: Documents, row: Any, values: dict[str, Any]):
        self._db = db
        self._resource = documents.resource
        fields = [
            field
            for field in self._resource.fields
            if field.key in values and getattr(row, field.key) != values[field.key]
        ]
        if any(isinstance(field, Reference) for field in fields):
            document = documents.maker()(documents.held(db.connection(), row.id))
        else:
            document = {field.name: field.rendered(getattr(row, field.key)) for field in fields}
        self._before = {field.name: document[field.name] for field in fields}

    def tell(self, document: Document, request: Any) -> None:
        """Tell what was changed, if anything was.

        :param document: the row's new one
        """
        if self._before:
            label = self._resource.label(document)
            after = {name: document[name] for name in self._before}
            event = RowChanged(
                self._db, self._resource, document["id"], label, self._before, after, request
            )
            tell(event)
