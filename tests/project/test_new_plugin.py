"""What ``shoptrack new-plugin`` writes works as it stands, in an environment of its own."""

import re
import signal
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

from shoptrack.cli.new_plugin.names import PluginNames
from shoptrack.cli.new_plugin.parts import PARTS
from shoptrack.cli.new_plugin.renderer import render_plugin

from ..pserve import free_port
from .conftest import PATIENCE, ROOT, bare_environment, wait_for

DATABASES = ("sqlite", "postgresql")
ALL_PARTS = ",".join(PARTS)


def run(*command: str, cwd: Path, **environ: str) -> str:
    """Run a command, and return what it prints."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=bare_environment(**environ),
        capture_output=True,
        text=True,
        timeout=600,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lint(folder: Path) -> None:
    """Check style and formatting."""
    ruff = str(Path(sys.prefix, "bin", "ruff"))
    run(ruff, "check", "--no-cache", cwd=folder)
    run(ruff, "format", "--check", "--no-cache", cwd=folder)


class Plugin:
    """A plugin that was written, and an environment that it is installed in.

    :param folder: has both, once they are made
    """

    def __init__(self, folder: Path):
        self.environment = folder / "environment"
        self.folder = folder / "plugin"

    def make(self, *arguments: str) -> None:
        """Write the plugin, and install it."""
        venv.create(self.environment)
        # Everything that this environment has is there, too, as it would be if it was installed.
        (packages,) = self.environment.glob("lib/python*/site-packages")
        also = [f"import site; site.addsitedir({path!r})" for path in site.getsitepackages()]
        (packages / "also.pth").write_text("\n".join(also))
        directory = ("--directory", str(self.folder))
        self.shoptrack("new-plugin", *arguments, *directory, cwd=self.folder.parent)
        pip = (sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet")
        self.run(*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")

    @property
    def python(self) -> str:
        """Return the interpreter of the environment."""
        return str(self.environment / "bin" / "python")

    def run(self, *command: str, cwd: Path | None = None, **environ: str) -> str:
        """Run a command in the plugin's folder, and return what it prints."""
        return run(*command, cwd=cwd or self.folder, **environ)

    def shoptrack(self, *arguments: str, **options) -> str:
        """Run the ``shoptrack`` command of the environment."""
        code = "from shoptrack.cli import main; main()"
        return self.run(self.python, "-c", code, *arguments, **options)


@pytest.fixture(scope="session")
def write(once):
    """Return a function that writes a plugin with these options, once for all tests."""

    def write(name: str, *options: str) -> Plugin:
        arguments = ("wish-lists", "--model", "WishList", *options)
        return Plugin(once(name, lambda folder: Plugin(folder).make(*arguments)))

    return write


@pytest.fixture(scope="session", params=["alone", "with all parts"])
def plugin(request, write) -> Plugin:
    if request.param == "alone":
        return write("new-plugin")
    return request.getfixturevalue("whole_plugin")


@pytest.fixture(scope="session")
def whole_plugin(write) -> Plugin:
    return write("new-plugin-with-parts", "--with", ALL_PARTS)


def test_its_tests_pass_on_both_databases(plugin, postgresql):
    server = f"--postgresql-server={postgresql.render_as_string(hide_password=False)}"
    printed = plugin.run(plugin.python, "-m", "pytest", "-v", server)
    sqlite, postgres = (re.findall(rf"::(\w+)\[{name}.* PASSED", printed) for name in DATABASES)
    assert sqlite
    assert sqlite == postgres
    assert "skipped" not in printed


def test_it_is_clean(plugin):
    lint(plugin.folder)
    # What mypy learned of the libraries serves the next run, too.
    plugin.run(plugin.python, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "new_plugin"))


RULES = """
from shoptrack.errors import ValidationError
from shoptrack.i18n import MessageFactory

_ = MessageFactory("wishes")
errors = {"name": [_("Name a wish.")]}
raise ValidationError(errors)
"""


def test_its_errors_may_have_translatable_messages(whole_plugin, tmp_path):
    (tmp_path / "rules.py").write_text(RULES)
    # Of its own, since mypy keeps nothing that it found out with other options.
    cache = ("--cache-dir", str(ROOT / ".mypy_cache" / "new_plugin_messages"))
    python = whole_plugin.python
    whole_plugin.run(python, "-m", "mypy", "--config-file=", *cache, str(tmp_path / "rules.py"))


def test_it_is_clean_whatever_its_name(tmp_path):
    for name, model in (("tips", "Tip"), ("eighteen-character", "EighteenCharacter")):
        names = PluginNames.from_input(name, model)
        render_plugin(names, tmp_path / name, parts=list(PARTS.values()))
        lint(tmp_path / name)


def test_its_wheel_has_its_migrations_and_not_its_tests(whole_plugin, tmp_path):
    plugin = whole_plugin
    plugin.run(plugin.python, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "shoptrack_wish_lists/revisions/wish_lists_0001_create.py" in names
    assert "shoptrack_wish_lists/locale/ja/LC_MESSAGES/shoptrack_wish_lists.mo" in names
    assert "shoptrack_wish_lists/templates/newest.jinja2" in names
    assert not any("test" in name for name in names)


def test_it_is_migrated_and_served_beside_the_others(whole_plugin, tmp_path):
    plugin = whole_plugin
    environ = {
        "SHOPTRACK_PLUGINS": "auth admin wish_lists",
        "SHOPTRACK_DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{tmp_path}/there.sqlite3",
    }
    ini = str(ROOT / "production.ini")
    assert "wish_lists" in plugin.shoptrack("--config", ini, "migrate", **environ)
    assert plugin.shoptrack("--config", ini, "wish-lists", **environ) == ""
    listed = plugin.shoptrack("--config", ini, "plugins", **environ)
    assert "  settings: SHOPTRACK_WISH_LISTS_LIMIT\n" in listed
    assert "  commands: wish-lists\n" in listed
    port, log = free_port(), tmp_path / "server.log"
    pserve = (plugin.python, "-m", "pyramid.scripts.pserve", ini, f"http_port={port}")
    with log.open("w") as output:
        server = subprocess.Popen(
            pserve, cwd=tmp_path, env=bare_environment(**environ), stdout=output, stderr=output
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", server, log)
        with urlopen(f"http://127.0.0.1:{port}/api/") as answer:
            assert b"/api/wish-lists/" in answer.read()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)
