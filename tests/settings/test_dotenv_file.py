import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoptrack.settings import ConfigurationError, Settings, Sources

DJANGO_CHARACTERS = string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)"
PRINTABLE = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")


def read(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Sources(environ={}, dotenv_path=path)


@pytest.fixture
def dotenv(tmp_path):
    return tmp_path / ".env"


def secret_key(sources):
    return sources.read(Settings).secret_key.get_secret_value()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return tmp_path_factory.mktemp("dotenv") / ".env"


@given(st.text(DJANGO_CHARACTERS, min_size=50, max_size=50))
def test_a_key_of_the_old_generator_needs_no_quotes(shared, key):
    assert secret_key(read(shared, f"DJANGO_SECRET_KEY={key}\n")) == key
    assert secret_key(Sources(environ={"DJANGO_SECRET_KEY": key}, dotenv_path=None)) == key


@pytest.mark.parametrize(
    "key", ["#" * 50, "$" * 50, "${HOME}" * 8, "=" * 50, "%" * 50, "%(x)s" * 9]
)
def test_no_character_means_more_than_itself(dotenv, key):
    assert secret_key(read(dotenv, f"DJANGO_SECRET_KEY={key}")) == key


@given(st.text(PRINTABLE, min_size=32, max_size=60))
def test_any_printable_key_can_be_written_between_single_quotes(shared, key):
    quoted = key.replace("\\", "\\\\").replace("'", "\\'")
    assert secret_key(read(shared, f"SHOPTRACK_SECRET_KEY='{quoted}'\n")) == key


@pytest.mark.parametrize(
    "line",
    [
        "SHOPTRACK_ALLOWED_HOSTS=a.example",
        "export SHOPTRACK_ALLOWED_HOSTS=a.example",
        "SHOPTRACK_ALLOWED_HOSTS = 'a.example'  # the only one",
        'SHOPTRACK_ALLOWED_HOSTS="a.example"',
        "SHOPTRACK_ALLOWED_HOSTS=b.example\nSHOPTRACK_ALLOWED_HOSTS=a.example",
        "\n# a comment\n\n  SHOPTRACK_ALLOWED_HOSTS=a.example # the only one",
    ],
)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_ways_to_write_a_line(dotenv, line, bom, end):
    text = f"{line}\nDEBUG=1\n".replace("\n", end)
    settings = read(dotenv, bom + text.encode()).read(Settings)
    assert (settings.allowed_hosts, settings.debug) == (("a.example",), True)


def test_an_existing_file_keeps_working_as_it_is(dotenv):
    settings = read(
        dotenv,
        "DJANGO_SECRET_KEY=k#$2%^&*(-_=+)!@abcdefghijklmnopqrstuvwxyz01234567\n"
        "DJANGO_DEBUG=False\n"
        "DJANGO_ALLOWED_HOSTS=localhost,127.0.0.1, .example.com\n"
        "DJANGO_CORS_ALLOWED_ORIGINS=https://shop.example.com,http://localhost:5173/\n"
        "DATABASE_URL=postgres://shop:p%40ss@db:5432/shop\n"
        "DJANGO_SETTINGS_MODULE=config.settings\n"
        "DJANGO_SUPERUSER_PASSWORD=x\n"
        "HOST_DOMAIN=example.com\n"
        "JUST_A_NAME\n",
    ).read(Settings)
    assert settings.debug is False
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", ".example.com")
    assert settings.cors_allowed_origins == ("https://shop.example.com", "http://localhost:5173")
    assert settings.database_url.password == "p@ss"


def test_without_a_file_the_defaults_hold(tmp_path):
    sources = Sources({"shoptrack.debug": "on"}, {}, tmp_path / "missing" / ".env")
    assert sources.read(Settings).debug is True


def test_a_folder_of_that_name_is_no_file(tmp_path):
    Sources({}, {}, tmp_path)


def test_a_file_that_cannot_be_read_stops_the_start(dotenv):
    dotenv.symlink_to(dotenv)  # Unreadable even to root, whom permissions do not stop.
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read: .+ Let ShopTrack's user"):
        Sources({}, {}, dotenv)


@pytest.mark.parametrize("content", [b"DEBUG=1\nA=secret\xff\n", "DEBUG=1".encode("utf-16")])
def test_a_file_that_is_not_utf_8_stops_the_start(dotenv, content):
    with pytest.raises(
        ConfigurationError, match=r"\.env is not UTF-8 .+ Save it as UTF-8"
    ) as error:
        read(dotenv, content)
    assert "secret" not in str(error.value)
    assert error.value.__context__ is None


@pytest.mark.parametrize(
    "line", ['SHOPTRACK_SECRET_KEY="hidden', "export SHOPTRACK_SECRET_KEY='hidden'x"]
)
def test_a_broken_line_stops_the_start_and_is_not_shown(dotenv, line):
    expected = r"Line 3 of .+\.env \(SHOPTRACK_SECRET_KEY\) is no NAME=value"
    with pytest.raises(ConfigurationError, match=expected) as error:
        read(dotenv, f"DEBUG=1\n\n{line}\nB=2\n")
    assert "hidden" not in str(error.value)


def test_a_broken_line_without_a_name_is_told_by_its_number(dotenv):
    with pytest.raises(ConfigurationError, match=r"Line 2 of .+\.env is no NAME=value"):
        read(dotenv, "DEBUG=1\nsome words\n")
