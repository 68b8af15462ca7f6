"""Votes for wishes: ``/api/wishes/{id}/votes/``."""

from sqlalchemy import select

from shoptrack.errors import Conflict, NotFound
from shoptrack.history import record
from shoptrack.resources import ID, Repository
from shoptrack.rest import (
    Parameter,
    ResponseDescription,
    Service,
    describe_view,
    make_not_found,
    object_schema,
    parse_path_id,
)
from shoptrack_auth.models import User
from shoptrack_wishlist.models import WishVote
from shoptrack_wishlist.permissions import WishPermission
from shoptrack_wishlist.resources import WishResource
from shoptrack_wishlist.translation import _

PATH = [Parameter("id", ID, "The wish's id.", required=True)]
VOTE = object_schema(username={"type": "string"})


class AlreadyVoted(Conflict):
    """A user has one vote for a wish."""

    code = "already_voted"
    detail = _("You have voted for this wish already.")


@describe_view(
    path=PATH, responses=[ResponseDescription(201, "The vote.", VOTE), NotFound, AlreadyVoted]
)
def vote(request):
    """Vote for a wish."""
    wishes = Repository.of(request.registry, WishResource)
    wish = wishes.lock(request.db, parse_path_id(request, WishResource))
    if wish is None:
        raise make_not_found(WishResource)
    user = request.identity
    if request.db.get(WishVote, (wish.id, user.id)):
        raise AlreadyVoted
    request.db.add(WishVote(wish_id=wish.id, user_id=user.id))
    label = wish.document["reason"]
    record(request.db, "voted", path="wishes", row_id=wish.id, label=label, request=request)
    request.response.status_int = 201
    return {"username": user.username}


@describe_view(
    path=PATH, responses=[ResponseDescription(200, "The votes.", {"type": "array", "items": VOTE})]
)
def list_votes(request):
    """List the users who voted for a wish."""
    names = (
        select(User.username)
        .join(WishVote, WishVote.user_id == User.id)
        .where(WishVote.wish_id == parse_path_id(request, WishResource))
        .order_by(User.username)
    )
    return [{"username": name} for name in request.reader.scalars(names)]


def includeme(config):
    """Serve the votes."""
    service = Service("wishes:votes", "/api/wishes/{id}/votes/", description="Votes for a wish.")
    service.add_view("GET", list_votes, permission=WishResource.permission("view"))
    service.add_view("POST", vote, permission=WishPermission.VOTE)
    config.add_service(service)
