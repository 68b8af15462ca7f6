"""What is set for a plugin that is off is a warning; what no installed plugin knows stops the start."""

import pytest

from shoptrack import make_app
from shoptrack.settings import ConfigurationError, Sources
from shoptrack.testing import SECRET_KEY

TABLE = """
    raise SystemExit("a plugin that is off is not imported")

    from shoptrack.settings import SettingsTable, setting

    class Wishes(SettingsTable):
        '''Wishes.'''
        limit: int = setting(
            10, "SHOPTRACK_WISH_LIMIT", "SHOPTRACK_OLD_LIMIT", expected="a number"
        )
"""


@pytest.fixture
def start(tmp_path):
    """Return a function that starts an application with these settings."""

    def start(*, environ=None, dotenv="", **ini):
        (tmp_path / ".env").write_text(dotenv)
        values = {"shoptrack.secret_key": SECRET_KEY, **ini}
        make_app(Sources(values, environ or {}, tmp_path / ".env"))

    return start


@pytest.fixture
def wishes(plugin, installed):
    """Install a plugin with settings."""
    installed("wish-list", entry_points="[shoptrack.plugins]\nwishes = wish_list\n")
    return plugin("wish_list", "import nowhere", **{"parts/settings": TABLE})


def test_it_is_warned_of_and_nothing_is_imported(start, wishes, caplog):
    start(
        environ={"SHOPTRACK_WISH_LIMIT": "hidden"},
        dotenv="SHOPTRACK_OLD_LIMIT=hidden",
        **{"shoptrack.wish_limit": "hidden"},
    )
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", f"{name} has no effect: its plugin 'wishes' is not enabled.")
        for name in (
            "SHOPTRACK_WISH_LIMIT in the environment",
            "SHOPTRACK_OLD_LIMIT in .env",
            "shoptrack.wish_limit in the .ini",
        )
    ]


def test_what_no_plugin_knows_stops_the_start(start, wishes):
    with pytest.raises(ConfigurationError) as stop:
        start(environ={"SHOPTRACK_WISH_LIMIT": "1", "SHOPTRACK_WISH_LIMITS": "1"})
    sentence = str(stop.value)
    assert (
        "- SHOPTRACK_WISH_LIMITS in the environment. Did you mean SHOPTRACK_WISH_LIMIT?" in sentence
    )
    assert "- SHOPTRACK_WISH_LIMIT in" not in sentence
    assert "SHOPTRACK_WISH_LIMIT (shoptrack.wish_limit)" not in sentence


def test_so_does_what_belongs_to_a_plugin_that_is_not_installed(start, plugin):
    plugin("wish_list", TABLE)
    with pytest.raises(ConfigurationError, match="- SHOPTRACK_WISH_LIMIT in the environment"):
        start(environ={"SHOPTRACK_WISH_LIMIT": "1"})


def test_so_does_what_an_enabled_plugin_declares_and_does_not_add(start, plugin, installed):
    installed("wish-list", entry_points="[shoptrack.plugins]\nwishes = wish_list\n")
    plugin("wish_list", "def includeme(config): ...", settings=TABLE)
    with pytest.raises(ConfigurationError, match="- SHOPTRACK_WISH_LIMIT in the environment"):
        start(environ={"SHOPTRACK_WISH_LIMIT": "1"}, **{"shoptrack.plugins": "wishes"})


def test_a_plugin_whose_code_cannot_be_read_has_no_settings(start, plugin, installed):
    installed("wish-list", entry_points="[shoptrack.plugins]\nwishes = wish_list\n")
    plugin("wish_list", TABLE.replace("limit: int", "limit int"))
    with pytest.raises(ConfigurationError, match="- SHOPTRACK_WISH_LIMIT in the environment"):
        start(environ={"SHOPTRACK_WISH_LIMIT": "1"})


@pytest.mark.parametrize("name", ["SHOPTRACK_ACCESS_TOKEN_SECONDS", "SHOPTRACK_MONTH_START"])
def test_the_plugins_that_are_shipped_may_be_off(start, caplog, name):
    start(environ={name: "x"})
    assert f"{name} in the environment has no effect" in caplog.text


def test_without_an_unknown_name_no_plugin_is_looked_at(start, plugin, installed, monkeypatch):
    monkeypatch.setattr("shoptrack.plugins.loader.find_disabled_variables", lambda enabled: 1 / 0)
    start(environ={"SHOPTRACK_MAX_STREAMS": "2"})
