"""What was written comes back, whichever database it came from and goes to."""

import json
import stat
from datetime import date
from decimal import Decimal
from hashlib import sha256
from zipfile import ZipFile

from sqlalchemy import insert

from shoptrack.cli.backup import writer
from shoptrack.cli.demo import demo
from shoptrack.testing import Client, RowFactory, upgrade_database
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import Group, UserGroup, UserPermission
from shoptrack_auth.user_management import OPERATOR


def fill(side) -> RowFactory:
    """Write a row of many a kind, with what is hard to keep, and return what makes more."""
    make = RowFactory(side.database)
    store = make.store(name="ライフ \u2028 \U0001f34e", location='"\\,')
    product = make.product(name="ぎゅうにゅう", origin_id=make.origin().id)
    for quantity in ("0.001", "-9999999.999", "0.000"):
        make.record(
            store_id=store.id,
            product_id=product.id,
            price=-(2**31),
            quantity=Decimal(quantity),
            purchase_date=date(1, 1, 1),
        )
    with side.database.session() as db, db.begin():
        user = users.create(
            db,
            side.app.registry[UserPasswordHasher],
            "ken",
            "correct horse battery staple",
            email="k@example.com",
            by=OPERATOR,
            force=True,
        )
        group = Group(name="Family", name_key="family")
        db.add(group)
        db.flush()
        db.execute(insert(UserGroup).values(user_id=user.id, group_id=group.id))
        db.execute(insert(UserPermission).values(user_id=user.id, permission="stores:view"))
    return make


def test_every_row_of_every_table_comes_back(source, target, tmp_path):
    fill(source)
    file = tmp_path / "a.zip"
    assert source.backup(file).exit_code == 0
    result = target.restore(file)
    assert result.exit_code == 0, result.output
    assert target.rows() == source.rows()
    assert sum(map(len, source.rows().values())) > 10


def test_it_can_be_worked_with_afterwards(source, target, tmp_path):
    fill(source)
    source.backup(tmp_path / "a.zip")
    target.restore(tmp_path / "a.zip")
    client = Client(target.app)
    body = {"username": "ken", "password": "correct horse battery staple"}
    access = client.post_json("/api/auth/token/", body).json["access"]
    headers = {"Authorization": f"Bearer {access}"}
    client.get("/readyz", status=200)
    assert len(client.get("/api/products/", {"search": "ギュウニュウ"}, headers=headers).json) == 1
    before = client.get("/api/categories/", headers=headers)
    answer = client.post_json("/api/categories/", {"name": "New"}, headers=headers, status=201)
    assert answer.json["id"] == max(category["id"] for category in before.json) + 1
    assert client.get("/api/categories/", headers=headers).headers["ETag"] != before.headers["ETag"]


def test_a_database_that_is_migrated_and_empty_will_do(source, make_side, tmp_path):
    fill(source)
    source.backup(tmp_path / "a.zip")
    target = make_side("sqlite", migrated=True)
    assert target.restore(tmp_path / "a.zip").exit_code == 0
    assert target.rows() == source.rows()


def test_a_backup_of_an_earlier_revision_is_brought_up_to_date(source, make_side, tmp_path):
    """The columns of folded names came with the second revision, which fills them."""
    fill(source)
    source.backup(tmp_path / "new.zip")
    with (
        ZipFile(tmp_path / "new.zip") as new,
        ZipFile(tmp_path / "old.zip", "w") as old,
    ):
        manifest = json.loads(new.read("manifest.json"))
        manifest["revisions"]["shoptrack"] = "shoptrack_0001"
        for part in manifest["tables"]:
            text = new.read(f"tables/{part['name']}.jsonl")
            text = without_folded(part, text)
            old.writestr(f"tables/{part['name']}.jsonl", text)
        old.writestr("manifest.json", json.dumps(manifest))
    target = make_side("sqlite", migrated=True)
    result = target.restore(tmp_path / "old.zip")
    assert result.exit_code == 0, result.output
    assert target.rows() == source.rows()


def without_folded(part: dict, text: bytes) -> bytes:
    """Take the columns out that an earlier release did not have."""
    names = [column["name"] for column in part["columns"]]
    later = {"job", "part_of", "undoes"}
    keep = [name not in later and not name.endswith("_folded") for name in names]
    rows = [json.loads(line) for line in text.splitlines()]
    lines = (
        json.dumps([v for v, kept in zip(row, keep, strict=True) if kept]) + "\n" for row in rows
    )
    text = "".join(lines).encode()
    part["columns"] = [c for c, kept in zip(part["columns"], keep, strict=True) if kept]
    part["sha256"] = sha256(text).hexdigest()
    return text


RECORDS = 20_000  # many times what is read, written and sent at once


def test_a_large_database_goes_there_and_back(make_side, tmp_path):
    first, second, third = (make_side(k) for k in ("sqlite", "postgresql", "sqlite"))
    upgrade_database(first.app)
    assert first.run(demo, "--records", str(RECORDS), "--until", "2025-11-23").exit_code == 0
    assert first.backup(tmp_path / "a.zip").exit_code == 0
    assert second.restore(tmp_path / "a.zip").exit_code == 0
    assert second.backup(tmp_path / "b.zip").exit_code == 0
    assert third.restore(tmp_path / "b.zip").exit_code == 0
    rows = first.rows()
    assert len(rows["shopping_records"]) == RECORDS
    assert third.rows() == rows
    assert digests(tmp_path / "a.zip") == digests(tmp_path / "b.zip")


def digests(file) -> dict[str, str]:
    with ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return {part["name"]: part["sha256"] for part in manifest["tables"]}


def test_a_backup_is_of_one_moment(source, make_side, tmp_path, monkeypatch):
    """Others write while it is made, and neither wait nor come into it by halves."""
    make = fill(source)
    write_rows, before = writer.write_rows, source.rows()

    def slowly(archive, table, rows):
        make.record()
        return write_rows(archive, table, rows)

    monkeypatch.setattr(writer, "write_rows", slowly)
    assert source.backup(tmp_path / "a.zip").exit_code == 0
    target = make_side("sqlite")
    assert target.restore(tmp_path / "a.zip").exit_code == 0
    assert target.rows() == before
    assert len(source.rows()["products"]) == len(before["products"]) + len(source.tables)


def test_only_its_owner_reads_it(source, tmp_path):
    source.backup(tmp_path / "a.zip")
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600
