"""What cannot be taken back is refused before anything is written."""

import os
import re
from zipfile import ZipFile

import pytest
from sqlalchemy import inspect

from shoptrack.db import bulk_load
from shoptrack.testing import RowFactory

from .archives import lines_of, manifest_with, rewritten, with_lines


@pytest.fixture
def source(make_side):
    return make_side("sqlite", migrated=True)


DAMAGED = "is no backup of ShopTrack's, or it is damaged."


@pytest.mark.parametrize("length", [0, 1, 100, 0.5, 0.999])
def test_a_file_that_was_cut_short(file, refused, length):
    size = file.stat().st_size
    os.truncate(file, int(length * size) if isinstance(length, float) else length)
    assert DAMAGED in refused(file)


def test_a_file_with_a_flipped_byte(file, refused):
    """Wherever it lies, except where it changes nothing that is read."""
    whole = file.read_bytes()
    with ZipFile(file) as archive:
        info = archive.getinfo("tables/shopping_records.jsonl")
        start = info.header_offset + 30 + len(info.filename) + 20
    for position in (start, start + info.compress_size // 2):
        broken = bytearray(whole)
        broken[position] ^= 0xFF
        file.write_bytes(broken)
        assert DAMAGED in refused(file)


def test_a_file_whose_rows_were_edited(file, refused):
    def change(name, content):
        return content.replace(b"1000", b"9999") if "shopping_records" in name else content

    assert DAMAGED in refused(rewritten(file, change))


def test_a_file_that_lacks_a_table(file, refused):
    assert DAMAGED in refused(
        rewritten(file, lambda name, content: None if "stores" in name else content)
    )


def test_another_file(refused, tmp_path):
    other = tmp_path / "photo.jpg"
    other.write_bytes(b"\xff\xd8" * 1000)
    assert DAMAGED in refused(other)
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", "[]")
    assert DAMAGED in refused(tmp_path / "other.zip")


def test_a_file_of_a_later_format(file, refused):
    said = refused(manifest_with(file, format=2))
    assert "The backup has the format 2, and this release reads 1." in said


def test_a_file_of_a_later_release(file, refused):
    revisions = {"shoptrack": "shoptrack_9999", "auth": "auth_0001"}
    said = refused(manifest_with(file, revisions=revisions, release="9.0.0"))
    assert "made by the release 9.0.0, whose revision shoptrack_9999 of 'shoptrack'" in said


def test_rows_of_a_plugin_that_is_not_there(file, refused):
    revisions = {"wishlist": "wishlist_0001"}
    said = refused(manifest_with(file, revisions=revisions))
    assert "The backup holds tables of 'wishlist', and no plugin" in said


def test_a_database_that_is_not_empty(file, make_side):
    for kind in ("sqlite", "postgresql"):
        target = make_side(kind, migrated=True)
        RowFactory(target.database).store()
        before = target.rows()
        result = target.restore(file)
        assert result.exit_code == 1
        assert "The database is not empty: there are rows in stores." in result.output
        assert target.rows() == before


def test_a_restore_that_breaks_off_leaves_nothing(file, target, monkeypatch):
    def broken(*_):
        raise RuntimeError("after all rows were written")

    monkeypatch.setattr(bulk_load, "reset_sequences", broken)
    assert isinstance(target.restore(file).exception, RuntimeError)
    assert inspect(target.database.engine).get_table_names() == []


def test_a_database_without_tables_is_not_backed_up(make_side, tmp_path):
    result = make_side("sqlite").backup(tmp_path / "a.zip")
    assert result.exit_code == 1
    assert "The database has no tables to back up. Run: shoptrack migrate." in result.output
    assert not (tmp_path / "a.zip").exists()


def test_a_database_of_a_later_release_is_not_backed_up(source, tmp_path):
    with source.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_auth SET version_num = 'newer'")
    result = source.backup(tmp_path / "a.zip")
    assert result.exit_code == 1
    assert "auth stands at newer" in result.output
    assert not (tmp_path / "a.zip").exists()


def test_a_file_that_is_there_already_stays(file, source):
    before = file.read_bytes()
    result = source.backup(file)
    assert result.exit_code == 1
    assert "is there already" in result.output
    assert file.read_bytes() == before
    assert source.backup(file, "--force").exit_code == 0


def test_a_backup_that_cannot_be_written_leaves_no_file(source, tmp_path):
    result = source.backup(tmp_path / "missing" / "a.zip")
    assert result.exit_code == 1
    assert "cannot be written: No such file or directory." in result.output


def test_a_full_disk_leaves_the_older_backup(file, source, monkeypatch):
    before = file.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    result = source.backup(file, "--force")
    assert result.exit_code == 1
    assert "cannot be written: full." in result.output
    assert file.read_bytes() == before
    assert list(file.parent.glob("*.part")) == []


@pytest.mark.parametrize("text", [r"a\u0000b", r"a\ud800b"])
def test_a_text_that_no_database_stores(file, refused, text):
    """Whoever writes rows can write their digest as well."""
    line = re.sub(rb'"[^"]*"', lambda _: f'"{text}"'.encode(), lines_of(file, "stores")[0], count=1)
    said = refused(with_lines(file, "stores", [line]))
    assert "The table stores of the backup holds a row that is not valid, in line 1: " in said
