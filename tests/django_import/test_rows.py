"""Rows that cannot be taken: each is named with the reason, and nothing is written."""

import pytest
from sqlalchemy import func, select

from shoptrack.records.models import ShoppingRecord
from shoptrack_django_import.importer import TABLES

TWIN = "A user with that username already exists. Row 1 has it."
NOT_THERE = 'Invalid pk "99" - object does not exist.'
DIGITS = "Ensure that there are no more than 10 digits in total."


@pytest.fixture
def written(database):
    """Return a function that counts all rows of ShopTrack's own."""

    def written() -> int:
        with database.read_engine.connect() as connection:
            return sum(connection.scalar(select(func.count()).select_from(t)) for t in TABLES)

    return written


@pytest.fixture
def quantities(database):
    """Return a function that returns the quantities of all records by id."""

    def quantities() -> dict:
        with database.read_engine.connect() as connection:
            rows = connection.execute(select(ShoppingRecord.id, ShoppingRecord.quantity))
            return dict(rows.all())

    return quantities


@pytest.fixture
def refused(run, written):
    """Return a function that runs the command and returns the rows that it names."""

    def refused(old) -> list[str]:
        result = run(old.address)
        assert result.exit_code == 3, result.output
        *named, end = result.stderr.splitlines()
        assert end.startswith(f"Error: {len(named)} row")
        assert "nothing was written" in end
        assert "--skip-invalid" in end
        assert written() == 0
        return named

    return refused


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "UPDATE records_unit SET name = ' '",
            "records_unit 1: name: This field may not be blank.",
        ),
        (
            "UPDATE records_category SET name = ' Meat' WHERE id = 3",
            "records_category 3: name: category with this name already exists. Row 2 has it.",
        ),
        (
            "UPDATE auth_group SET name = 'ＣＯＯＫＳ' WHERE id = 2",
            "auth_group 2: name: A group with that name already exists. Row 1 has it.",
        ),
        (
            "UPDATE auth_user SET username = 'OWNER' WHERE id = 4",
            f"auth_user 4: username: {TWIN}",
        ),
        (
            "UPDATE auth_user SET username = 'ｏｗｎｅｒ' WHERE id = 4",
            f"auth_user 4: username: {TWIN}",
        ),
        (
            "UPDATE auth_user SET username = 'for mer' WHERE id = 4",
            "auth_user 4: username: Enter a valid username. This value may contain only letters, "
            "numbers, and @/./+/-/_ characters.",
        ),
        (
            "UPDATE auth_user SET email = 'former' WHERE id = 4",
            "auth_user 4: email: Enter a valid email address.",
        ),
        (
            "UPDATE records_product SET manufacturer_id = 99 WHERE id = 2",
            f"records_product 2: manufacturer_id: {NOT_THERE}",
        ),
        (
            "UPDATE auth_user_groups SET group_id = 99 WHERE id = 1",
            f"auth_user_groups 1: group_id: {NOT_THERE}",
        ),
        (
            "UPDATE auth_user_user_permissions SET permission_id = 99 WHERE id = 1",
            f"auth_user_user_permissions 1: permission_id: {NOT_THERE}",
        ),
        (
            "UPDATE records_shoppingrecord SET id = 2147483648 WHERE id = 7",
            "records_shoppingrecord 2147483648: id: "
            "Ensure this value is less than or equal to 2147483647.",
        ),
        (
            "UPDATE records_shoppingrecord SET id = 0 WHERE id = 7",
            "records_shoppingrecord 0: id: Ensure this value is greater than or equal to 1.",
        ),
    ],
)
def test_the_row_and_the_reason_are_named(old, refused, statement, reason):
    old.execute(statement)
    named, *others = refused(old)
    assert named == reason
    assert all(line.endswith("that it refers to cannot be taken.") for line in others)


@pytest.mark.parametrize("day", ["0044-03-15 BC", "10000-01-01", "infinity"])
@pytest.mark.database("postgresql")
def test_days_that_only_postgresql_has(old, refused, day):
    old.execute("UPDATE records_shoppingrecord SET purchase_date = :day WHERE id = 7", day=day)
    said = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
    assert refused(old) == [f"records_shoppingrecord 7: purchase_date: {said}"]


@pytest.mark.parametrize("instant", ["infinity", "10000-01-01 00:00:00+00"])
@pytest.mark.database("postgresql")
def test_instants_that_only_postgresql_has(old, refused, instant):
    old.execute("UPDATE auth_user SET last_login = :at WHERE id = 4", at=instant)
    said = "This is no point in time that can be kept."
    assert refused(old) == [f"auth_user 4: last_login: {said}"]


@pytest.mark.database("postgresql")
def test_a_number_that_is_none(old, refused):
    old.execute("UPDATE records_shoppingrecord SET quantity = 'NaN' WHERE id = 7")
    said = "A valid number is required."
    assert refused(old) == [f"records_shoppingrecord 7: quantity: {said}"]


# SQLite keeps whatever it is given.
@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("price", 2**31, "Ensure this value is less than or equal to 2147483647."),
        ("price", 1.5, "A valid integer is required."),
        ("price", "much", "A valid integer is required."),
        ("price", b"\x01", "A valid integer is required."),
        ("quantity", 0.0005, "Ensure that there are no more than 3 decimal places."),
        ("quantity", 1e10, DIGITS),
        ("quantity", 12345678.125, DIGITS),
        ("quantity", 1e300, DIGITS),
        ("quantity", float("inf"), "A valid number is required."),
        ("quantity", "some", "A valid number is required."),
        ("purchase_date", "2025-02-30", "Date has wrong format."),
        ("purchase_date", "yesterday", "Date has wrong format."),
        ("purchase_date", 20250101, "Date has wrong format."),
        ("store_id", 99, NOT_THERE),
        ("product_id", "Beef", "Incorrect type. Expected pk value, received str."),
    ],
)
@pytest.mark.database("sqlite")
def test_values_that_only_sqlite_has(old, refused, column, value, said):
    statement = f"UPDATE records_shoppingrecord SET {column} = :value WHERE id = 7"
    old.execute(statement, value=value)
    (named,) = refused(old)
    assert named.startswith(f"records_shoppingrecord 7: {column}: {said}")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("n" * 101, "Ensure this field has no more than 100 characters."),
        ("a\0b", "Null characters are not allowed."),
        (b"\xff\xfe", "Not a valid string."),
    ],
)
@pytest.mark.database("sqlite")
def test_text_that_only_sqlite_has(old, refused, value, said):
    old.execute("UPDATE records_store SET name = :value WHERE id = 1", value=value)
    named = refused(old)
    assert named[0] == f"records_store 1: name: {said}"
    assert len(named) == 1 + len(old.execute(RECORDS_OF_THE_FIRST_STORE))


RECORDS_OF_THE_FIRST_STORE = "SELECT id FROM records_shoppingrecord WHERE store_id = 1"


@pytest.mark.database("sqlite")
def test_text_that_is_no_unicode(old, refused):
    old.execute("UPDATE records_product SET name = CAST(x'ff41' AS TEXT) WHERE id = 1")
    said = "Surrogate characters are not allowed: U+DCFF."
    assert refused(old)[0] == f"records_product 1: name: {said}"


@pytest.mark.database("sqlite")
def test_a_float_that_is_off_by_its_own_error_is_taken_as_django_reads_it(old, run, quantities):
    old.execute("UPDATE records_shoppingrecord SET quantity = 0.1 + 0.2 WHERE id = 7")
    assert run(old.address).exit_code == 0
    assert str(quantities()[7]) == "0.300"


def test_all_reasons_of_a_row_and_all_rows_are_named(old, refused):
    old.execute(
        "UPDATE auth_user SET username = 'a b', email = 'c' WHERE id = 4",
        "UPDATE records_product SET name = '', unit_id = 99 WHERE id = 2",
        "DELETE FROM records_shoppingrecord WHERE product_id = 2",
    )
    user, product = refused(old)
    assert "username: Enter a valid username." in user
    assert "; email: Enter a valid email address." in user
    assert product == (
        f"records_product 2: name: This field may not be blank.; unit_id: {NOT_THERE}"
    )


def test_a_dry_run_names_them_too(old, run, written):
    old.execute("UPDATE records_unit SET name = ''", "DELETE FROM records_product")
    result = run(old.address, "--dry-run")
    assert result.exit_code == 3
    assert "records_unit 1: name: This field may not be blank." in result.stderr
    assert written() == 0


class TestSkipped:
    """``--skip-invalid``."""

    @pytest.fixture(autouse=True)
    def spoil(self, old):
        old.execute("UPDATE records_product SET name = '' WHERE id = 2")
        old.execute("UPDATE auth_group SET name = '' WHERE id = 1")

    def test_rows_are_left_out_with_those_that_refer_to_them(self, old, run, quantities):
        result = run(old.address, "--skip-invalid")
        assert result.exit_code == 0, result.output
        kept = old.execute("SELECT id FROM records_shoppingrecord WHERE product_id = 1")
        assert quantities().keys() == {row.id for row in kept}

    def test_each_of_them_is_named(self, old, run):
        named = run(old.address, "--skip-invalid").stderr.splitlines()
        said = "The row 2 that it refers to cannot be taken."
        expected = [
            f"records_shoppingrecord {row.id}: product_id: {said}"
            for row in old.execute(
                "SELECT id FROM records_shoppingrecord WHERE product_id = 2 ORDER BY id"
            )
        ]
        assert [line for line in named if line.startswith("records_shopping")] == expected
        group = "The row 1 that it refers to cannot be taken."
        assert f"auth_user_groups 1: group_id: {group}" in named
        assert f"auth_group_permissions 1: group_id: {group}" in named

    def test_a_dry_run_says_what_would_be_written(self, old, run, written):
        result = run(old.address, "--skip-invalid", "--dry-run")
        assert result.exit_code == 0
        rows = int(result.stdout.splitlines()[-1].split()[-4])
        assert written() == 0
        assert run(old.address, "--skip-invalid").exit_code == 0
        assert written() == rows
