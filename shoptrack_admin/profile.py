"""The user's own profile: name, email address and language."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Forbidden, TooManyRequests, ValidationError
from shoptrack_admin.languages import LANGUAGE_NAMES, store_language
from shoptrack_admin.pages import add_page
from shoptrack_admin.sign_in import make_retry_message
from shoptrack_admin.translation import _
from shoptrack_auth.own_profile import OwnProfile, change_own_profile, get_own_profile

LABELS = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("Email address"),
    "language": _("Language"),
    "password": _("Current password"),
}


def show(request) -> dict[str, Any]:
    """Show the form."""
    return _page(request, get_own_profile(request)._mapping)


def change(request) -> Any:
    """Change the profile."""
    form = request.form
    language = form.get("language", "")
    values = {name: form.get(name, "") for name in ("first_name", "last_name", "email")}
    profile = OwnProfile(**values, language=language if language in LANGUAGE_NAMES else "")
    try:
        change_own_profile(request, profile, form.get("password"))
    except ValidationError as invalid:
        return _page(request, form, invalid.errors)
    except TooManyRequests as refusal:
        request.response.headers.update(refusal.headers())
        errors = {"": [make_retry_message(refusal.retry_after)]}
        return _page(request, form, errors, refusal.status)
    except Forbidden as refusal:
        return _page(request, form, {"": [refusal.detail]}, refusal.status)
    request.messages.add(_("Your profile was saved."))
    response = HTTPSeeOther(request.route_path("admin:account"))
    store_language(request, response, profile.language)
    return response


def _page(request, values: Any, errors: Any = None, status: int = 400) -> dict[str, Any]:
    """Return the template's values."""
    if errors:
        request.response.status_int = status
    return {
        "errors": errors or {},
        "values": values,
        "labels": LABELS,
        "has_password": not get_own_profile(request).lacks_password,
    }


def includeme(config):
    """Serve the page to every user."""
    add_page(
        config,
        "profile",
        "account/profile/",
        get=show,
        post=change,
        template="shoptrack_admin:templates/profile.jinja2",
        staff_only=False,
    )
