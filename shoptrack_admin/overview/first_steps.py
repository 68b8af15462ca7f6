"""The overview's panel for a household without shopping records: what to do first."""

from itertools import compress
from operator import not_
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import exists, select

from shoptrack.catalog.resources import CategoryResource, UnitResource
from shoptrack.errors import Forbidden, NotFound
from shoptrack.permissions import SIGNED_IN
from shoptrack.plugins import AdminPanel
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import Repository
from shoptrack_admin.languages import LANGUAGE_NAMES
from shoptrack_admin.overview.starters import STARTERS
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _

ADD_RECORDS = "shopping-records:add"
PARTS = (UnitResource, CategoryResource)


def load_panel(request) -> dict[str, Any] | None:
    """Return the steps that the user may take, who sees that there are no records."""
    counts = {entry.model: count for entry, count in request.row_counts}
    may_start = all(request.has_permission(part.permission("add")) for part in PARTS)
    may_record = request.has_permission(ADD_RECORDS)
    if counts.get(ShoppingRecord) != 0 or not (may_start or may_record):
        return None
    has_parts = [bool(counts.get(part.model)) for part in PARTS]
    language = request.layout.language
    return {
        "starters": {language: STARTERS[language], **STARTERS},
        "languages": LANGUAGE_NAMES,
        "may_start": may_start and not all(has_parts),
        "may_record": may_record,
        "may_move": request.identity.is_superuser and not any(has_parts),
    }


def add_starter(request) -> HTTPSeeOther:
    """Add units where there are none, and categories where there are none.

    :raises Forbidden: the user may not add one of them
    :raises NotFound: no such language
    """
    starter = STARTERS.get(request.form.get("starter", ""))
    if starter is None:
        raise NotFound
    if not all(request.has_permission(part.permission("add")) for part in PARTS):
        raise Forbidden
    is_used = request.db.execute(select(*(exists(select(part.model.id)) for part in PARTS))).one()
    for part in compress(PARTS, map(not_, is_used)):
        bodies = [{"name": name} for name in starter[part.path]]
        Repository.of(request.registry, part.path).create_many(request.db, bodies)
        message = _("Added ${rows}: ${count}.", rows=part.plural(), count=len(bodies))
        request.messages.add(message)
    return HTTPSeeOther(request.route_path("admin:index"))


def includeme(config):
    """Show the panel first, and serve its button."""
    template = "shoptrack_admin:templates/panels/first_steps.jinja2"
    config.add_admin_panel(AdminPanel("first-steps", template, load_panel, SIGNED_IN, order=-10))
    add_page(
        config,
        "starter",
        "starter/",
        post=add_starter,
        permission=UnitResource.permission("add"),
        staff_only=False,
    )
