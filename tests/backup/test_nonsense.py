"""What whoever is trusted may have written: whatever it is, a sentence says so, and nothing is written."""

import json
import random
from contextlib import suppress
from importlib import import_module
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from sqlalchemy import inspect, text

from shoptrack.cli.backup import archive as archives

from .archives import lines_of, manifest_of, manifest_with, rewritten, table_with, with_lines

DAMAGED = "is no backup of ShopTrack's, or it is damaged."
NOT_VALID = "The table stores of the backup holds a row that is not valid, in line 2: "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"nonsense", "it is not JSON."),
        (b"", "it is not JSON."),
        (b"\xff", "it is not JSON."),
        (b"[" * 100_000, "it is not JSON."),
        (b"[1, 2", "it is not JSON."),
        (b"null", "it is no list of 5 values."),
        (b'"abcde"', "it is no list of 5 values."),
        (b'{"a":1,"b":2,"c":3,"d":4,"e":5}', "it is no list of 5 values."),
        (b"[1]", "it is no list of 5 values."),
        (b'[2,"a","b","c","d",6]', "it is no list of 5 values."),
        (b'["x","a","a","a","a"]', "id is not of the kind integer."),
        (b'[true,"a","a","a","a"]', "id is not of the kind integer."),
        (b'[1.0,"a","a","a","a"]', "id is not of the kind integer."),
        (b'[18446744073709551615,"a","a","a","a"]', "id is not of the kind integer."),
        (b'[2,5,"a","a","a"]', "name is not of the kind text."),
        (b'[2,["a"],"a","a","a"]', "name is not of the kind text."),
    ],
)
def test_a_line_that_is_no_row(file, refused, line, said):
    first = lines_of(file, "stores")[0]
    assert refused(with_lines(file, "stores", [first, line])) == f"Error: {NOT_VALID}{said}\n"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("quantity", value) for value in (1, "x", "NaN", "Infinity", "1e9", "0.0001", True, [])),
        *(("purchase_date", value) for value in (20250101, "2025-13-01", "x", {}, "10000-01-01")),
        *(("price", value) for value in ("1", 1.5, 2**63, False)),
    ],
)
def test_a_value_of_another_kind(file, refused, column, value):
    tables = manifest_of(file)["tables"]
    (columns,) = [part["columns"] for part in tables if part["name"] == "shopping_records"]
    names = [part["name"] for part in columns]
    row = json.loads(lines_of(file, "shopping_records")[0])
    row[names.index(column)] = value
    said = refused(with_lines(file, "shopping_records", [json.dumps(row).encode()]))
    assert f"in line 1: {column} is not of the kind " in said


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_row_that_the_database_refuses(file, make_side, kind):
    target = make_side(kind)
    twice = with_lines(file, "stores", [lines_of(file, "stores")[0]] * 2)
    nothing = with_lines(file, "stores", [b'[1,null,"a","a","a"]'])
    for changed in (twice, nothing):
        result = target.restore(changed)
        assert result.exit_code == 1
        assert (
            "Error: The table stores of the backup holds a row that is not valid: " in result.output
        )
        assert result.output.count("\n") == 1
        assert inspect(target.database.engine).get_table_names() == []


@pytest.mark.parametrize(
    "members",
    [
        {"format": "1"},
        {"format": None},
        {"tables": {}},
        {"tables": None},
        {"tables": [1]},
        {"tables": [{"name": "stores"}]},
        {"revisions": []},
        {"revisions": {"shoptrack": 1}},
        {"revisions": {"\x1b[31m": None}},
        {"revisions": {"shoptrack": "\x1b[31m"}},
        {"made_at": "\x1b[31m"},
        {"release": ""},
        {"last_ids": {"stores": 0}},
        {"last_ids": {"stores": "x"}},
        {"last_ids": [1]},
    ],
    ids=str,
)
def test_a_manifest_that_is_none(file, refused, members):
    assert DAMAGED in refused(manifest_with(file, **members))


@pytest.mark.parametrize("manifest", ["", "{", "[]", "null", "1", '"format"', "[" * 100_000, "{}"])
def test_a_manifest_that_is_another_document(file, refused, manifest):
    changed = rewritten(file, lambda name, old: manifest if name == "manifest.json" else old)
    assert DAMAGED in refused(changed)


@pytest.mark.parametrize(
    "revision", ["head", "heads", "base", "+1", "shoptrack_", "x", "shoptrack_0001:head"]
)
def test_a_revision_that_is_none(file, refused, revision):
    said = refused(manifest_with(file, revisions={"shoptrack": revision}))
    assert f"whose revision {revision} of 'shoptrack' is newer than this release" in said


def test_a_table_that_comes_twice(file, refused):
    tables = manifest_of(file)["tables"]
    assert DAMAGED in refused(manifest_with(file, tables=[*tables, tables[0]]))


@pytest.mark.parametrize("kind", ["colour", "", None, 1])
def test_a_kind_that_there_is_not(file, refused, kind):
    columns = [{"name": "id", "kind": kind}]
    assert DAMAGED in refused(table_with(file, "stores", columns=columns))


def test_a_column_that_the_table_does_not_have(file, refused):
    columns = [{"name": name, "kind": "text"} for name in ("id", "name", "colour")]
    said = refused(table_with(file, "stores", columns=columns))
    assert "The backup names columns of stores that its revision does not have: colour." in said


def test_a_column_of_another_kind(file, refused):
    columns = [{"name": "id", "kind": "text"}]
    said = refused(table_with(file, "stores", columns=columns))
    assert "The backup takes stores.id for text, and it is integer." in said


@pytest.mark.parametrize(
    "name",
    [
        *("others", "sqlite_sequence", "table_versions", "lineage_tables", "alembic_version_auth"),
        *("shoptrack_wishlist_items", "auth_user"),
    ],
)
def test_a_table_that_is_none_of_ours(file, make_side, name):
    """Another application's, or what says how far the migrations are."""
    target = make_side("sqlite")
    with target.database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE others (id INTEGER)"))
        connection.execute(text("CREATE TABLE auth_user (id INTEGER)"))
    columns = [{"name": "id", "kind": "integer"}]
    empty = {"name": name, "columns": columns, "rows": 0, "lineage": "shoptrack"}
    tables = [*manifest_of(file)["tables"], empty | {"sha256": archives.sha256(b"").hexdigest()}]
    changed = manifest_with(file, tables=tables)
    with ZipFile(changed, "a") as archive:
        archive.writestr(f"tables/{name}.jsonl", "")
    result = target.restore(changed)
    assert result.exit_code == 1
    assert f"The backup names the table {name}, which belongs to no plugin" in result.output
    assert set(inspect(target.database.engine).get_table_names()) == {"others", "auth_user"}


@pytest.mark.parametrize("packed", [ZIP_BZIP2, ZIP_LZMA])
def test_a_member_that_is_packed_in_another_way(file, refused, packed):
    with ZipFile(file) as old, ZipFile(file.with_name("b.zip"), "w", packed) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert DAMAGED in refused(file.with_name("b.zip"))


def test_a_member_that_is_locked_by_a_password(file, refused):
    data = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = data.find(mark)
        while position != -1:
            data[position + at] |= 1
            position = data.find(mark, position + 4)
    file.write_bytes(data)
    assert DAMAGED in refused(file)


def test_a_manifest_that_grows_when_it_is_read(file, refused):
    def change(name, content):
        return (
            content + b" " * (archives.MAX_MANIFEST_BYTES + 1)
            if name == "manifest.json"
            else content
        )

    assert DAMAGED in refused(rewritten(file, change))


def test_a_line_that_grows_when_it_is_read(file, refused, monkeypatch):
    monkeypatch.setattr(archives, "MAX_LINE_BYTES", 10_000)
    bomb = b'[1,"' + b"x" * 1_000_000 + b'"]'
    assert "The table stores of the backup has a line of more than 10,000 bytes." in refused(
        with_lines(file, "stores", [bomb])
    )


def test_long_rows_are_written_a_few_at_a_time(file, make_side, monkeypatch):
    # The package hands on the command of the same name.
    restore = import_module("shoptrack.cli.backup.restore")
    monkeypatch.setattr(restore, "BATCH_BYTES", 1)
    written = []
    insert = restore._write_batch
    monkeypatch.setattr(
        restore, "_write_batch", lambda c, t, rows: (written.append(len(rows)), insert(c, t, rows))
    )
    assert make_side("sqlite").restore(file).exit_code == 0
    assert set(written) == {1}


def test_whatever_bytes_are_changed(file):
    """Every header and every member: what reads otherwise is a sentence, and never a traceback."""
    whole, chance = file.read_bytes(), random.Random(20)
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 8))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.2:
            del broken[chance.randrange(len(broken)) :]
        file.write_bytes(broken)
        with suppress(archives.BackupError):  # or it was a byte that nothing reads, such as a time
            archives.open_archive(file, is_trusted=True)[0].close()


class TestWithout:
    """Plugins that the backup has and that are not enabled."""

    @pytest.fixture
    def of_wishlist(self, file):
        """Add a plugin's table to the backup."""
        manifest = manifest_of(file)
        row = b'[1,"Beef"]\n'
        part = {
            "name": "shoptrack_wishlist_items",
            "columns": [{"name": "id", "kind": "integer"}, {"name": "name", "kind": "text"}],
            "rows": 1,
            "sha256": archives.sha256(row).hexdigest(),
            "lineage": "wishlist",
        }
        changed = manifest_with(
            file,
            revisions=manifest["revisions"] | {"wishlist": "wishlist_0001"},
            tables=[*manifest["tables"], part],
        )
        with ZipFile(changed, "a", ZIP_DEFLATED) as archive:
            archive.writestr("tables/shoptrack_wishlist_items.jsonl", row)
        return changed

    def test_they_stop_it_and_are_named(self, of_wishlist, refused):
        said = refused(of_wishlist)
        assert "The backup holds tables of 'wishlist', and no plugin that is enabled" in said
        assert "leave its rows out: --without wishlist" in said

    def test_their_rows_can_be_left_out(self, of_wishlist, make_side):
        target = make_side("postgresql")
        result = target.restore(of_wishlist, "--unsigned", "--without", "wishlist")
        assert result.exit_code == 0, result.output
        assert len(target.rows()["stores"]) == 50
        assert (
            "shoptrack_wishlist_items" not in inspect(target.database.read_engine).get_table_names()
        )

    def test_also_where_the_file_does_not_say_whose_a_table_is(self, of_wishlist, make_side):
        """As those of earlier releases."""
        tables = manifest_of(of_wishlist)["tables"]
        for part in tables:
            del part["lineage"]
        of_wishlist.replace(of_wishlist.with_name("old.zip"))
        older = manifest_with(of_wishlist.with_name("old.zip"), tables=tables)
        target = make_side("sqlite")
        assert target.restore(older, "--unsigned", "--without", "wishlist").exit_code == 0
        assert len(target.rows()["stores"]) == 50

    @pytest.mark.parametrize("name", ["auth", "shoptrack", "wish"])
    def test_nothing_else_can_be_left_out(self, of_wishlist, refused, name):
        options = ("--unsigned", "--without", "wishlist", "--without", name)
        said = refused(of_wishlist, *options)
        assert f"and not '{name}'. There are: wishlist." in said
