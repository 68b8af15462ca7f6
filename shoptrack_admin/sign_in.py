"""Signing in and out."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack_admin.addresses import safe_path
from shoptrack_admin.pages import add_page
from shoptrack_auth import browser, sign_ins


def show(request):
    """Ask for name and password; a member of the staff who is signed in is led on."""
    following = safe_path(request.GET.get("next"))
    if request.identity and request.identity.is_staff:
        return HTTPSeeOther(following or request.route_path("admin:index"))
    return {"errors": {}, "username": "", "next": following}


def sign_out(request):
    """End the session, if there is one."""
    if request.identity:
        sign_ins.end(request.db, [request.identity.sign_in_id])
    browser.forget(request)
    return HTTPSeeOther(request.route_path("admin:sign-in"))


def includeme(config):
    """Serve both to everybody."""
    add_page(
        config,
        "sign-in",
        "login/",
        get=show,
        template="shoptrack_admin:templates/sign_in.jinja2",
        permission=NO_PERMISSION_REQUIRED,
    )
    add_page(config, "sign-out", "logout/", post=sign_out, permission=NO_PERMISSION_REQUIRED)
