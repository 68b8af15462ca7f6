"""Names that read the same are one name, of users and of groups; what can't be seen is in none."""

import unicodedata

import pytest

from shoptrack.errors import ValidationError
from shoptrack_auth.names import clean_group_name, clean_username, make_group_key, make_username_key

TWINS = [
    ("Ken", "KEN"),
    ("Ken", "ｋｅｎ"),
    ("Ken", "\u212aen"),  # the Kelvin sign
    ("ガス", "ｶﾞｽ"),
    ("ガス", unicodedata.normalize("NFD", "ガス")),
    ("Ångström", unicodedata.normalize("NFD", "ÅNGSTRÖM")),
    ("straße", "STRASSE"),
    ("straße", "STRAẞE"),
    ("σας", "ΣΑΣ"),
    ("ﬁn", "FIN"),
    ("ſam", "SAM"),
    ("irem", "İREM"),
    ("irem", "İrem"),
    ("irem", "IREM"),
    ("ısı", "ISI"),
    ("ΐώτα", "ΐώτα".upper()),
    ("x²", "X2"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_names_that_differ_in_case_width_or_form_are_one(one, other):
    assert make_username_key(one) == make_username_key(other)
    assert make_group_key(one) == make_group_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ken", "kan"), ("カス", "ガス"), ("е", "e"), ("o", "ö")]
)
def test_names_that_read_differently_are_two(one, other):
    assert make_username_key(one) != make_username_key(other)


@pytest.mark.parametrize("name", [*(one for one, _ in TWINS), "İREM", "ISI", "STRAẞE", "ｋｅｎ"])
def test_what_is_stored_is_compared_by_the_same_key(name):
    assert make_username_key(clean_username(name)) == make_username_key(name)
    assert make_username_key(make_username_key(name)) == make_username_key(name)


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\ufeff",
        "\u2060",
        "\u00ad",
        "\u115f",
        "\u1160",
        "\u3164",
        "\uffa0",
    ]
    + ["\ufe0f", "\u202e", "\u034f"],
)
def test_a_username_has_no_character_that_is_not_seen(character):
    with pytest.raises(ValidationError, match="Enter a valid username"):
        clean_username(f"ke{character}n")


@pytest.mark.parametrize("name", ["аdmin", "admіn", "Ρaul", "иvan"])
def test_a_username_does_not_mix_alphabets_that_look_alike(name):
    with pytest.raises(ValidationError) as refused:
        clean_username(name)
    (said,) = refused.value.errors["username"]
    assert said.startswith("Enter a valid username. Use only one of the Latin, Greek and Cyrillic")


@pytest.mark.parametrize("name", ["Иван", "Παύλος", "kenケン", "健1", "anna@example.com"])
def test_but_other_scripts_stand_beside_each_other(name):
    assert clean_username(name) == name


@pytest.mark.parametrize("checked", [clean_username, clean_group_name])
def test_the_longest_name_may_be_spelled_with_four_times_as_many_characters(checked):
    longest = "\u1f82" * 150
    spelled = unicodedata.normalize("NFD", longest)
    assert len(spelled) == 600
    assert checked(spelled) == longest
    with pytest.raises(ValidationError, match=r"at most 150 characters \(it has 151\)"):
        checked(longest + "\u1f82")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Parents", "Parents"),
        (" Power \u3000 users\n", "Power users"),
        ("ｶﾞｽ", "ガス"),
        ("A & B", "A & B"),
    ],
)
def test_a_group_may_be_called_anything_that_reads(typed, stored):
    assert clean_group_name(typed) == stored


@pytest.mark.parametrize("twin", ["parents", "ＰＡＲＥＮＴＳ", " Parents ", "Paren\ufe0fts"])
def test_groups_that_read_the_same_are_one(twin):
    assert make_group_key(clean_group_name(twin)) == make_group_key("Parents")


def test_nothing_that_is_not_seen_tells_groups_apart():
    # Of each range that Unicode calls default ignorable the first and the last.
    ends = (
        "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180f\u200b\u200f\u202a\u202e\u2060\u206f\u3164"
        "\ufe00\ufe0f\ufeff\uffa0\ufff0\ufff8\U0001bca0\U0001bca3\U0001d173\U0001d17a\U000e0000\U000e0fff"
    )
    assert [end for end in ends if make_group_key(f"Paren{end}ts") != "parents"] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "This field may not be blank."),
        (" \u3000", "This field may not be blank."),
        ("x" * 151, "Ensure this value has at most 150 characters (it has 151)."),
        ("x" * 1_000_000, "Ensure this value has at most 150 characters (it has 1000000)."),
        ("a\0b", "Enter a valid group name. This value may not contain invisible characters."),
        ("a\u202eb", "Enter a valid group name. This value may not contain invisible characters."),
        ("\u200b", "Enter a valid group name. This value may not contain invisible characters."),
        ("\u3164", "Enter a valid group name. This value may not contain invisible characters."),
        ("\ud800", "Enter a valid group name. This value may not contain invisible characters."),
    ],
)
def test_other_names_are_refused_in_a_sentence(name, said):
    with pytest.raises(ValidationError) as refused:
        clean_group_name(name)
    assert refused.value.errors == {"name": [said]}
