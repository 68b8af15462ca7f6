"""The endpoints that propose products and stores to merge, with the reasons."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from shoptrack.catalog.duplicates import Candidate, Pair, find_pairs
from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.resources.fields import Reference, Text
from shoptrack.resources.query_string import QueryString, integer_between
from shoptrack.resources.referrers import count_referrers_of_many
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import Hidden
from shoptrack.rest.description import (
    OperationDescription,
    Parameter,
    ResponseDescription,
    object_schema,
)
from shoptrack.rest.service import Service

DEFAULT_LIMIT, MAX_LIMIT = 50, 500
CHUNK_ROWS = 1000


class DuplicatesView:
    """Proposes the rows of one resource that may be duplicates.

    :param texts: the names of its texts
    :param marks: the names of references that tell rows of one name apart
    """

    def __init__(self, resource: type[Resource], texts: Sequence[str], marks: Sequence[str]):
        fields = {field.name: field for field in resource.fields}
        self.resource = resource
        self._texts: list[Text] = [fields[name] for name in texts]  # type: ignore[misc]
        self._marks: list[Reference] = [fields[name] for name in marks]  # type: ignore[misc]

    def propose(self, request) -> Any:
        """Propose pairs of rows that may be duplicates, the most likely first."""
        query = QueryString(request.GET.items(), ["limit"])
        limit = query.get("limit", integer_between(1, MAX_LIMIT), DEFAULT_LIMIT)
        query.raise_errors()
        repository = Repository.of(request.registry, self.resource.path)
        hidden = repository.get_hidden(request.identity)
        pairs = list(islice(find_pairs(self._read(request.reader, hidden)), limit))
        ids = sorted({one.id for pair in pairs for one in (pair.one, pair.other)})
        documents: dict[int, dict[str, Any]] = {}
        used: dict[int, int] = {}
        fields = [
            field
            for field in repository.referring_fields
            if not field.is_hidden(repository.get_hidden(request.identity, field.resource))
        ]
        for first in range(0, len(ids), CHUNK_ROWS):
            chunk = ids[first : first + CHUNK_ROWS]
            for document in repository.get_many(request.reader, chunk, hidden):
                documents[document["id"]] = document
            counts = count_referrers_of_many(request.reader, fields, chunk)
            used |= {id: sum(by_field) for id, by_field in counts.items()}
        proposals = []
        for pair in pairs:
            keep, other = pair.one.id, pair.other.id
            if used.get(other, 0) > used.get(keep, 0):
                keep, other = other, keep
            if keep in documents and other in documents:  # unless one was deleted meanwhile
                reasons = self._get_reasons(pair, documents[keep], documents[other], hidden)
                proposals.append(
                    {"keep": documents[keep], "other": documents[other], "reasons": reasons}
                )
        return proposals

    def _read(self, connection: Connection, hidden: Hidden) -> Iterator[Candidate]:
        """Yield the rows. What the caller may not view decides nothing, or the proposals would tell it."""
        model = self.resource.model
        texts = [field.get_folded_column(model) for field in self._texts]
        marks = [
            getattr(model, field.key)
            for field in self._marks
            if field.resource.permission("view") not in hidden
        ]
        width = len(texts) + 1
        for rows in connection.execute(
            select(model.id, *texts, *marks).order_by(model.id)
        ).partitions(CHUNK_ROWS):
            for row in rows:
                yield Candidate(row[0], tuple(row[1:width]), tuple(row[width:]))

    def _get_reasons(
        self, pair: Pair, one: dict[str, Any], other: dict[str, Any], hidden: Hidden
    ) -> list[str]:
        reasons = [
            f"{likeness}_{field.name}"
            for field, likeness in zip(self._texts, pair.likeness, strict=True)
        ]
        for field in self.resource.references():
            values = one[field.name], other[field.name]
            is_visible = field.resource.permission("view") not in hidden
            if is_visible and None not in values and values[0]["id"] == values[1]["id"]:
                reasons.append(f"same_{field.name}")
        return reasons

    def describe(self) -> OperationDescription:
        """Return the description of the view."""
        many = self.resource.path
        reasons = [f"{how}_{one.name}" for one in self._texts for how in ("same", "similar")]
        reasons += [f"misspelled_{one.name}" for one in self._texts]
        reasons += [f"same_{one.name}" for one in self.resource.references()]
        component = {"$ref": f"#/components/schemas/{self.resource.component()}"}
        pair = object_schema(
            keep=component,
            other=component,
            reasons={"type": "array", "items": {"type": "string", "enum": reasons}},
        )
        limit = {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        }
        example = self.resource.example()
        return OperationDescription(
            summary=f"Find duplicate {many}",
            query=[Parameter("limit", limit, "The maximum number of pairs.")],
            responses=[
                ResponseDescription(
                    200,
                    f"Pairs of {many} that may be duplicates, the most likely first. `keep` is the one that more rows "
                    "refer to.",
                    {"type": "array", "items": pair},
                    example=[
                        {"keep": example, "other": example | {"id": 2}, "reasons": reasons[:1]}
                    ],
                )
            ],
        )


def includeme(config):
    """Serve the proposals."""
    for view in (
        DuplicatesView(ProductResource, ["name"], ["manufacturer", "origin"]),
        DuplicatesView(StoreResource, ["name", "location"], []),
    ):
        path = view.resource.path
        service = Service(
            f"{path}:duplicates",
            f"/api/{path}/duplicates/",
            description=f"{path.capitalize()} that may be duplicates.",
        )
        service.add_view(
            "GET",
            view.propose,
            permission=view.resource.permission("view"),
            description=view.describe(),
        )
        config.add_service(service)
