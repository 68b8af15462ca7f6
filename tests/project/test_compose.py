"""The Compose files keep what users were promised, as far as their text can tell."""

import re
from typing import Any

import pytest
import yaml

from shoptrack.server.settings import ComposeSettings, ServerSettings
from shoptrack.settings import ConfigurationError, Settings, Sources
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
OTHER_NAMES = {
    "TRAEFIK_NETWORK": "edge",
    "TRAEFIK_ROUTER": "shop",
    "TRAEFIK_SERVICE": "shop-backend",
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


def read(text: str, **variables: str) -> dict[str, Any]:
    return yaml.safe_load(interpolate(text, DOTENV | variables))


def services(text: str, **variables: str) -> dict[str, Any]:
    return read(text, **variables)["services"]


def labels(**variables: str) -> dict[str, str]:
    """Return what Traefik is told."""
    backend = services(TRAEFIK, **variables)["backend"]
    return dict(label.split("=", 1) for label in backend["labels"])


def settings(text: str, **variables: str) -> Settings:
    """Return how the application understands what its container is given."""
    environ = yaml.safe_load(interpolate(text, variables))["services"]["backend"]["environment"]
    sources = Sources({}, environ, None)
    tables = (
        Settings,
        ServerSettings,
        AuthSettings,
        ThrottleSettings,
        ReportSettings,
    )
    sources.check_unknown(tables)
    for table in tables:
        sources.read(table)
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


def test_what_compose_alone_reads_does_not_stop_the_start():
    compose_only = {
        name
        for text in (LOCAL, TRAEFIK)
        for name in re.findall(r"\$\{(SHOPTRACK_\w+)", text)
        if f"{name}: " not in text
    }
    assert compose_only == set(ComposeSettings.get_variable_names())


def test_it_is_published_on_this_machine_alone_unless_somebody_says_otherwise():
    default = ComposeSettings().publish
    for found, expected in (({}, default), ({"SHOPTRACK_PUBLISH": "0.0.0.0:80"}, "0.0.0.0:80")):
        assert services(LOCAL, **found)["backend"]["ports"] == [f"{expected}:8000"]
    assert default == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        ("0.0.0.0:8000", True),
        ("[::1]:8123", True),
        ("8000", True),
        ("0.0.0.0", False),
        ("0.0.0.0:8000:8000", False),
        ("localhost:", False),
    ],
)
def test_where_it_is_published_has_a_port(value, is_right):
    sources = Sources({}, {"SHOPTRACK_PUBLISH": value}, None)
    if is_right:
        assert sources.read(ComposeSettings).publish == value
    else:
        with pytest.raises(ConfigurationError, match="SHOPTRACK_PUBLISH"):
            sources.read(ComposeSettings)


@both
def test_secrets_come_from_outside(text):
    secrets = re.findall(r"^ *\w*(?:PASSWORD|SECRET|DATABASE_URL)\w*: (.*)$", text, re.MULTILINE)
    assert secrets
    assert all(re.match(r'\*password$|(&\w+ )?"\$\{\w+:[?-][^}]*\}"$', value) for value in secrets)


@both
def test_the_containers_may_do_no_more_than_they_need(text):
    for name in ("migrate", "backend", "jobs"):
        service = services(text)[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in service


@both
def test_requests_in_hand_are_finished_before_the_container_is_killed(text):
    backend, jobs = services(text)["backend"], services(text)["jobs"]
    times = ServerSettings(
        **{
            name: backend["environment"].get(f"SHOPTRACK_{name.upper()}", default)
            for name, default in ServerSettings().model_dump().items()
        }
    )
    grace = int(backend.get("stop_grace_period", "10s").removesuffix("s"))
    assert times.leave_seconds + times.finish_seconds < grace
    # A worker needs a second more, to give back the locks of its jobs.
    assert times.finish_seconds + 1 < int(jobs.get("stop_grace_period", "10s").removesuffix("s"))


@both
def test_the_port_that_is_forwarded_is_the_servers(text):
    (port,) = re.findall(
        r"^http_port = (\d+)$", (ROOT / "production.ini").read_text(), re.MULTILINE
    )
    if text is LOCAL:
        (published,) = services(LOCAL)["backend"]["ports"]
        assert published.rpartition(":")[2] == port
    else:
        servers = [v for name, v in labels().items() if name.endswith("loadbalancer.server.port")]
        assert servers == [port]


def test_the_local_service_uses_the_database_beside_it():
    url = settings(LOCAL, **without("DATABASE_URL")).database_url
    database = services(LOCAL)["db"]
    assert (url.host, url.port) == ("db", 5432)
    assert url.password == "p@ss/word"
    # tests/project/test_database_roles.py runs the script, which makes the role and the database.
    (config,) = database["configs"]
    assert config["target"].startswith("/docker-entrypoint-initdb.d/")
    script = read(LOCAL)["configs"][config["source"]]["content"]
    assert f"CREATE ROLE {url.username} LOGIN" in script
    assert f"CREATE DATABASE {url.database} OWNER {url.username} " in script
    assert database["environment"] == {"POSTGRES_PASSWORD": url.password}


@both
def test_the_database_url_of_the_dotenv_file_wins(text):
    assert settings(text, **DOTENV).database_url.host == "db.example.com"


@both
def test_plugins_are_chosen_by_the_environment(text):
    found = settings(text, **DOTENV, SHOPTRACK_PLUGINS="shoptrack_auth")
    assert found.plugins == ("shoptrack_auth",)


@both
def test_the_dotenv_file_is_handed_on_where_there_is_one(text):
    for name in ("migrate", "backend", "jobs"):
        assert services(text)[name]["env_file"] == [{"path": ".env", "required": False}]


@both
def test_the_database_is_brought_up_to_date_before_serving(text):
    assert services(text)["migrate"]["command"] == ["shoptrack", "migrate"]
    for name in ("backend", "jobs"):
        after = services(text)[name]["depends_on"]
        assert after == {"migrate": {"condition": "service_completed_successfully"}}


@both
def test_a_worker_runs_jobs_and_serves_nothing(text):
    jobs, backend = services(text)["jobs"], services(text)["backend"]
    assert jobs["command"] == ["shoptrack", "jobs", "worker"]
    assert jobs["restart"] == "unless-stopped"
    assert jobs["healthcheck"] == {"disable": True}  # of the image, which asks a server
    assert "ports" not in jobs
    assert jobs["environment"] == backend["environment"]


def test_rows_are_kept_in_volumes():
    declared = read(LOCAL)["volumes"].keys()
    (rows,) = services(LOCAL)["db"]["volumes"]
    (files,) = services(LOCAL)["backend"]["volumes"]
    assert {volume.partition(":")[0] for volume in (rows, files)} == declared
    # The folder is the one that the image gives to its user.
    assert f"\nWORKDIR {files.partition(':')[2]}\n" in (ROOT / "Dockerfile").read_text()


@both
def test_files_that_are_uploaded_lie_in_a_volume(text):
    backend = services(text)["backend"]
    assert backend["tmpfs"] == ["/tmp"]  # which is memory
    assert any(
        volume.endswith(f":{backend['environment']['TMPDIR']}") for volume in backend["volumes"]
    )


def test_the_image_behind_traefik_comes_from_the_registry():
    name = "registry.example.com/shoptrack-backend"
    for service in services(TRAEFIK).values():
        assert service["image"] == f"{name}:latest"
        assert "build" not in service
    assert services(TRAEFIK, IMAGE_TAG="1.2")["backend"]["image"] == f"{name}:1.2"


def test_behind_traefik_no_other_door_is_open():
    assert all("ports" not in service for service in services(TRAEFIK).values())


@pytest.mark.parametrize("own", [{}, OTHER_NAMES], ids=["defaults", "names of one's own"])
def test_what_traefik_is_told_fits_together(own):
    found = labels(**own)
    (router,) = {name.split(".")[3] for name in found if name.startswith("traefik.http.routers.")}
    route = f"traefik.http.routers.{router}"
    served = f"traefik.http.services.{found[f'{route}.service']}.loadbalancer."
    # One service has the port and the check.
    assert {name for name in found if ".services." in name} == {
        f"{served}{option}"
        for option in (
            "server.port",
            *(f"healthcheck.{it}" for it in ("path", "interval", "timeout")),
        )
    }
    for middleware in found[f"{route}.middlewares"].split(","):
        assert any(name.startswith(f"traefik.http.middlewares.{middleware}.") for name in found)
    network = read(TRAEFIK, **own)["networks"]["proxy"]
    assert network == {"name": found["traefik.docker.network"], "external": True}
    (host,) = settings(TRAEFIK, **DOTENV).allowed_hosts
    assert host in found[f"{route}.rule"]


def test_traefik_hears_of_a_leaving_server_before_it_refuses():
    check = "traefik.http.services.shoptrack-backend.loadbalancer.healthcheck"
    found = labels()
    assert found[f"{check}.path"] == "/healthz"
    takes = sum(int(found[f"{check}.{name}"].removesuffix("s")) for name in ("interval", "timeout"))
    environ = services(TRAEFIK)["backend"]["environment"]
    assert float(environ["SHOPTRACK_LEAVE_SECONDS"]) > takes


def test_only_the_serving_service_is_routed():
    for name in ("migrate", "jobs"):
        assert services(TRAEFIK)[name]["labels"] == ["traefik.enable=false"]


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
