import traceback

import pyramid.exceptions
import pytest
from pydantic import SecretStr, field_validator, model_validator

from shoptrack.settings import ConfigurationError, Settings, SettingsTable, Sources, setting
from shoptrack.settings.value_types import mask_password


def refused(table, environ=None, ini=None, dotenv_path=None):
    with pytest.raises(ConfigurationError) as error:
        Sources(ini, environ or {}, dotenv_path).read(table)
    return error.value


def test_all_wrong_values_are_told_at_once_with_name_place_value_and_what_would_do(tmp_path):
    dotenv = tmp_path / ".env"
    dotenv.write_text("DJANGO_ALLOWED_HOSTS=,\n")
    environ = {"DJANGO_DEBUG": "maybe", "SHOPTRACK_DB_PORT": "x"}
    error = refused(Settings, environ, {"shoptrack.max_body_size": "2\n\x1b"}, dotenv)
    assert str(error).splitlines() == [
        "ShopTrack cannot start with these settings:",
        "- SHOPTRACK_DEBUG: found 'maybe' in the environment as DJANGO_DEBUG. It is neither on nor off. "
        "It takes true or false (1 and 0, yes and no, on and off will do).",
        "- SHOPTRACK_ALLOWED_HOSTS: found ',' in .env as DJANGO_ALLOWED_HOSTS. It takes names of hosts by "
        "commas, such as shop.example.com, .example.org.",
        "- SHOPTRACK_MAX_BODY_SIZE: found '2\\n\\x1b' in the .ini as shoptrack.max_body_size. It takes whole "
        "bytes, 1 to 33554432.",
        "- SHOPTRACK_DB_PORT: found 'x' in the environment. It takes the server's port, 1 to 65535.",
    ]


def test_it_is_pyramids_error_too():
    assert isinstance(refused(Settings), pyramid.exceptions.ConfigurationError)


class Vault(SettingsTable):
    """A plugin's table, whose own checks are careless."""

    token: SecretStr = setting("", "SHOPTRACK_TOKEN", secret=True, expected="a token")
    size: int = setting(1, "SHOPTRACK_VAULT_SIZE", secret=True, expected="a number")

    @field_validator("token", mode="before")
    @classmethod
    def _check(cls, value):
        if value:
            raise ValueError(f"No such token: {value}.")
        return value

    @model_validator(mode="after")
    def _whole(self):
        if self.size == 7:
            raise ValueError("The vault does not fit.")
        return self


def test_no_secret_is_in_the_message_the_traceback_or_the_chain():
    environ = {"SHOPTRACK_TOKEN": "hidden-1", "SHOPTRACK_VAULT_SIZE": "hidden-2"}
    error = refused(Vault, environ)
    assert "- SHOPTRACK_TOKEN: found *** in the environment. It takes a token." in str(error)
    assert "- SHOPTRACK_VAULT_SIZE: found *** in the environment. It takes a number." in str(error)
    assert "hidden" not in "".join(traceback.format_exception(error))
    assert error.__context__ is None
    assert error.__cause__ is None


def test_a_secret_that_is_a_common_word_is_not_told_by_what_is_masked():
    message = str(refused(Settings, {"SHOPTRACK_SECRET_KEY": "secret"}))
    assert "found *** in the environment. It has 6 bytes" in message
    assert "It takes 32 bytes or more; `shoptrack secret-key` prints a fresh one." in message


def test_a_check_of_a_whole_table_is_told_too():
    assert "- The vault does not fit." in str(refused(Vault, {"SHOPTRACK_VAULT_SIZE": "7"}))


def test_what_is_printed_shows_no_secret():
    environ = {
        "SHOPTRACK_SECRET_KEY": "hidden-" * 10,
        "DATABASE_URL": "postgresql://u:hidden@h/n",
        "SHOPTRACK_DB_PASSWORD": "hidden",
    }
    sources = Sources({"shoptrack.secret_key": "hidden"}, environ, None)
    settings = sources.read(Settings)
    assert "u:***@h" in repr(settings)
    for printed in (repr(settings), str(settings), repr(sources), str(sources)):
        assert "hidden" not in printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:hidden@h/n", "postgresql://u:***@h/n"),
        ("postgresql://u:hid@d:e/n@h/n", "postgresql://u:***@h/n"),
        ("postgresql://me@corp:hidden@h/n", "postgresql://me@corp:***@h/n"),
        ("postgres:u:hidden@h/n", "postgres:u:***@h/n"),
        ("u:hidden@h/n", "u:***@h/n"),
        ("postgresql://:hidden@h/n", "postgresql://:***@h/n"),
        ("postgresql://u@h/n?password=hidden&a=b", "postgresql://u@h/n?password=***&a=b"),
        ("host=h password='hid den' user=u", "host=h password=*** user=u"),
        ("postgresql://u@h:5432/n", "postgresql://u@h:5432/n"),
        ("http://localhost:5173", "http://localhost:5173"),
    ],
)
def test_the_password_of_an_address_is_masked(text, shown):
    assert mask_password(text) == shown
