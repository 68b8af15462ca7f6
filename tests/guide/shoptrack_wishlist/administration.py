"""What the administration shows of wishes."""

from datetime import timedelta

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import select

from shoptrack.errors import ValidationError
from shoptrack.plugins import AdminAction, AdminPage, AdminPanel
from shoptrack.resources import Date, Repository, Schema
from shoptrack_wishlist.models import Wish
from shoptrack_wishlist.resources import WishResource
from shoptrack_wishlist.translation import _

TEMPLATES = "shoptrack_wishlist:templates"
CHANGE = WishResource.permission("change")
POSTPONEMENT = Schema("Postponement", [Date("to", verbose_name=_("To"))])


def postpone(request, ids):
    """Postpone the selected wishes by a week."""
    wishes = Repository.of(request.registry, WishResource)
    postponed = 0
    for id in ids:
        wish = wishes.lock(request.db, id)
        if wish is not None and wish.document["wanted_by"] is not None:
            day = wish.document["wanted_by"] + timedelta(weeks=1)
            wishes.update(request.db, wish, {"wanted_by": day.isoformat()}, is_partial=True)
            postponed += 1
    return _("Wishes postponed: ${number}.", number=postponed)


def load_newest(request):
    """Return the newest wishes, for the panel."""
    newest = select(Wish.reason).order_by(Wish.id.desc()).limit(5)
    reasons = request.reader.scalars(newest).all()
    return {"reasons": reasons} if reasons else None


def show_form(request):
    """Show the form that postpones all wishes."""
    return {"to": "", "errors": {}}


def postpone_all(request):
    """Postpone all wishes that have a day."""
    try:
        day = POSTPONEMENT.validate(dict(request.form))["to"]
    except ValidationError as invalid:
        request.response.status_int = 400
        return {"to": request.form.get("to", ""), "errors": invalid.errors}
    wishes = Repository.of(request.registry, WishResource)
    for id in request.db.scalars(select(Wish.id).where(Wish.wanted_by < day)).all():
        if wish := wishes.lock(request.db, id):
            wishes.update(request.db, wish, {"wanted_by": day.isoformat()}, is_partial=True)
    request.messages.add(_("The wishes were postponed."))
    return HTTPSeeOther(request.route_path("admin:page:postpone"))


def includeme(config):
    """Set up the list, a panel and a page."""
    config.add_admin(
        "wishes",
        columns=("product", "reason", "wanted_by"),
        filters=("wanted_by",),
        ordering="-reason",
        actions=[AdminAction("postpone", _("Postpone by a week"), CHANGE, postpone)],
        texts={"reason": lambda wish: wish["reason"].capitalize()},
    )
    config.add_admin_panel(
        AdminPanel("wishes", f"{TEMPLATES}/panel.jinja2", load_newest, "wishes:view", order=15)
    )
    template = f"{TEMPLATES}/postpone.jinja2"
    page = AdminPage(
        "postpone",
        _("Postpone"),
        show_form,
        template,
        CHANGE,
        section=_("Wishes"),
        post=postpone_all,
    )
    config.add_admin_page(page)
