"""Entity tags: whether a client has the newest state, and whether it changes the one that it knows."""

from typing import Any

from sqlalchemy import Connection, func, or_, select
from webob.etag import ETagMatcher

from shoptrack.db.table_versions import TableVersion
from shoptrack.errors import DomainError
from shoptrack.i18n.translation import _
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden

# What a proxy that compresses writes behind a tag (Apache, Caddy, lighttpd; Jetty with two dashes), and no tag of
# ours ends with. Others make the tag weak instead.
PROXY_SUFFIXES = ("", "-gzip", "--gzip", "-deflate", "-br", "-zstd")


class PreconditionFailed(DomainError):
    """A row is no longer what the client knows."""

    status = 412
    detail = _("The row has changed since it was read. Read it again, and then decide.")


class ListState:
    """The state of a resource's list: asked by one statement, whatever the length of the list.

    :param hidden: permissions to view; the list shows nothing of the tables behind them
    """

    def __init__(self, resource: Resource, hidden: Hidden = SHOW_ALL):
        tables = resource.tables(hidden)
        self._tables = len(tables)
        newest = select(func.max(resource.model.id)).scalar_subquery()
        self._statement = select(
            func.sum(TableVersion.version), func.count(TableVersion.name.distinct()), newest
        ).where(or_(*(TableVersion.name == name for name in sorted(tables))))

    def read(self, connection: Connection) -> tuple[str | None, int]:
        """Return what changes with the list, and the highest id: the list is no longer than that.

        :returns: ``None`` in place of the first where the database does not count the changes
        """
        version, counted, newest = connection.execute(self._statement).one()
        return (f"{int(version):x}" if counted == self._tables else None), newest or 0


def is_known(request: Any, tag: str, *, strong: bool) -> bool:
    """Put a tag on the answer, and tell whether the client has this state already (``If-None-Match``)."""
    request.response.etag = (tag, strong)
    return "HTTP_IF_NONE_MATCH" in request.environ and is_named(request.if_none_match, tag)


def not_modified(request: Any) -> Any:
    """Return the answer without a body."""
    response = request.response
    response.status_int = 304
    response.content_type = None
    return response


def check_match(request: Any, tag: str) -> None:
    """Refuse to change a row that is no longer what the client knows (``If-Match``).

    Weak tags count as well: compression makes the same tag weak.

    :raises PreconditionFailed: it has changed
    """
    if not is_named(ETagMatcher.parse(request.headers["If-Match"], strong=False), tag):
        raise PreconditionFailed


def is_named(sent: Any, tag: str) -> bool:
    """Tell whether a header names a tag, as it was answered or as a proxy changed it.

    :param sent: WebOb's reading of the header
    """
    return any(f"{tag}{suffix}" in sent for suffix in PROXY_SUFFIXES)
