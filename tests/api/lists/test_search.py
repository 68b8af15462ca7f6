"""Searching, with texts folded: width, case and kana do not matter."""

from urllib.parse import quote

import pytest

from shoptrack.folding import LENGTH, fold


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


def test_a_name_whose_folded_form_is_long_is_kept(api):
    name = "\ufdfa" * 100  # each folds to 18 characters
    row = api.post_json("/api/manufacturers/", {"name": name}, status=201).json
    assert row["name"] == name
    assert len(fold(name)) > LENGTH
    assert len(api.get(f"/api/manufacturers/?search={quote(chr(0xFDFA))}").json) == 1
