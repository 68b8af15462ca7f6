"""The first steps of a household that has no data yet."""

import pytest

from shoptrack_admin.overview.starters import STARTERS
from shoptrack_reports.units.amounts import UnitDefinition


def find_panel(page):
    return page.html.find(attrs={"aria-labelledby": "first-steps"})


def names(api, path) -> list[str]:
    return [row["name"] for row in api.get(f"/api/{path}/").json]


@pytest.mark.parametrize("language", STARTERS)
def test_one_button_adds_units_and_categories(admin, api, language):
    form = find_panel_form(admin)
    page = form.submit("starter", value=language, status=303).follow()
    assert "Added units" in page
    assert names(api, "units") == list(STARTERS[language]["units"])
    assert names(api, "categories") == list(STARTERS[language]["categories"])
    assert "receipt" in find_panel(page).text
    assert find_panel(page).form is None


def find_panel_form(admin):
    return next(
        form for form in admin.get("/admin/").forms.values() if form.action == "/admin/starter/"
    )


def test_two_clicks_add_them_once(admin, api):
    form = find_panel_form(admin)
    for _click in range(2):
        form.submit("starter", value="en", status=303)
    assert len(names(api, "units")) == len(STARTERS["en"]["units"])


def test_what_is_there_stays(admin, api, make):
    form = find_panel_form(admin)
    make.unit(name="wheel")
    form.submit("starter", value="en", status=303)
    assert names(api, "units") == ["wheel"]
    assert names(api, "categories") == list(STARTERS["en"]["categories"])


def test_other_languages_do_not_exist(admin, api):
    find_panel_form(admin).submit("starter", value="xx", status=404)
    assert names(api, "units") == []


@pytest.mark.database("sqlite")
def test_the_first_record_ends_them(admin, make):
    make.record()
    assert find_panel(admin.get("/admin/")) is None


@pytest.mark.model_permissions
@pytest.mark.database("sqlite")
def test_they_are_those_that_a_user_may_take(browser_of, staff, grant):
    client = browser_of(staff)
    assert find_panel(client.get("/admin/")) is None
    grant(staff, "shopping-records:add", "shopping-records:view")
    panel = find_panel(client.get("/admin/"))
    assert panel.form is None
    assert "Django" not in panel.text


@pytest.mark.model_permissions
@pytest.mark.database("sqlite")
def test_units_alone_may_not_be_added_by_whoever_may_add_only_these(
    browser_of, staff, grant, admin, api
):
    grant(staff, "units:add", "shopping-records:add")
    client = browser_of(staff)
    token = client.get("/admin/").forms[0]["csrf_token"].value
    client.post("/admin/starter/", {"starter": "en", "csrf_token": token}, status=403)
    assert names(api, "units") == []


def test_the_reports_know_each_unit():
    for starter in STARTERS.values():
        for name in starter["units"]:
            assert UnitDefinition(name).base_and_factor, name
