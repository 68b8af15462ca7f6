"""Ready mappings for the files of other programs."""

import pytest

from shoptrack.resources.csv.mappings import read_mapping
from shoptrack.settings import ConfigurationError

pytestmark = pytest.mark.database("sqlite")

ZAIM = """\
日付,方法,カテゴリ,カテゴリの内訳,支払元,入金先,品目,メモ,お店,通貨,収入,支出,振替,残高調整,通貨変換前の金額,集計の設定
2025-04-01,payment,食費,食料品,財布,-,牛乳,,ライフ 京都店,JPY,0,258,0,0,,常に集計に含める
2025-04-01,payment,食費,食料品,財布,-,牛乳,,ライフ 京都店,JPY,0,258,0,0,,常に集計に含める
2025-04-02,payment,日用雑貨,消耗品,クレジットカード,-,-,洗剤など,-,JPY,0,"1,280",0,0,,常に集計に含める
2025-04-03,payment,食費,カフェ,財布,-,コーヒー,,喫茶ねこ,JPY,0,480,0,0,,集計に含めない
2025-04-25,income,給与所得,-,-,銀行,,,,JPY,300000,0,0,0,,常に集計に含める
2025-04-26,transfer,-,-,銀行,財布,,,,JPY,0,0,20000,0,,常に集計に含める
2025-04-27,balance,-,-,-,-,,,,JPY,0,0,0,150,,常に集計に含める
"""
MONEYFORWARD = """\
"計算対象","日付","内容","金額（円）","保有金融機関","大項目","中項目","メモ","振替","ID"
"1","2025/04/30","ライフ 京都店","-3258","三井住友カード","食費","食料品","","0","aB3xYz_1"
"1","2025/04/29","イオン","-1,280","財布","日用品","","","0","aB3xYz_2"
"1","2025/04/25","給与","300000","銀行","収入","給与","","0","aB3xYz_3"
"0","2025/04/20","ＡＴＭ","-20000","銀行","現金・カード","ATM引き出し","","1","aB3xYz_4"
"1","2025/04/18","ライフ 京都店","500","財布","食費","食料品","返金","0","aB3xYz_5"
"""


def get_lines(importer):
    return [
        (
            record["purchase_date"],
            record["store"]["name"],
            record["product"]["name"],
            record["product"]["category"]["name"],
            record["price"],
        )
        for record in importer.get_records()
    ]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_a_file_of_zaim(importer, encoding):
    answer = importer(ZAIM.replace("\n", "\r\n").encode(encoding), status=201, mapping="zaim")
    assert answer.json["counts"] == {"new": 3, "changed": 0, "same": 0, "faulty": 0, "skipped": 4}
    assert get_lines(importer) == [
        ("2025-04-01", "ライフ 京都店", "牛乳", "食費", 258),
        ("2025-04-01", "ライフ 京都店", "牛乳", "食費", 258),
        ("2025-04-02", "不明", "消耗品", "日用雑貨", 1280),
    ]
    assert importer(ZAIM, status=200, mapping="zaim").json["counts"]["same"] == 3


def test_a_file_of_moneyforward(importer):
    answer = importer(MONEYFORWARD.encode("cp932"), status=201, mapping="moneyforward")
    assert answer.json["counts"] == {"new": 3, "changed": 0, "same": 0, "faulty": 0, "skipped": 2}
    assert get_lines(importer) == [
        ("2025-04-30", "ライフ 京都店", "食料品", "食費", 3258),
        ("2025-04-29", "イオン", "その他", "日用品", 1280),
        ("2025-04-18", "ライフ 京都店", "食料品", "食費", -500),
    ]


def test_a_mapping_can_be_overridden(importer):
    defaults = (
        '{"store_location": "京都", "store_name": "-", "product_unit_name": "点", "quantity": "2"}'
    )
    importer(ZAIM, status=201, mapping="zaim", defaults=defaults)
    record = importer.get_records()[0]
    assert (record["store"]["location"], record["product"]["unit"]["name"]) == ("京都", "点")
    assert record["quantity"] == "2.000"


def test_another_file_is_named_as_such(importer):
    assert importer.get_faults(MONEYFORWARD, mapping="zaim")[0][:2] == (1, "お店")


def test_a_mapping_with_an_unknown_key_stops_the_start(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text('title = "A"\ncolums = {}\n')
    with pytest.raises(ConfigurationError, match=r"a\.toml has unknown keys: colums"):
        read_mapping(file)
