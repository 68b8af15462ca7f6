"""The permissions of the wishlist, besides those of its resource."""

from enum import StrEnum


class WishPermission(StrEnum):
    """Names of permissions."""

    VOTE = "wishes:vote"
    BUY_WISHES = "wishes:buy"
