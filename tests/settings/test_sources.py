import os

import pytest
from pydantic import ValidationError
from pyramid.registry import Registry

from shoptrack.settings import ConfigurationError, Settings, SettingsTable, Sources, setting


class Basket(SettingsTable):
    """A table such as a plugin brings."""

    size: int = setting(10, "SHOPTRACK_BASKET_SIZE", "BASKET_SIZE", ge=1, expected="a number")
    colours: str = setting("red", "SHOPTRACK_BASKET_COLOURS", expected="colours")


@pytest.fixture
def sources(tmp_path):
    """Return sources from the three places, and nothing from this process."""

    def make(environ=None, dotenv="", ini=None):
        path = tmp_path / ".env"
        path.write_text(dotenv)
        return Sources(ini=ini, environ=environ or {}, dotenv_path=path)

    return make


def test_the_environment_wins_over_dotenv_over_the_ini_over_the_default(sources):
    environ = {"SHOPTRACK_BASKET_SIZE": "4"}
    dotenv = "SHOPTRACK_BASKET_SIZE=3\n"
    ini = {"shoptrack.basket_size": "2"}
    assert sources(environ, dotenv, ini).read(Basket).size == 4
    assert sources({}, dotenv, ini).read(Basket).size == 3
    assert sources({}, "", ini).read(Basket).size == 2
    assert sources().read(Basket).size == 10


def test_within_a_source_the_own_name_wins_and_a_higher_source_wins_over_any_name(sources):
    both = {"BASKET_SIZE": "4", "SHOPTRACK_BASKET_SIZE": "5"}
    assert sources(both).read(Basket).size == 5
    assert sources({"BASKET_SIZE": "4"}, "SHOPTRACK_BASKET_SIZE=3").read(Basket).size == 4


def test_an_older_name_is_no_key_of_the_ini(sources):
    assert sources(ini={"basket_size": "4", "BASKET_SIZE": "4"}).read(Basket).size == 10


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_value_counts_as_not_set(sources, empty):
    environ = {"SHOPTRACK_BASKET_SIZE": empty, "BASKET_SIZE": empty}
    assert sources(environ, "SHOPTRACK_BASKET_SIZE=\nBASKET_SIZE=3").read(Basket).size == 3


def test_a_variable_replaces_and_never_adds(sources):
    ini = {"shoptrack.debug": "true", "shoptrack.allowed_hosts": "a.example, b.example"}
    settings = sources({"SHOPTRACK_ALLOWED_HOSTS": "c.example"}, ini=ini).read(Settings)
    assert settings.allowed_hosts == ("c.example",)


def test_white_space_around_a_value_is_dropped(sources):
    assert sources({"SHOPTRACK_BASKET_COLOURS": "  blue\n"}).read(Basket).colours == "blue"


def test_by_default_the_process_and_dotenv_in_the_working_folder_are_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SHOPTRACK_BASKET_COLOURS=blue\nSHOPTRACK_BASKET_SIZE=3\n")
    monkeypatch.setenv("SHOPTRACK_BASKET_SIZE", "4")
    before = dict(os.environ)
    assert repr(Sources().read(Basket)) == "Basket(size=4, colours='blue')"
    assert dict(os.environ) == before


def test_a_table_made_by_hand_reads_no_source(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("colours=blue\nSHOPTRACK_BASKET_COLOURS=blue\n")
    monkeypatch.setenv("SHOPTRACK_BASKET_SIZE", "4")
    monkeypatch.setenv("size", "4")
    assert repr(Basket(size=7)) == "Basket(size=7, colours='red')"


def test_a_ready_value_of_the_ini_is_taken(sources):
    ini = {"shoptrack.debug": True, "shoptrack.plugins": ("auth", "admin")}
    settings = sources(ini=ini).read(Settings)
    assert settings.debug is True
    assert settings.plugins == ("auth", "admin")


def test_a_table_cannot_be_changed():
    with pytest.raises(ValidationError):
        Basket().size = 3


def test_the_registry_holds_each_applications_own_table():
    one, other = Registry("one"), Registry("other")
    one[Basket], other[Basket] = Basket(size=1), Basket(size=2)
    assert (Basket.of(one).size, Basket.of(other).size) == (1, 2)


def test_a_table_tells_its_variables():
    assert Basket.get_variable_names() == (
        "SHOPTRACK_BASKET_SIZE",
        "BASKET_SIZE",
        "SHOPTRACK_BASKET_COLOURS",
    )
    assert [variable.ini_key for variable in Basket.get_variables()] == [
        "shoptrack.basket_size",
        "shoptrack.basket_colours",
    ]


def test_a_field_that_is_not_declared_as_a_setting_is_a_mistake_of_the_table():
    class Wrong(SettingsTable):
        size: int = 3

    with pytest.raises(TypeError, match="Declare size with"):
        Sources(environ={}, dotenv_path=None).read(Wrong)


def test_unknown_names_stop_the_start_and_the_nearest_known_one_is_named(sources):
    read = sources(
        {"SHOPTRACK_BASKET_SISE": "1"}, "SHOPTRACK_DEBUGG=hidden", {"shoptrack.secretkey": "hidden"}
    )
    with pytest.raises(ConfigurationError) as error:
        read.check_unknown([Settings, Basket])
    message = str(error.value)
    assert (
        "SHOPTRACK_BASKET_SISE in the environment. Did you mean SHOPTRACK_BASKET_SIZE?" in message
    )
    assert "SHOPTRACK_DEBUGG in .env. Did you mean SHOPTRACK_DEBUG?" in message
    assert "shoptrack.secretkey in the .ini. Did you mean shoptrack.secret_key?" in message
    assert "SHOPTRACK_TRUSTED_PROXIES (shoptrack.trusted_proxies)" in message
    assert "hidden" not in message


def test_a_name_is_known_by_the_tables_that_are_there(sources):
    read = sources({"SHOPTRACK_BASKET_SIZE": "1"})
    read.check_unknown([Settings, Basket])
    with pytest.raises(ConfigurationError, match="- SHOPTRACK_BASKET_SIZE in the environment"):
        read.check_unknown([Settings])


def test_foreign_names_are_ignored(sources):
    sources(
        {
            "PATH": "/bin",
            "HOST_DOMAIN": "example.com",
            "DJANGO_SETTINGS_MODULE": "x",
            "BASKET": "1",
        },
        "POSTGRES_PASSWORD=x\nSHOPPING=1\n",
        {"pyramid.reload_templates": "true", "sqlalchemy.url": "x"},
    ).check_unknown([Settings])


def test_what_the_command_line_reads_is_known(sources):
    sources({"SHOPTRACK_CONFIG": "development.ini"}).check_unknown([Settings])
