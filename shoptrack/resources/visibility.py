"""Hidden rows: the permissions that a caller lacks, and the replacements in documents.

The view permissions that a caller lacks, such as ``categories:view``, are called ``hidden``. A row that requires one of
them is shown as its id. If the household shares everything, the set is empty and costs nothing.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from shoptrack.errors import Forbidden
from shoptrack.i18n.translation import _

Hidden = frozenset[str]
Written = TypeVar("Written")

SHOW_ALL: Hidden = frozenset()


class HiddenRow(dict[str, Any]):
    """The document of a row that the caller may not view: its id."""


def get_hidden(identity: Any, declared: Collection[str], resources: Iterable[Any]) -> Hidden:
    """Return the view permissions that an identity lacks, for these resources and all that they nest.

    The identity has its permissions, so no statement is needed. A resource that this application does not serve has no
    permissions of its own: its rows are visible with the rows that nest them.

    :param identity: a `shoptrack.permissions.Identity`, ``None`` for a caller who is not signed in
    :param declared: the permissions of the application
    """
    return frozenset(
        permission
        for resource in resources
        for permission in resource.view_permissions()
        if permission in declared and not (identity and identity.has_permission(permission))
    )


def check_parameters(needs: Iterable[tuple[str, frozenset[str]]], hidden: Hidden) -> None:
    """Reject query parameters about data that the caller may not view.

    :param needs: the name of each parameter, and the permissions to view the data that it reads
    :raises Forbidden: naming each such parameter, and the missing permissions
    """
    if not hidden:
        return
    lacking = [(name, sorted(needed & hidden)) for name, needed in needs]
    named = [f"{name} ({', '.join(permissions)})" for name, permissions in lacking if permissions]
    if named:
        raise Forbidden(
            _("You lack the permissions for these parameters: ${needs}.", needs=", ".join(named))
        )


def is_partial(document: dict[str, Any]) -> bool:
    """Return whether a document or one that it nests is hidden."""
    return isinstance(document, HiddenRow) or any(
        is_partial(value) for value in document.values() if isinstance(value, dict)
    )


def write_visible(
    document: dict[str, Any], write: Callable[[dict[str, Any]], Written], otherwise: Written
) -> Written:
    """Return a function's result for a document, or a default if the function needs a hidden value."""
    try:
        return write(document)
    except (LookupError, TypeError):
        if not is_partial(document):
            raise
        return otherwise
