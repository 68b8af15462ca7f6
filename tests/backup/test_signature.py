"""Who knows no key changes no backup: what is signed, what is not, and what one trusts."""

import json
from zipfile import ZipFile

import pytest

from .archives import lines_of, rewritten, with_lines

KEY = "a-key-of-more-than-thirty-two-bytes\n"


@pytest.fixture
def key(tmp_path):
    """Write a key into a file."""
    path = tmp_path / "key"
    path.write_text(KEY)
    return path


@pytest.fixture
def source(make_side):
    return make_side("sqlite", migrated=True)


@pytest.fixture
def signed(source, key, tmp_path):
    """Make a backup that is signed."""
    result = source.backup(tmp_path / "signed.zip", "--key-file", key)
    assert result.exit_code == 0, result.output
    assert "not signed" not in result.output
    return tmp_path / "signed.zip"


def test_a_signed_backup_comes_back_by_its_key(signed, key, target):
    result = target.restore(signed, "--key-file", key)
    assert result.exit_code == 0, result.output


def test_white_space_around_the_key_does_not_count(signed, key, target):
    key.write_text(f"  {KEY.strip()}\r\n\n")
    assert target.restore(signed, "--key-file", key).exit_code == 0


def test_another_key_did_not_sign_it(signed, key, refused):
    key.write_text(KEY[::-1])
    assert "was signed with another key, or it was changed since." in refused(
        signed, "--key-file", key
    )


def test_rows_and_digests_that_were_changed_are_noticed(file, source, key, refused, tmp_path):
    """Whoever recomputes the sums would otherwise make themselves a superuser."""
    whole = source.backup(tmp_path / "b.zip", "--key-file", key)
    assert whole.exit_code == 0
    changed = with_lines(tmp_path / "b.zip", "stores", lines_of(file, "stores"))
    assert "or it was changed since." in refused(changed, "--key-file", key)


def test_so_is_a_signature_that_was_taken_away(signed, key, refused):
    bare = rewritten(signed, lambda name, content: None if name == "signature" else content)
    said = refused(bare, "--key-file", key)
    assert "is not signed" in said
    assert "restore it with --unsigned instead of --key-file" in said


@pytest.mark.parametrize("signature", ["", "0", "é", "0" * 64, "x" * 10_000])
def test_and_one_that_is_none(signed, key, refused, signature):
    other = rewritten(signed, lambda name, old: signature if name == "signature" else old)
    assert "changed.zip" in refused(other, "--key-file", key)


def test_an_unsigned_backup_has_to_be_trusted(file, make_side, refused, key):
    side = make_side("sqlite")
    result = side.run_restore(file)
    assert result.exit_code == 1
    assert "is not signed: anybody who could write to it may have changed it." in result.output
    assert "restore it with --unsigned." in result.output
    assert side.restore(file, "--unsigned").exit_code == 0


def test_a_signed_one_takes_its_key_or_trust(signed, make_side):
    side = make_side("sqlite")
    result = side.run_restore(signed)
    assert result.exit_code == 1
    assert "is signed. Name the file that holds the key: --key-file FILE." in result.output
    assert side.restore(signed, "--unsigned").exit_code == 0


def test_one_cannot_ask_for_both(signed, key, make_side):
    result = make_side("sqlite").restore(signed, "--unsigned", "--key-file", key)
    assert result.exit_code == 2
    assert "--key-file and --unsigned exclude each other." in result.output


def test_who_makes_an_unsigned_one_is_told(source, tmp_path):
    result = source.backup(tmp_path / "a.zip")
    assert result.exit_code == 0
    assert result.stderr == (
        "It is not signed, so that restoring it takes --unsigned. With --key-file it is signed.\n"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has 0 bytes, and needs at least 32. Make a key: shoptrack secret-key > "),
        ("short", "has 5 bytes, and needs at least 32."),
        ("x" * 5000, "is no key file: it has more than 4,096 bytes."),
    ],
)
def test_a_key_file_without_a_key(source, key, tmp_path, content, said):
    key.write_text(content)
    result = source.backup(tmp_path / "a.zip", "--key-file", key)
    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "a.zip").exists()


def test_the_key_is_nowhere_in_the_file(signed):
    with ZipFile(signed) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        json.loads(archive.read("manifest.json"))
    assert KEY.strip().encode() not in everything
