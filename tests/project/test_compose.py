"""The Compose files keep what users were promised, as far as their text can tell."""

import re

import pytest

from shoptrack.server.settings import ServerSettings
from shoptrack.settings import Settings, Sources
from shoptrack_admin.settings import AdminSettings
from shoptrack_auth.settings import AuthSettings, ThrottleSettings
from shoptrack_reports.settings import ReportSettings

from .conftest import ROOT

LOCAL = (ROOT / "compose.yml").read_text()
TRAEFIK = (ROOT / "compose.traefik.yml").read_text()
EXAMPLE = (ROOT / ".env_example").read_text()
DOTENV = {
    "CONTAINER_REGISTRY_URL": "registry.example.com",
    "DATABASE_URL": "postgresql://ken:secret@db.example.com/shop",
    "HOST_DOMAIN": "example.com",
    "SHOPTRACK_DB_PASSWORD": "p@ss/word",
    "SHOPTRACK_SECRET_KEY": "k" * 32,
}
both = pytest.mark.parametrize("text", [LOCAL, TRAEFIK], ids=["compose.yml", "compose.traefik.yml"])


def interpolate(text: str, variables: dict[str, str]) -> str:
    """Fill in ${NAME}, ${NAME:-default} and ${NAME:?message} from the innermost outwards."""
    expression = re.compile(r"\$\{(\w+)(?::([-?])([^{}]*))?\}")

    def value(match: re.Match) -> str:
        name, operator, rest = match.groups()
        assert variables.get(name) or operator != "?", f"{name} is missing: {rest}"
        return variables.get(name) or (rest if operator == "-" else "")

    while expression.search(text):
        text = expression.sub(value, text)
    return text


def environment(text: str, **variables: str) -> dict[str, str]:
    """Return what the application's container is given."""
    rest = interpolate(text, variables).split("  environment:\n")[1]
    block = re.split(r"^ {0,3}\w", rest, maxsplit=1, flags=re.MULTILINE)[0]
    pairs = re.findall(r'^ {4}(\w+): (?:&\w+ )?"?(.*?)"?(?: #.*)?$', block, re.MULTILINE)
    assert pairs
    return dict(pairs)


def settings(text: str, **variables: str) -> Settings:
    """Return how the application understands it."""
    sources = Sources({}, environment(text, **variables), None)
    sources.refuse_unknown(
        [Settings, AuthSettings, ThrottleSettings, AdminSettings, ReportSettings, ServerSettings]
    )
    return sources.read(Settings)


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in DOTENV.items() if name not in names}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (LOCAL, "SHOPTRACK_DB_PASSWORD"),
        (LOCAL, "SHOPTRACK_SECRET_KEY"),
        (TRAEFIK, "CONTAINER_REGISTRY_URL"),
        (TRAEFIK, "DATABASE_URL"),
        (TRAEFIK, "HOST_DOMAIN"),
        (TRAEFIK, "SHOPTRACK_SECRET_KEY"),
    ],
)
def test_what_is_missing_or_empty_is_asked_for_by_name(text, name):
    with pytest.raises(AssertionError, match=f"{name} is missing: Put "):
        interpolate(text, without(name))


@both
def test_nothing_else_is_asked_for(text):
    needed = without("DATABASE_URL") if text is LOCAL else without("SHOPTRACK_DB_PASSWORD")
    interpolate(text, needed)


@both
def test_no_question_stands_inside_a_default(text):
    # Compose 2.26 asks it even where the default is not needed.
    assert not re.search(r"\$\{\w+:-[^}]*\$\{\w+:?\?", text)


@both
def test_every_variable_is_in_the_example(text):
    used = set(re.findall(r"\$\{(\w+)", text))
    assert used <= set(re.findall(r"^# ([A-Z_]+)=", EXAMPLE, re.MULTILINE))


@both
def test_secrets_come_from_outside(text):
    secrets = re.findall(r"^ *\w*(?:PASSWORD|SECRET|DATABASE_URL)\w*: (.*)$", text, re.MULTILINE)
    assert secrets
    assert all(re.match(r'\*password$|(&\w+ )?"\$\{\w+:[?-][^}]*\}"$', value) for value in secrets)


def test_the_local_service_answers_on_port_8000():
    assert '    ports:\n      - "8000:8000"\n' in LOCAL


def test_the_local_service_uses_the_database_beside_it():
    url = settings(LOCAL, **without("DATABASE_URL")).database_url
    assert (url.host, url.port) == ("db", 5432)
    assert url.password == "p@ss/word"
    assert f"POSTGRES_DB: {url.database}\n" in LOCAL
    assert f"POSTGRES_USER: {url.username}\n" in LOCAL
    assert "\n  db:\n    image: postgres:17\n" in LOCAL


@both
def test_the_database_url_of_the_dotenv_file_wins(text):
    assert settings(text, **DOTENV).database_url.host == "db.example.com"


@both
def test_the_dotenv_file_is_handed_on_where_there_is_one(text):
    assert "    - path: .env\n      required: false\n" in text


@both
def test_the_database_is_brought_up_to_date_before_serving(text):
    assert "    command: [shoptrack, migrate]\n" in text
    assert "      migrate:\n        condition: service_completed_successfully\n" in text


def test_rows_are_kept_in_volumes():
    assert "      - database:/var/lib/postgresql/data\n" in LOCAL
    assert "    - files:/var/lib/shoptrack" in LOCAL
    assert "\nvolumes:\n  database:\n  files:\n" in LOCAL


def test_the_image_behind_traefik_comes_from_the_registry():
    images = re.findall(r'^  image: "(.*)"$', TRAEFIK, re.MULTILINE)
    name = "registry.example.com/shoptrack-backend"
    assert [interpolate(image, DOTENV) for image in images] == [f"{name}:latest"]
    assert interpolate(images[0], DOTENV | {"IMAGE_TAG": "1.2"}) == f"{name}:1.2"


def test_behind_traefik_no_port_is_published():
    assert "ports:" not in TRAEFIK


def test_traefik_finds_the_names_that_deployments_use():
    labels = dict(
        re.findall(r'^ {6}(traefik\..*?): "?(.*?)"?$', interpolate(TRAEFIK, DOTENV), re.MULTILINE)
    )
    router, service = (f"traefik.http.{kind}.shoptrack-backend" for kind in ("routers", "services"))
    assert labels == {
        "traefik.enable": "true",
        "traefik.docker.network": "traefik_reverse_proxy_network",
        f"{router}.rule": "Host(`shoptrack-backend.example.com`)",
        f"{router}.entrypoints": "websecure",
        f"{router}.tls.certresolver": "myresolver",
        f"{router}.service": "shoptrack-backend",
        f"{service}.loadbalancer.server.port": "8000",
    }
    assert "\nnetworks:\n  traefik_reverse_proxy_network:\n    external: true\n" in TRAEFIK


def test_only_the_serving_service_is_routed():
    migrate = TRAEFIK.split("\n  migrate:\n")[1].split("\n  backend:\n")[0]
    assert '      traefik.enable: "false"\n' in migrate


def test_behind_traefik_its_host_is_served_and_its_word_is_taken():
    found = settings(TRAEFIK, **DOTENV, SHOPTRACK_DEBUG="true")
    assert found.debug is False
    assert found.allowed_hosts == ("shoptrack-backend.example.com",)
    assert all(network.is_private for network in found.trusted_proxies)
    own = {
        "SHOPTRACK_ALLOWED_HOSTS": "shop.example.org",
        "SHOPTRACK_TRUSTED_PROXIES": "10.9.0.0/16",
    }
    found = settings(TRAEFIK, **DOTENV, **own)
    assert found.allowed_hosts == ("shop.example.org",)
    assert [str(network) for network in found.trusted_proxies] == ["10.9.0.0/16"]
