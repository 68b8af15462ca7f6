"""What the six verbs of a resource take and answer."""

from dataclasses import replace

from shoptrack.errors import InUse
from shoptrack.resources.fields import ID
from shoptrack.resources.fields.references import ROW_ID
from shoptrack.resources.saving import Contradicted
from shoptrack.rest.description import Answer, Description, Header, Parameter
from shoptrack.rest.etags import PreconditionFailed
from shoptrack.rest.list_parameters import of_list
from shoptrack.rest.views import ResourceViews

TAG = Header(
    "ETag", "Changes with the row and with what it nests. `If-Match` and `If-None-Match` take it."
)
LIST_HEADERS = (
    Header("ETag", "Changes with any row of the list. `If-None-Match` takes it.", always=False),
    Header(
        "Total-Count",
        "How many rows all pages have together; where `limit` was sent, and not `count=false`.",
        {"type": "integer", "minimum": 0},
        always=False,
    ),
    Header(
        "Link",
        'The addresses of the pages beside this one, `rel="next"` and `rel="prev"` (RFC 8288).',
        always=False,
    ),
)
UNSEEN = Answer(201, "Its id, for callers who may not view it.", ROW_ID, if_hidden=True)


def descriptions(views: ResourceViews) -> dict[str, Description]:
    """Return the descriptions of a resource's views, by their names."""
    resource = views.resource
    many, noun = resource.path.replace("-", " "), resource.noun()
    item = (Parameter("id", ID, f"The {noun}'s id.", required=True),)
    one = f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"
    known = Answer(
        304, "The client has it already.", headers=[Header("ETag", "The tag that it sent.")]
    )
    written = Answer(200, f"The {noun} as it is now.", resource, [TAG])
    written_unseen = replace(UNSEEN, status=200)
    return {
        "read_list": Description(
            summary=f"List {many}",
            query=tuple(of_list(views.parameters)),
            answers=[Answer(200, _listed(many), [resource], LIST_HEADERS), known],
        ),
        "create": Description(
            summary=f"Add {one}",
            body=resource.schema,
            answers=[
                Answer(201, f"The {noun} that was added.", resource, [TAG]),
                UNSEEN,
                Contradicted,
            ],
        ),
        "read": Description(
            summary=f"Read {one}",
            path=item,
            answers=[Answer(200, f"The {noun}.", resource, [TAG]), known],
        ),
        "replace": Description(
            summary=f"Replace {one}",
            path=item,
            body=resource.schema,
            answers=[written, written_unseen, Contradicted, PreconditionFailed],
        ),
        "change": Description(
            summary=f"Change {one}",
            path=item,
            body=resource.schema,
            partial=True,
            answers=[written, written_unseen, Contradicted, PreconditionFailed],
        ),
        "delete": Description(
            summary=f"Delete {one}",
            path=item,
            answers=[
                Answer(204, "It is deleted."),
                InUse,
                Contradicted,
                PreconditionFailed,
            ],
        ),
    }


def _listed(many: str) -> str:
    # No schema can say what depends on a parameter, and one without `required` would be of less use to clients.
    return f"The {many}. With `fields`, each has the members that were named and no others."
