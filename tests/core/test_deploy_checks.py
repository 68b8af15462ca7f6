"""``shoptrack check --deploy``: each finding by the installation that has it, and none where all is well."""

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from shoptrack.cli import Environment
from shoptrack.cli.commands import check
from shoptrack.db import Database
from shoptrack.plugins import deploy_checks
from shoptrack.plugins.deploy_checks import MEBIBYTE, Deployment
from shoptrack.settings import ConfigurationError
from shoptrack.testing import SECRET_KEY, make_test_app

WELL = {
    "shoptrack__https_only": "true",
    "shoptrack__allowed_hosts": "shop.example.com",
    "shoptrack__trusted_proxies": "192.0.2.7",
    "shoptrack__cors_allowed_origins": "https://app.example.com",
}
SERVER = {"host": "127.0.0.1", "threads": "8"}
WRONG = {
    "debug": {"shoptrack__debug": "true"},
    "secret_key": {"shoptrack__secret_key": "abc" * 20},
    "shared_key": {"shoptrack__metrics_token": SECRET_KEY},
    "missing_proxy": {"shoptrack__trusted_proxies": ""},
    "wide_proxies": {"shoptrack__trusted_proxies": "0.0.0.0/1, 128.0.0.0/1"},
    "https": {"shoptrack__https_only": "false"},
    "hsts": {"shoptrack__hsts_seconds": "0"},
    "hosts": {"shoptrack__allowed_hosts": "*"},
    "origins": {"shoptrack__cors_allowed_origins": "http://app.example.com"},
}


@pytest.fixture
def root(tmp_path):
    """Make what checks read of a file system: limits and mounts."""
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/mounts").write_text("/dev/sda1 / ext4 rw 0 0\n")
    return tmp_path


@pytest.fixture
def find(root, tmp_path):
    """Return a function that returns the findings of an installation, by name."""
    sqlite = URL.create("sqlite", database=str(tmp_path / "shop.sqlite3"))

    def find(url=sqlite, plugins=(), server=SERVER, **ini) -> dict[str, str]:
        app = make_test_app(url, plugins, **WELL | ini)
        deployment = Deployment(app.registry, server, root)
        found = {one.name: one.sentence for one in deploy_checks.find_findings(deployment)}
        Database.of(app.registry).dispose()
        return found

    return find


def test_nothing_is_found_where_all_is_well(find):
    assert find(plugins=("auth", "admin", "reports")) == {}


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_is_wrong_is_found(find, name):
    found = find(**WRONG[name])
    assert list(found) == [name]
    assert found[name].endswith(".")
    assert SECRET_KEY not in found[name]


@pytest.mark.parametrize(
    ("file", "content", "found"),
    [
        ("memory.max", "max\n", []),
        ("memory.max", f"{512 * MEBIBYTE}\n", []),
        ("memory.max", f"{128 * MEBIBYTE}\n", ["memory"]),
        ("memory/memory.limit_in_bytes", f"{128 * MEBIBYTE}\n", ["memory"]),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n", []),
    ],
)
def test_memory_is_held_against_threads(find, root, file, content, found):
    path = root / "sys/fs/cgroup" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    assert list(find()) == found


@pytest.mark.parametrize("host", ["*", "0.0.0.0", "::", "192.0.2.1"])
def test_a_server_that_listens_everywhere_is_found_unless_it_is_a_containers(find, root, host):
    assert list(find(server={"host": host})) == ["listening"]
    (root / ".dockerenv").touch()
    assert find(server={"host": host}) == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", ""])
def test_one_that_listens_at_home_is_not(find, host):
    assert find(server={"host": host}) == {}


@pytest.mark.parametrize(("kind", "in_container"), [("tmpfs", False), ("overlay", True)])
def test_a_database_file_that_is_lost_is_found(find, root, kind, in_container):
    (root / "proc/mounts").write_text(f"x / {kind} rw 0 0\n")
    if in_container:
        (root / ".dockerenv").touch()
    assert list(find()) == ["database_file"]
    (root / "proc/mounts").write_text(f"x / {kind} rw 0 0\n/dev/sda1 {root} ext4 rw 0 0\n")
    assert find() == {}


def test_so_is_one_that_is_named_by_a_uri(find, root, tmp_path):
    name = f"file:{tmp_path}/shop.sqlite3"
    url = URL.create("sqlite", database=name, query={"mode": "rwc", "uri": "true"})
    (root / "proc/mounts").write_text(f"x / ext4 rw 0 0\nx {tmp_path} tmpfs rw 0 0\n")
    assert f"The database file {tmp_path}/shop.sqlite3 is" in find(url)["database_file"]


@pytest.mark.database("postgresql")
def test_a_superuser_of_the_database_is_found(find, new_database, database):
    with database.read_engine.connect() as connection:
        is_super = connection.exec_driver_sql("SHOW is_superuser").scalar() == "on"
    assert list(find(new_database())) == (["database_role"] if is_super else [])


def test_the_server_is_that_of_the_ini_file(tmp_path):
    path = tmp_path / "a.ini"
    path.write_text("[DEFAULT]\nhttp_host = *\n[server:main]\nget host = http_host\nthreads = 3\n")
    options = deploy_checks.read_server_options(str(path))
    assert (options["host"], options["threads"]) == ("*", "3")
    assert deploy_checks.read_server_options(str(tmp_path / "none.ini")) == {}


@pytest.mark.parametrize(("options", "status"), [(["--deploy"], 0), (["--deploy", "--fail"], 1)])
def test_the_command_prints_a_line_for_each(tmp_path, options, status):
    environment = Environment(None)
    url = URL.create("sqlite", database=str(tmp_path / "shop.sqlite3"))
    environment.registry = make_test_app(url, **WELL | WRONG["hosts"]).registry
    result = CliRunner().invoke(check, options, obj=environment)
    sentence = "hosts: Every host is served. Name yours in SHOPTRACK_ALLOWED_HOSTS."
    assert sentence in result.output.splitlines()
    assert result.exit_code == status


def test_fail_alone_is_a_mistake():
    assert CliRunner().invoke(check, ["--fail"], obj=Environment(None)).exit_code == 2


def test_a_plugin_adds_a_check(plugin, find):
    code = """
    def includeme(config):
        config.add_deploy_check("wishes.shop", lambda deployment: f"{deployment.threads} threads.")
    """
    assert find(plugins=(plugin("wishes_deploy", code),)) == {"wishes.shop": "8 threads."}


def test_a_plugin_takes_no_name_of_the_cores(plugin, find):
    code = "def includeme(config):\n    config.add_deploy_check('debug', lambda deployment: None)\n"
    with pytest.raises(ConfigurationError, match="The core has a deploy check 'debug'"):
        find(plugins=(plugin("debug_deploy", code),))
