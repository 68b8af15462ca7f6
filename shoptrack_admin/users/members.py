"""The members of a group, and the users who can become members."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import Row, select

from shoptrack.db import by_code_points
from shoptrack_auth.models import User, UserGroup

MAX_LISTED = 100


class Members(NamedTuple):
    """Members and other users, each by name and at most `MAX_LISTED`.

    :param listed: the members
    :param others: active users who are no members
    :param version: a hash of the members, which a form sends back
    :param is_complete: whether all others are listed
    """

    listed: Sequence[Row]
    others: Sequence[Row]
    version: str
    is_complete: bool


def find_members(request, group_id: int) -> Members:
    """Return the members of a group, and the other users."""
    member = select(UserGroup.user_id).where(UserGroup.group_id == group_id)
    users = select(User.id, User.username, User.first_name, User.last_name, User.is_active)
    users = users.order_by(by_code_points(User.username_key)).limit(MAX_LISTED + 1)
    listed = request.reader.execute(users.where(User.id.in_(member))).all()[:MAX_LISTED]
    others = request.reader.execute(users.where(User.is_active, User.id.not_in(member))).all()
    digest = blake2b(repr([user.id for user in listed]).encode(), digest_size=8)
    is_complete = len(others) <= MAX_LISTED
    return Members(listed, others[:MAX_LISTED], digest.hexdigest(), is_complete)
