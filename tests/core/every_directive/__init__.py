"""A plugin that calls every directive: wishes, and a hint on each product. `gate` calls two more."""

from importlib.resources import files

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.events import BeforeRowsDeleted
from shoptrack.plugins import AdminAction, AdminColumn, AdminPage, AdminPanel, AdminRowPanel
from shoptrack.resources import Boolean
from shoptrack.rest import Service

from . import views
from .extension import (
    HintIsKept,
    ProductHint,
    check_hints,
    find_factor,
    find_short_hints,
    has_hint,
    keep_hints,
)
from .resources import WishResource
from .settings import WishPermission, WishSettings

TEMPLATES = "every_directive:templates"


def includeme(config):
    """Add wishes and hints."""
    config.require_plugin("shoptrack_auth", "which knows who wishes")
    config.add_settings_table(WishSettings)
    config.add_migrations("every_directive", "every_directive:revisions")
    config.add_permissions(WishPermission, restricted=True)
    config.add_resource(WishResource)
    config.extend_resource("products", ProductHint)
    config.add_validator("products", check_hints)
    config.add_warnings("products", find_short_hints)
    config.add_filter("products", Boolean("has_hint"), has_hint)
    config.add_unit_factors(find_factor)
    config.add_error("products", HintIsKept)
    config.add_subscriber(keep_hints, BeforeRowsDeleted)
    service = Service("wishes:count", "/api/count-of-wishes/")
    service.add_view("GET", views.count, permission=WishPermission.COUNT_WISHES)
    service.add_view("POST", views.count, permission=WishPermission.COUNT_WISHES)
    config.add_service(service)
    config.set_max_body_size("/api/count-of-wishes/", 100)
    config.add_health_check("shop of wishes", views.check_shop)
    config.add_deploy_check("every_directive.limit", views.check_limit)
    config.add_admin("wishes", columns=["name"], texts={"name": lambda wish: wish["name"].upper()})
    page = f"{TEMPLATES}/page.jinja2", "wishes:view"
    config.add_admin_page(AdminPage("wish-page", "All wishes", views.load_names, *page))
    panel = f"{TEMPLATES}/panel.jinja2", views.load_names, "wishes:view"
    config.add_admin_panel(AdminPanel("wish-panel", *panel))
    row_panel = f"{TEMPLATES}/row_panel.jinja2", views.load_next, "wishes:view"
    config.add_admin_row_panel("wishes", AdminRowPanel("next", *row_panel))
    config.add_admin_column("wishes", AdminColumn("length", "length", value=views.get_length))
    config.add_admin_action(
        "wishes", AdminAction("fulfil", "Fulfil", "wishes:delete", views.fulfil)
    )
    config.add_job("every_directive.fulfil", views.fulfil_all, at="03:30")
    mapping = files("every_directive") / "shoplist.toml"
    config.add_csv_mapping("wishes", "shoplist", mapping)
    config.add_proxy_header("X-Wisher")
    config.add_authenticator("wisher", views.authenticate)
    config.add_route("wishes:door", "/wishes-door/")
    config.add_view(views.open_door, route_name="wishes:door", permission=NO_PERMISSION_REQUIRED)
    config.add_sign_in_link("Through the door", "wishes:door")
