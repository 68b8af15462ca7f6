"""The output of the import command."""

from collections.abc import Iterator, Sequence

from shoptrack_django_import.importer import TableCount
from shoptrack_django_import.permissions import UnmappedPermission
from shoptrack_django_import.unusable_passwords import UnusablePassword


def format_counts(found: Sequence[TableCount]) -> Iterator[str]:
    """Return a line for each table, with a heading."""
    width = max(len(count.table) for count in found)
    yield f"{'Table':<{width}}  {'can be taken':>12}  {'cannot':>8}"
    for count in found:
        yield f"{count.table:<{width}}  {count.accepted:>12,}  {count.rejected:>8,}"


def format_unmapped_permissions(permissions: Sequence[UnmappedPermission]) -> Iterator[str]:
    """Return a line for each permission that is not imported, with a heading."""
    if permissions:
        yield "ShopTrack has no such permissions, so that who held them loses them:"
    for permission in permissions:
        holders = [
            format_count(permission.users, "user", "users") if permission.users else "",
            format_count(permission.groups, "group", "groups") if permission.groups else "",
        ]
        yield f"  {permission.name}, held by {' and '.join(filter(None, holders))}"


def format_unusable_passwords(users: Sequence[UnusablePassword]) -> Iterator[str]:
    """Return a line for each user who needs a new password, with a heading."""
    if users:
        yield (
            "The passwords of these users are kept in a form that is not read any more; "
            "shoptrack changepassword sets new ones:"
        )
    for user in users:
        yield f"  auth_user {user.id}: {user.username!r}"


def format_rejected(count: int) -> str:
    """Return the command's final message if rows are rejected."""
    return (
        f"{format_count(count, 'row', 'rows')} cannot be taken, as said above, and nothing was written. "
        "Mend them in the old database, or leave them out by --skip-invalid."
    )


def format_count(count: int, one: str, several: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else several}"
