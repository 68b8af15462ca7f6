"""What plugins say about their place in the administration."""

import pytest
from webtest import TestApp

from shoptrack.db import Database
from shoptrack.plugins import AdminAction, AdminPage
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app


def test_columns_order_filters_and_actions_are_the_plugins(with_plugin, admin, make, said):
    ran = []

    def shout(request, ids):
        ran.append(ids)
        return f"Shouted at {len(ids)}."

    def includeme(config):
        config.add_admin(
            "stores",
            columns=["location", "name"],
            filters=[],
            ordering="-name",
            actions=[AdminAction("shout", "Shout", "stores:change", shout)],
        )

    stores = [make.store(name=name) for name in ("A", "B")]
    admin.app = with_plugin(includeme)
    page = admin.get("/admin/stores/")
    headings = [heading.text.strip() for heading in page.html.select("thead th")[1:]]
    assert headings == ["Location", "Name"]
    assert page.html.select("tbody tr")[0].select("td")[-1].text.strip() == "B"
    form = page.forms["rows"]
    form.fields["id"][0].checked = True
    form.action = "/admin/stores/actions/shout/"
    page = form.submit()
    assert page.html.select_one("ul.rows a").text == "B (Kyoto)"
    assert ran == []
    assert said(page.forms[1].submit().follow()) == ["Shouted at 1."]
    assert ran == [[stores[1].id]]


def test_a_page_of_its_own_is_in_the_menu(with_plugin, admin, staff_with):
    template = "shoptrack_admin:templates/error.jinja2"
    values = {"title": "Wishes", "message": "None.", "request_id": None}

    def includeme(config):
        config.add_permissions({"wishes:view": "see wishes"}, restricted=True)
        config.add_admin_page(
            AdminPage("wishes", "wishes", lambda request: values, template, "wishes:view")
        )

    app = with_plugin(includeme)
    admin.app = app
    assert "None." in admin.get("/admin/").click("^Wishes$")
    other = staff_with()
    other.app = app
    other.get("/admin/wishes/", status=403)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"columns": ["colour"]}, "columns=…) names 'colour'. The fields are name, location."),
        (
            {"filters": ["name__length"]},
            "filters=…) names 'name__length'. The fields are name, location.",
        ),
        (
            {"ordering": "price"},
            "ordering=…) names 'price'. Cannot order by 'price'. Available:",
        ),
    ],
)
def test_a_name_that_the_resource_does_not_have_stops_the_start(with_plugin, options, sentence):
    with pytest.raises(ConfigurationError) as error:
        with_plugin(lambda config: config.add_admin("stores", **options))
    assert sentence in str(error.value)


@pytest.mark.database("sqlite")
def test_nothing_happens_where_there_is_no_administration(database):
    app = make_test_app(database.url)
    TestApp(app).get("/admin/stores/", status=404)
    Database.of(app.registry).dispose()


def test_values_read_as_the_plugin_says(with_plugin, admin, make):
    def includeme(config):
        config.add_admin("stores", texts={"location": lambda store: f"in {store['location']}"})

    make.store(name="Life", location="Kyoto")
    admin.app = with_plugin(includeme)
    assert "in Kyoto" in admin.get("/admin/stores/").html.tbody.text
