"""What members of the household see, who are no staff: what the API shows them."""

import pytest
from pyramid.response import Response

from shoptrack.permissions import SIGNED_IN
from shoptrack.plugins import AdminAction, AdminColumn, AdminPage, AdminPanel
from shoptrack.testing import capture_statements

pytestmark = pytest.mark.database("sqlite")

PERMISSION = "stores:view"
TEMPLATE = """{% extends "shoptrack_admin:templates/layout.jinja2" %}
{% block title %}Wishes{% endblock %}{% block breadcrumbs %} {% endblock %}"""


@pytest.fixture
def member(browser_of, user):
    """The browser of somebody to whom nothing was granted."""
    return browser_of(user)


def menu(page) -> list[str]:
    return [link.text for link in page.html.find(class_="menu").find_all("a")]


@pytest.mark.model_permissions
def test_a_member_without_permissions_sees_nothing(member, make):
    make.record(store_id=make.store(name="Corner shop").id)
    page = member.get("/admin/")
    assert menu(page) == ["Overview"]
    assert "Corner shop" not in page
    assert "Your account has no access to the household’s data yet." in page
    member.get("/admin/stores/", status=403)


@pytest.mark.model_permissions
def test_a_member_sees_what_was_granted(member, user, grant, make):
    grant(user, PERMISSION)
    make.store(name="Corner shop")
    page = member.get("/admin/")
    assert menu(page) == ["Overview", "Stores"]
    page = member.get("/admin/stores/")
    assert "Corner shop" in page
    assert "/admin/stores/add/" not in page


def test_where_the_household_shares_a_member_works_with_its_data(member, make, submit):
    make.record()
    page = member.get("/admin/")
    assert menu(page)[:2] == ["Enter a receipt", "Overview"]
    assert {"Stores", "Products", "Shopping records", "Reports"} < set(menu(page))
    assert not {"Users", "Groups", "History"} & set(menu(page))
    assert {panel["aria-labelledby"] for panel in page.html.select("section.panel")} >= {
        "newest",
        "counts",
    }
    values = {"name": "Market", "location": "Kyoto"}
    submit(member, "/admin/stores/add/", values, status=303)
    page = member.get("/admin/stores/")
    assert "Market" in page
    row = member.get(page.html.tbody.a["href"])
    assert "/history/" not in row
    for path in ("users", "groups", "history"):
        page = member.get(f"/admin/{path}/", status=403)
        assert "which is for staff" in page


def test_staff_see_no_less_than_members(browser_of, staff):
    client = browser_of(staff)
    assert {"Stores", "Reports"} < set(menu(client.get("/admin/")))


def test_what_is_for_staff_requires_that_it_was_granted_in_every_household(
    browser_of, staff, grant
):
    client = browser_of(staff)
    for path in ("users", "groups", "history"):
        client.get(f"/admin/{path}/", status=403)
    grant(staff, "users:view")
    assert "Users" in menu(client.get("/admin/"))
    client.get("/admin/users/")


def test_who_is_deactivated_is_out_at_the_next_request(member, user, alter):
    member.get("/admin/stores/")
    alter.user(user, is_active=False)
    member.get("/admin/stores/", status=302)


@pytest.fixture
def with_contributions(with_plugin, templates):
    """Return a function that builds an application with one contribution of each kind."""

    def build(mode, **options):
        (templates / "wishes.jinja2").write_text(TEMPLATE)
        (templates / "panel.jinja2").write_text("<p>My panel</p>")

        def includeme(config):
            config.add_admin_page(
                AdminPage(
                    "wishes",
                    "Wishes",
                    lambda r: {},
                    "stranger:wishes.jinja2",
                    PERMISSION,
                    **options,
                )
            )
            config.add_admin_panel(
                AdminPanel("wishes", "stranger:panel.jinja2", lambda r: {}, PERMISSION, **options)
            )
            config.add_admin_column("stores", AdminColumn("visits", "Visits", len, **options))
            config.add_admin_action(
                "stores", AdminAction("close", "Close", PERMISSION, lambda r, ids: "", **options)
            )

        return with_plugin(includeme, shoptrack__api_permissions=mode)

    return build


def see(client) -> list[bool]:
    """Return whether the client sees the page, its menu entry, the panel, the column and the action's two parts."""
    overview, rows = client.get("/admin/"), client.get("/admin/stores/")
    return [
        client.get("/admin/wishes/", status="*").status_int == 200,
        "Wishes" in menu(overview),
        "My panel" in overview,
        "Visits" in rows,
        "actions/close" in rows,
        client.get("/admin/stores/actions/close/", status="*").status_int != 403,
    ]


@pytest.mark.parametrize("mode", ["authenticated", "model"])
def test_what_a_plugin_adds_is_for_staff_unless_it_says_otherwise(
    browser_of, staff_with, user, grant, make, mode, with_contributions
):
    make.store()
    member, staff = browser_of(user), staff_with(PERMISSION)
    grant(user, PERMISSION)
    member.app = staff.app = with_contributions(mode)
    assert (see(member), see(staff)) == ([False] * 6, [True] * 6)
    member.app = with_contributions(mode, staff_only=False)
    assert see(member) == [True] * 6


@pytest.mark.parametrize("is_staff", [False, True])
def test_a_page_that_a_plugin_serves_by_itself_is_for_staff(
    browser_of, make_user, with_plugin, is_staff
):
    def includeme(config):
        config.add_route("mine", "/admin/mine/")
        config.add_view(lambda r: Response("mine"), route_name="mine", permission=SIGNED_IN)

    client = browser_of(make_user("mia", is_staff=is_staff))
    client.app = with_plugin(includeme)
    client.get("/admin/mine/", status=200 if is_staff else 403)


def test_what_is_for_staff_asks_for_grants_where_the_household_shares(
    browser_of, staff, user, make, with_contributions
):
    make.store()
    client = browser_of(staff)
    client.app = with_contributions("authenticated")
    assert see(client) == [False, False, False, True, False, False]  # the column asks for nothing
    client.app = with_contributions("authenticated", staff_only=False)
    assert see(client) == [True] * 6


def test_pages_of_members_take_few_statements(member, make, database):
    record = make.record()
    for path in ("", "stores/", f"shopping-records/{record.id}/", "account/", "account/profile/"):
        with capture_statements(database) as statements:
            member.get(f"/admin/{path}")
        assert len(statements) <= 6, path
