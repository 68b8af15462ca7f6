"""Searching, with texts folded: width, case and kana do not matter."""

from urllib.parse import quote

import pytest

from shoptrack.db import Database
from shoptrack.db.folding import MAX_FOLDED_LENGTH, fold


@pytest.mark.parametrize("text", ["ｷﾞｭｳﾆｭｳ", "ギュウニュウ", "ぎゅうにゅう", "ぎゅうニュウ"])
def test_widths_and_kana_find_each_other(names, text):
    assert names(f"search={quote(text)}") == ["milk", "milk again"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("beef", ["beef", "refund"]),
        ("ＢＥＥＦ", ["beef", "refund"]),
        ("京都", ["beef", "milk", "refund"]),
        ("大阪 乳製品", ["milk again", "yogurt"]),
        ("北海道 maruya", ["milk again"]),
        ("maruya beef", []),
        ("100%", ["beef", "refund"]),
        ("本", ["milk", "milk again", "yogurt"]),
        ("  ", ["beef", "milk", "milk again", "yogurt", "refund"]),
    ],
)
def test_every_word_must_occur_in_some_text(names, text, found):
    assert names(f"search={quote(text)}") == found


def test_what_is_renamed_is_found_by_its_new_name(api, make):
    row = make.category(name="Old")
    api.patch_json(f"/api/categories/{row.id}/", {"name": "ニュー"})
    assert len(api.get(f"/api/categories/?search={quote('にゅー')}").json) == 1
    assert api.get("/api/categories/?search=old").json == []


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [("x" * 201, "no more than 200 characters"), ("a " * 11, "at most 10 words")],
)
def test_endless_searches_are_refused(api, text, sentence):
    answer = api.get(f"/api/shopping-records/?search={quote(text)}", status=400)
    assert sentence in answer.json["search"][0]


@pytest.mark.parametrize("text", ["x" * 200, "a " * 10])
def test_searches_may_be_as_long_as_the_sentence_says(api, text):
    assert api.get(f"/api/shopping-records/?search={quote(text)}", status=200).json == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ｶﾞﾑ", "がむ"),
        ("Straße", "strasse"),
        ("ヴァニラ", "ゔぁにら"),
        ("㍿", "株式会社"),
        ("ー", "ー"),
        ("Ｍilk　１", "milk 1"),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded
    assert fold(fold(text)) == folded


# Each as it is typed somewhere: by a Japanese or a Latin keyboard, as a minus sign, as a line of a box.
DASHES = "ー-ｰ－‐‑‒–—―−─━⁃˗➖﹘﹣⁻₋⸺⸻"
TILDES = "~〜～∼⁓〰"


@pytest.mark.parametrize("typed", DASHES)
def test_dashes_minus_signs_and_long_vowel_marks_find_each_other(api, typed):
    names = ["コーヒー", "コ-ヒ-", "ｺｰﾋｰ", f"コ{typed}ヒ{typed}"]
    for name in names:
        row = api.post_json("/api/stores/", {"name": name, "location": "Kyoto"}, status=201).json
        assert row["name"] == name, "it stays as it was sent"
    for name in ("こーひー", "コ−ヒ", f"コ{typed}ヒ{typed}", f"{typed}ひ"):
        for parameter in ("search", "name__icontains"):
            found = api.get(f"/api/stores/?{parameter}={quote(name)}").json
            assert [row["name"] for row in found] == names


@pytest.mark.parametrize("typed", TILDES)
def test_tildes_find_each_other_and_no_dash(api, make, typed):
    names = ["2〜3人分", "2～3人分", "2~3人分", f"2{typed}3人分"]
    for name in (*names, "2-3人分", "2ー3人分"):
        make.store(name=name)
    for parameter in ("search", "name__icontains"):
        found = api.get(f"/api/stores/?{parameter}={quote(f'2{typed}3')}").json
        assert [row["name"] for row in found] == names


@pytest.mark.parametrize(
    ("name", "other"), [("口", "ロ-"), ("一", "ー"), ("二", "ニ"), ("ㅡ", "ー")]
)
def test_letters_that_look_alike_are_letters(api, make, name, other):
    make.store(name=name, location="x")
    assert api.get(f"/api/stores/?search={quote(other)}").json == []


def test_names_are_unique_by_what_was_sent(api):
    for name in ("コーヒー", "コ−ヒ−", "ｺｰﾋｰ"):
        api.post_json("/api/categories/", {"name": name}, status=201)
        api.post_json("/api/categories/", {"name": name}, status=400)
    found = api.get(f"/api/categories/?name={quote('コ−ヒ−')}").json
    assert [row["name"] for row in found] == ["コ−ヒ−"]


@pytest.mark.parametrize("text", ["ー", "~", "ー_", "%-", "/〜/"])
def test_what_looks_like_others_is_no_other_character(api, make, text):
    for name in ("a", "-_", "%ー", "/~/", "_", "%"):
        make.store(name=name, location="x")
    found = [row["name"] for row in api.get(f"/api/stores/?search={quote(text)}").json]
    assert found == {"ー": ["-_", "%ー"], "~": ["/~/"], "ー_": ["-_"], "%-": ["%ー"]}.get(
        text, ["/~/"]
    )


def test_an_order_tells_them_apart(api, make):
    for name in ("スルメ", "スーパー", "スイカ", "Tea", "T-bone"):
        make.store(name=name, location="x")
    ordered = [row["name"] for row in api.get("/api/stores/?ordering=name").json]
    assert ordered == ["T-bone", "Tea", "スイカ", "スルメ", "スーパー"]


def test_rows_that_an_older_release_wrote_are_found(app, api, make):
    """Their folded texts are those of today: old and new replicas serve side by side, and nothing is migrated."""
    make.store(name="Coca−Cola", location="x")
    with Database.of(app.registry).read_engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT name_folded FROM stores").scalar_one()
    assert kept == "coca−cola"
    assert len(api.get("/api/stores/?search=coca-cola").json) == 1


def test_a_name_whose_folded_form_is_long_is_kept(api):
    name = "\ufdfa" * 100  # each folds to 18 characters
    row = api.post_json("/api/manufacturers/", {"name": name}, status=201).json
    assert row["name"] == name
    assert len(fold(name)) > MAX_FOLDED_LENGTH
    assert len(api.get(f"/api/manufacturers/?search={quote(chr(0xFDFA))}").json) == 1
