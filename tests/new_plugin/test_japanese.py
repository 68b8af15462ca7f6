"""A new plugin's Japanese catalogue."""

import gettext


def said(tmp_path, text: str) -> str:
    folder = tmp_path / "shoptrack-wishes" / "shoptrack_wishes" / "locale"
    return gettext.translation("shoptrack_wishes", folder, ["ja"]).gettext(text)


def test_rows_are_called_as_the_author_says(run, tmp_path):
    run("wishes", "--model", "Wish", "--japanese", 'ほしい"物"')
    assert said(tmp_path, "wish") == said(tmp_path, "wishes") == 'ほしい"物"'


def test_otherwise_they_are_called_as_in_english(run, tmp_path):
    run("wishes", "--model", "Wish")
    assert (said(tmp_path, "wish"), said(tmp_path, "name")) == ("wish", "名前")
