"""What a stranger's plugin brings to the administration: pages, panels, an entry in the menu, a catalogue."""

import sys
import textwrap
from io import BytesIO

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from shoptrack.db import Database
from shoptrack.testing import make_test_app
from shoptrack_admin.testing import ENVIRON

pytestmark = pytest.mark.database("sqlite")

NAME = "shoptrack_testwishes"
PACKAGE = '''
    """Wishes."""

    from enum import StrEnum

    from pyramid.httpexceptions import HTTPSeeOther
    from shoptrack.i18n import MessageFactory
    from shoptrack.plugins import AdminPage, AdminPanel

    _ = MessageFactory("shoptrack_testwishes")


    class WishPermission(StrEnum):
        VIEW_WISHES = "testwishes:view"
        GRANT_WISHES = "testwishes:grant"


    def show(request):
        return {"errors": {}, "wish": ""}


    def grant(request):
        wish = request.form.get("wish", "").strip()
        if not wish:
            request.response.status_int = 400
            return {"errors": {"wish": [_("Name a wish.")]}, "wish": wish}
        request.messages.add(_("${wish} was granted.", wish=wish))
        return HTTPSeeOther(request.route_path("admin:page:testwishes"))


    def includeme(config):
        config.add_permissions(WishPermission)
        config.add_translation_dirs("shoptrack_testwishes:locale")
        config.add_admin_page(
            AdminPage(
                "testwishes",
                _("Wishes"),
                show,
                "shoptrack_testwishes:templates/wishes.jinja2",
                WishPermission.VIEW_WISHES,
                section=_("Dreams"),
                post=grant,
                post_permission=WishPermission.GRANT_WISHES,
            )
        )
        config.add_admin_panel(
            AdminPanel(
                "testwishes",
                "shoptrack_testwishes:templates/panel.jinja2",
                lambda request: {"most": "<b>Cake</b>"},
                "testwishes:view",
                order=15,
            )
        )
        config.add_admin_panel(
            AdminPanel("silent", "no:such.jinja2", lambda request: None, "testwishes:view")
        )
'''
TEMPLATES = {
    "wishes.jinja2": """
        {% extends "shoptrack_admin:templates/layout.jinja2" %}
        {% import "shoptrack_admin:templates/forms.jinja2" as forms with context %}
        {% block title %}{{ _("Wishes") }}{% endblock %}
        {% block breadcrumbs %} {% endblock %}
        {% block content %}
        <form method="post" class="card form" novalidate>
        {{ forms.summary(errors, {"wish": _("Wish")}) }}
        {{ forms.csrf() }}
        {{ forms.text("wish", _("Wish"), wish, errors, required=true) }}
        <div class="buttons"><button class="primary">{{ _("Grant") }}</button></div>
        </form>
        {% endblock %}
    """,
    "panel.jinja2": "<p id='wish'>{{ panel.most }}</p>",
}


@pytest.fixture(scope="module")
def shared_app(new_database, tmp_path_factory):
    """Build an application with a plugin that is written for it."""
    from shoptrack.testing import upgrade_database

    folder = tmp_path_factory.mktemp("plugin")
    package = folder / NAME
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text(textwrap.dedent(PACKAGE))
    for name, template in TEMPLATES.items():
        (package / "templates" / name).write_text(textwrap.dedent(template).lstrip())
    catalogue = Catalog(locale="ja", domain=NAME)
    for message, translation in {
        "Wishes": "願い事",
        "Dreams": "夢",
        "Wish": "願い",
        "Grant": "かなえる",
        "Name a wish.": "願い事を書いてください。",
        "${wish} was granted.": "${wish}がかないました。",
    }.items():
        catalogue.add(message, translation)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    path = package / "locale" / "ja" / "LC_MESSAGES" / f"{NAME}.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(compiled.getvalue())
    sys.path.insert(0, str(folder))
    try:
        app = make_test_app(new_database(), ("shoptrack_auth", "shoptrack_admin", NAME))
        upgrade_database(app)
        yield app
        Database.of(app.registry).dispose()
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop(NAME, None)


@pytest.fixture
def mio(browser_of, staff):
    return browser_of(staff)


def test_its_page_has_the_frame_and_is_in_the_menu(admin):
    page = admin.get("/admin/testwishes/")
    assert page.html.h1.text == "Wishes"
    menu = page.html.find(class_="menu")
    assert "Dreams" in [heading.text for heading in menu.find_all("h2")]
    assert menu.find(attrs={"aria-current": "page"}).text == "Wishes"


def test_it_speaks_the_readers_language_by_its_own_catalogue(admin):
    admin.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "ja"}
    page = admin.get("/admin/testwishes/")
    assert page.html.h1.text == "願い事"
    assert "夢" in [heading.text for heading in page.html.select(".menu h2")]
    assert page.html.title.text == "願い事 · ShopTrack"
    assert page.html.find("label").text.strip() == "願い"
    assert page.html.find(class_="primary").text == "かなえる"
    page.forms[1]["wish"] = "ケーキ"
    answer = page.forms[1].submit(status=303).follow()
    assert answer.html.find(class_="message").text == "ケーキがかないました。"


def test_its_form_shows_errors_in_the_readers_language(admin):
    for language, label, message in (
        ("en", "Wish", "Name a wish."),
        ("ja", "願い", "願い事を書いてください。"),
    ):
        admin.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": language}
        page = admin.get("/admin/testwishes/").forms[1].submit(status=400)
        assert page.html.select_one(".summary a").text == f"{label}: {message}"
        assert page.html.select_one("#error-wish").text.strip() == message


def test_its_panel_is_on_the_overview_and_escaped(admin):
    assert admin.get("/admin/").html.find(id="wish").text == "<b>Cake</b>"


def test_its_panel_has_a_place_among_the_others(admin, make):
    make.record()
    page = str(admin.get("/admin/").html)
    assert page.index('id="newest"') < page.index('id="wish"') < page.index('id="history"')


def test_its_form_is_guarded_though_it_says_nothing_of_that(admin):
    admin.post("/admin/testwishes/", {"wish": "Cake"}, status=403)


def test_without_its_permission_there_is_neither_page_nor_entry_nor_panel(
    mio, staff, grant, submit
):
    mio.get("/admin/testwishes/", status=403)
    page = mio.get("/admin/")
    assert "Wishes" not in page
    assert page.html.find(id="wish") is None
    grant(staff, "testwishes:view")
    assert "Wishes" in mio.get("/admin/")
    mio.get("/admin/testwishes/")


def test_looking_takes_one_permission_and_changing_another(mio, staff, grant, submit):
    grant(staff, "testwishes:view")
    submit(mio, "/admin/testwishes/", {"wish": "Cake"}, status=403)
    grant(staff, "testwishes:grant")
    submit(mio, "/admin/testwishes/", {"wish": "Cake"}, status=303)


def test_what_the_api_shares_is_asked_for_here(mio, auth_headers, staff, client):
    client.get("/api/categories/", headers=auth_headers(staff))
    mio.get("/admin/testwishes/", status=403)
