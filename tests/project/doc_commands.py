"""The commands that documents have in blocks of code, and how each is tried.

A document's commands run as they stand, one after the other in one shell, but for those that a row of `ROWS` fits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from .conftest import ROOT

# Those of README.md are run by tests/project/test_readme.py.
PATTERNS = (
    "docs/*.md",
    "docs/plugins/*.md",
    "CONTRIBUTING.md",
    "examples/*/README.md",
    "benchmarks/README.md",
)
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for pattern in PATTERNS for path in ROOT.glob(pattern)
)
PROGRAMS = {
    "alembic",
    "apt-get",
    "cd",
    "cp",
    "curl",
    "docker",
    "export",
    "install",
    "ln",
    "make",
    "mkdir",
    "mv",
    "pg_dump",
    "pip",
    "pybabel",
    "pytest",
    "python",
    "python3",
    "rolling-update",
    "ruff",
    "shoptrack",
    "sudo",
    "systemctl",
    "twine",
    "useradd",
}
SQL = ("ALTER ", "CREATE ", "DROP ")
LANGUAGES = ("", "sh", "bash", "console")  # of fenced blocks that may hold commands
# Lines that are no commands: requests with headers, responses, settings, sections of configurations.
OTHER = re.compile(
    r'[A-Z]\w+(-\w+)+: |(GET|POST|PUT|PATCH|DELETE)\b|\d{3} \{|→|[{\["]|/api/|\w+ ?= ?\S'
)
# Blocks of something else begin so.
OTHER_BLOCKS = (
    "server/  ",  # the parts of a request's way
    "shoptrack-budgets/",  # a package's files
    "scrape_configs:",
    "services:",  # a compose file
    "location /shoptrack/ {",  # of nginx
    "location = /shoptrack/metrics {",
    "records_product 12: ",  # what an import prints
    "FROM registry",  # a Dockerfile
    "def test_",
    "Answer 409 ",  # a commit's message
    "The database refused, ",
)


@dataclass(frozen=True)
class Otherwise:
    """How a command is tried that cannot run as it stands.

    :param script: what runs in its place, in which ``{}`` is the command
    :param stdin: what that reads
    :param test: the test that runs it, as pytest names it
    :param reason: why no test does
    """

    script: str = ""
    stdin: str = ""
    test: str = ""
    reason: str = ""


def by(test: str) -> Otherwise:
    """Return that a test of this folder runs it."""
    return Otherwise(test=f"tests/{test}")


def no(reason: str) -> Otherwise:
    """Return that no test runs it."""
    return Otherwise(reason=reason)


PASSWORD = "correct horse battery staple"
AS_SOMEBODY = Otherwise(
    "shoptrack createsuperuser --username user-$LINENO --password-stdin", PASSWORD
)
FOR_A_PASSWORD = Otherwise("{} --password-stdin", f"another {PASSWORD}")
IN_A_PLUGIN = Otherwise("shoptrack new-plugin budgets --model Budget && cd shoptrack-budgets && {}")
IN_AN_EMPTY_DATABASE = Otherwise(
    "rm -f empty.sqlite3; export DATABASE_URL=sqlite:///empty.sqlite3; shoptrack migrate; {}"
)
# In a copy, which lacks nothing: it is not for a test to add to the project.
KEEP = Otherwise("mkdir tests; cp -r $PROJECT/tests/upgrades tests; {}")
DRY_RUN = Otherwise("{} --dry-run --directory=$PROJECT")  # tests that run tests take minutes
POSTGRESQL = by("project/test_doc_commands.py::test_what_postgresql_is_told_is_taken")
REVISIONS = by("project/test_new_revision.py::test_a_new_revision_follows_the_newest")
WHEELS = by("project/test_wheels.py::test_the_wheels_migrate_serve_and_sign_in")
PLUGIN = by("project/test_new_plugin.py::test_its_tests_pass_on_both_databases")
PLUGINS_WHEEL = by(
    "project/test_new_plugin.py::test_its_wheel_has_its_migrations_and_not_its_tests"
)
EXAMPLE = no("`make example` runs it")
SERVE = by("project/test_readme.py::test_the_quick_start_works_as_it_stands")
DEMO = by("project/test_readme.py::test_the_demo_fills_another_database")
UPGRADE = by("project/test_upgrade.py::test_the_page_is_followed")
WITHOUT = by("backup/test_nonsense.py::test_their_rows_can_be_left_out")
MOVING = by("project/test_readme.py::test_moving_works_as_it_stands")
BESIDE = by("core/test_migrations.py::test_a_django_database_is_shared_when_somebody_says_so")
HOOKS = by("project/test_hooks.py::test_a_commit_is_refused_until_its_files_are_formatted")
FIRST_TRIAL = by("server/test_trial.py::test_it_makes_all_that_it_needs_and_keeps_it")
TRIAL = by("server/test_trial.py::test_other_commands_and_the_strict_server_find_its_files")
OLD_VOLUME = by(
    "project/test_database_roles.py::test_an_old_volume_goes_on_and_gets_such_a_role_when_asked_to"
)
ROLLING = by(
    "project/test_rolling_update.py::test_new_replicas_are_healthy_before_the_old_ones_end_one_by_one"
)
WORKER = by("jobs/test_worker.py::test_a_worker_runs_a_job_twice_and_ends_by_sigterm")
TOKENS = by("project/test_api_tokens_page.py::test_the_page_is_followed")
DOCKER = no("it needs Docker")
REGISTRY = no("it asks a package registry")
SYSTEM = no("it changes the system, as root")

# Where and as whom a command runs, and where the packages lie, differ from one installation to the next.
SURROUNDINGS = re.compile(
    r"^docker compose (?:--file \S+ )?(?:exec backend|run --rm (?:--\w+ \S+ )*migrate) "
    r"|^sudo -u shoptrack "
    r"|(?<!\S)(?:/opt/shoptrack|\.venv)/bin/"
)
# Patterns of a document and of a command without its surroundings. The first row that fits counts.
ROWS: tuple[tuple[str, str, Otherwise], ...] = (
    ("docs/deployment.md", "* before-upgrade.zip", UPGRADE),
    ("docs/deployment.md", "/opt/shoptrack-0.2.0/bin/shoptrack migrate", UPGRADE),
    ("docs/deployment.md", "mkdir upgraded", UPGRADE),
    ("docs/deployment.md", "mv shoptrack.sqlite3[*] upgraded/", UPGRADE),
    ("docs/deployment.md", "ln --symbolic --force *", UPGRADE),
    ("*", "docker run * shoptrack try", FIRST_TRIAL),
    ("*", "docker compose exec * < deploy/postgresql/separate-role.sql", OLD_VOLUME),
    ("*", "docker *", DOCKER),
    ("*", "sudo -u postgres *", POSTGRESQL),
    ("*", "pg_dump *", POSTGRESQL),
    ("*", "ALTER *", POSTGRESQL),
    ("*", "DROP *", POSTGRESQL),
    ("*", "useradd *", SYSTEM),
    ("*", "install *", SYSTEM),
    ("*", "systemctl *", SYSTEM),
    ("*", "apt-get *", SYSTEM),
    ("*", "cp * /etc/*", SYSTEM),
    ("*", "ln * /etc/*", SYSTEM),
    ("*", "alembic *", REVISIONS),
    ("*", "python tests/upgrades/keep.py", KEEP),
    ("*", "twine upload *", no("it publishes")),
    ("*", "pip install --editable *", PLUGIN),
    ("examples/*", "*", EXAMPLE),
    ("*", "pip install *", REGISTRY),
    ("*", "make test*", DRY_RUN),
    ("*", "make quick", DRY_RUN),
    ("*", "make serve", SERVE),
    ("*", "make hooks", HOOKS),
    ("*", "make install", no("each checkout that runs tests begins with it")),
    ("*", "make bench*", no("it takes minutes to hours")),
    ("docs/backup.md", "shoptrack restore * --without *", WITHOUT),
    ("*", "shoptrack jobs worker", WORKER),
    ("*", "shoptrack restore *", IN_AN_EMPTY_DATABASE),
    ("*", "shoptrack createsuperuser", AS_SOMEBODY),
    ("*", "shoptrack createuser *", FOR_A_PASSWORD),
    ("docs/deployment.md", "cd shoptrack-try", Otherwise("mkdir shoptrack-try")),
    ("docs/deployment.md", "shoptrack changepassword admin", TRIAL),
    ("docs/deployment.md", "shoptrack demo", DEMO),
    ("docs/deployment.md", "deploy/rolling-update", ROLLING),
    ("docs/deployment.md", "python3 -m venv *", WHEELS),
    ("docs/deployment.md", "/opt/*/pip install *", WHEELS),
    ("docs/deployment.md", "cd /var/lib/shoptrack", Otherwise(":")),
    ("docs/api-tokens.md", "curl *", TOKENS),
    ("docs/deployment.md", "curl *", no("systemd runs the server that it asks")),
    ("*", "shoptrack changepassword *", FOR_A_PASSWORD),
    (
        "docs/api-description.md",
        "shoptrack openapi --format yaml|json|swagger2 *",
        Otherwise(
            "for f in yaml json swagger2; do shoptrack openapi --format $f --output $f; done"
        ),
    ),
    ("docs/moving-from-django.md", "shoptrack migrate", MOVING),
    ("docs/moving-from-django.md", "shoptrack migrate --beside-django", BESIDE),
    ("docs/moving-from-django.md", "shoptrack import-django *", MOVING),
    (
        "docs/plugin-administration.md",
        "shoptrack migrate --plugin wishlist",
        Otherwise("shoptrack migrate --plugin reports"),
    ),
    (
        "docs/plugin-administration.md",
        "shoptrack migrate --plugin wishlist --down base",
        Otherwise("shoptrack migrate --plugin reports --down base --yes"),
    ),
    ("docs/*", "python -m venv *", PLUGIN),
    ("docs/*", "pytest*", PLUGIN),
    ("docs/plugins*", "export *", Otherwise("export SHOPTRACK_DEBUG=true")),
    ("docs/plugins*", "shoptrack devserver", SERVE),
    ("docs/plugins/packaging.md", "pybabel extract *", IN_A_PLUGIN),
    ("docs/plugins/*", "python -m build", PLUGINS_WHEEL),
    ("CONTRIBUTING.md", "pytest *", Otherwise("(cd $PROJECT && {} --collect-only -n 0)")),
)


@dataclass(frozen=True)
class Command:
    """A command of a document, as a reader types it."""

    document: str
    text: str

    @property
    def bare(self) -> str:
        """Return the command without its surroundings."""
        return SURROUNDINGS.sub("", self.text)

    @property
    def row(self) -> tuple[str, str, Otherwise] | None:
        """Return the row that fits, if one does."""
        for row in ROWS:
            if fnmatchcase(self.document, row[0]) and fnmatchcase(self.bare, row[1]):
                return row
        return None

    @property
    def script(self) -> str:
        """Return what a shell is given; nothing where another test runs the command, or none."""
        how = self.row[2] if self.row else Otherwise("{}")
        text = self.bare.replace(
            "postgresql://user:password@host:5432/name", "sqlite:///other.sqlite3"
        )
        script = how.script.replace("{}", text)
        return f"{script} <<< '{how.stdin}'" if how.stdin else script


def find_blocks(document: str) -> Iterator[list[str]]:
    """Yield the lines of each block of code that may hold commands."""
    text = (ROOT / document).read_text()
    fenced = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
    for language, body in fenced.findall(text):
        if language in LANGUAGES:
            yield body.splitlines()
    for body in re.findall(r"(?<=\n\n)((?: {4,}\S.*\n?)+)", fenced.sub("", text)):
        yield body.splitlines()


def join_lines(lines: list[str]) -> Iterator[str]:
    """Yield a block's lines, continued ones as one, and without the remarks behind them."""
    pending = ""
    for line in lines:
        pending = f"{pending} {line.strip()}".strip()
        if pending.endswith("\\"):
            pending = pending.removesuffix("\\").rstrip()
        elif not pending.startswith(SQL) or pending.endswith(";"):
            yield re.split(r" {2,}", pending.removeprefix("$ "), maxsplit=1)[0]
            pending = ""


def read(document: str) -> tuple[list[Command], list[str]]:
    """Return a document's commands, and the lines that are neither commands nor anything known."""
    commands, unknown = [], []
    for lines in find_blocks(document):
        if lines[0].strip().startswith(OTHER_BLOCKS):
            continue
        for text in filter(None, join_lines(lines)):
            if OTHER.match(text):
                continue
            if text.startswith(SQL) or Path(text.split()[0]).name in PROGRAMS:
                commands.append(Command(document, text))
            else:
                unknown.append(text)
    return commands, unknown


READ = {document: read(document) for document in DOCUMENTS}
COMMANDS = [command for commands, _unknown in READ.values() for command in commands]
