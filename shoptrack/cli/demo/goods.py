"""The goods of a Japanese supermarket, written for this demo."""

from typing import NamedTuple


class Good(NamedTuple):
    """One kind of good; manufacturers and origins turn it into products.

    :param unit: the unit of the quantity
    :param size: units per pack; for weighed goods, the units that ``price`` is for
    :param price: yen for ``size`` units in an average supermarket
    :param popularity: how often it is bought, relative to the others
    :param trade: the end of its manufacturer's name; ``None`` if it has none
    :param origins: its origins, the usual one first
    :param max_packs: maximum number of packs in one purchase
    :param weighed: minimum and maximum units of a weighed pack
    :param season: the month in which it is cheapest and most popular
    """

    name: str
    unit: str
    size: int
    price: int
    popularity: float
    trade: str | None = None
    origins: tuple[str, ...] = ()
    max_packs: int = 1
    weighed: tuple[float, float] | None = None
    season: int | None = None


def _fresh(name, unit, size, price, popularity, origins, season=None, **more) -> Good:
    """Return a good with an origin but no manufacturer, as most fresh goods are."""
    return Good(
        name, unit, size, price, popularity, None, tuple(origins.split()), season=season, **more
    )


# Names are spelled as on shelves and receipts: kanji, kana, full-width and half-width letters.
GOODS: dict[str, list[Good]] = {
    "肉": [
        _fresh("豚こま切れ", "g", 100, 148, 9, "鹿児島県 宮崎県 群馬県", weighed=(180, 420)),
        _fresh("鶏もも肉", "g", 100, 128, 9, "宮崎県 岩手県 ブラジル", weighed=(240, 620)),
        _fresh("鶏むね肉", "g", 100, 78, 6, "岩手県 宮崎県 鹿児島県", weighed=(250, 600)),
        _fresh("合いびき肉", "g", 100, 158, 7, "オーストラリア 北海道", weighed=(200, 400)),
        _fresh("牛切り落とし", "g", 100, 298, 3, "オーストラリア 宮崎県", weighed=(150, 350)),
        Good("あらびきｳｲﾝﾅｰ", "袋", 1, 328, 5, "ハム", max_packs=2),
    ],
    "魚": [
        _fresh("生さけ切り身", "枚", 1, 218, 5, "チリ 北海道 ノルウェー", 10, max_packs=3),
        _fresh("塩さば", "枚", 1, 178, 4, "ノルウェー 青森県", max_packs=3),
        _fresh("まぐろ刺身", "g", 100, 478, 2, "静岡県 高知県", weighed=(120, 260)),
        _fresh("むきえび", "パック", 1, 498, 2, "ベトナム インドネシア"),
        Good("しらす干し", "パック", 1, 298, 3, "水産", ("静岡県", "兵庫県"), season=5),
    ],
    "野菜": [
        _fresh("キャベツ", "個", 1, 198, 8, "愛知県 群馬県 長野県", 5),
        _fresh("たまねぎ", "kg", 1, 298, 6, "北海道 佐賀県 兵庫県", 9, weighed=(0.4, 1.2)),
        _fresh("にんじん", "袋", 1, 178, 7, "北海道 千葉県 徳島県", 11, max_packs=2),
        _fresh("じゃがいも", "kg", 1, 328, 5, "北海道 長崎県", 9, weighed=(0.5, 1.5)),
        _fresh("大根", "本", 1, 188, 5, "青森県 千葉県 神奈川県", 12),
        _fresh("長ねぎ", "束", 1, 198, 6, "茨城県 千葉県 埼玉県", 12),
        _fresh("トマト", "個", 1, 128, 7, "熊本県 愛知県 北海道", 7, max_packs=3),
        _fresh("きゅうり", "本", 1, 58, 7, "宮崎県 埼玉県 群馬県", 7, max_packs=3),
        _fresh("ほうれん草", "束", 1, 178, 5, "群馬県 埼玉県 福岡県", 1, max_packs=2),
        Good("もやし", "袋", 1, 38, 9, "農園", max_packs=2),
        Good(
            "ぶなしめじ",
            "パック",
            1,
            128,
            6,
            "きのこ園",
            ("長野県", "新潟県"),
            max_packs=2,
            season=10,
        ),
    ],
    "果物": [
        _fresh("バナナ", "袋", 1, 198, 8, "フィリピン エクアドル"),
        _fresh("りんご", "個", 1, 158, 5, "青森県 長野県 岩手県", 11, max_packs=3),
        _fresh("温州みかん", "kg", 1, 498, 4, "和歌山県 愛媛県 静岡県", 12, weighed=(0.6, 1.6)),
        _fresh("いちご", "パック", 1, 598, 3, "栃木県 福岡県 静岡県", 3),
        _fresh("ｷｳｲﾌﾙｰﾂ", "個", 1, 108, 4, "ニュージーランド 愛媛県", 6, max_packs=3),
    ],
    "乳製品": [
        Good("牛乳", "ml", 1000, 228, 16, "乳業", ("北海道", "岩手県"), max_packs=2),
        Good("プレーンヨーグルト", "g", 400, 178, 8, "乳業", max_packs=2),
        Good("ﾖｰｸﾞﾙﾄ ﾌﾞﾙｰﾍﾞﾘｰ", "パック", 1, 168, 4, "乳業", max_packs=2),
        Good("スライスチーズ", "枚", 7, 248, 5, "乳業"),
        Good("有塩バター", "g", 200, 468, 3, "乳業", ("北海道",)),
    ],
    "卵・大豆": [
        Good("たまご Ｌサイズ", "個", 10, 268, 11, "養鶏", ("茨城県", "千葉県")),
        Good("木綿豆腐", "丁", 1, 88, 9, "豆腐店", max_packs=2),
        Good("小粒納豆", "パック", 3, 108, 10, "食品", max_packs=2),
        Good("無調整豆乳", "L", 1, 218, 4, "食品", max_packs=2),
    ],
    "パン": [
        Good("食パン ６枚切", "袋", 1, 168, 12, "製パン"),
        Good("クロワッサン", "個", 1, 138, 4, "製パン", max_packs=3),
        Good("メロンパン", "個", 1, 128, 5, "製パン", max_packs=2),
    ],
    "米・麺": [
        Good("こしひかり", "kg", 5, 3480, 3, "米穀", ("新潟県", "長野県", "富山県")),
        Good("ゆでうどん", "玉", 3, 148, 5, "製麺", max_packs=2),
        Good("ｽﾊﾟｹﾞｯﾃｨ", "g", 600, 278, 3, "製粉", ("イタリア",)),
        Good("カップめん しょうゆ", "個", 1, 178, 5, "食品", max_packs=3),
    ],
    "調味料": [
        Good("濃口しょうゆ", "L", 1, 328, 2, "醸造"),
        Good("合わせみそ", "g", 750, 398, 2, "醸造"),
        Good("マヨネーズ", "g", 400, 328, 2, "食品"),
        Good("カレールウ 中辛", "箱", 1, 258, 3, "食品"),
    ],
    "菓子": [
        Good("ﾎﾟﾃﾄﾁｯﾌﾟｽ しお味", "袋", 1, 148, 6, "製菓", max_packs=2),
        Good("チョコレート", "枚", 1, 138, 5, "製菓", max_packs=3, season=2),
        Good("バニラアイス", "個", 1, 158, 5, "製菓", max_packs=3, season=8),
    ],
    "飲料": [
        Good(
            "緑茶 ５００ｍｌ", "本", 1, 108, 8, "飲料", ("静岡県", "京都府"), max_packs=3, season=7
        ),
        Good("ドリップコーヒー", "袋", 10, 398, 3, "飲料"),
        Good("缶ビール", "缶", 6, 1180, 4, "麦酒", season=7),
    ],
    "惣菜": [
        Good("ポテトサラダ", "g", 100, 158, 4, weighed=(120, 300)),
        Good("鶏のから揚げ", "g", 100, 198, 4, weighed=(150, 400)),
        Good("おにぎり 梅", "個", 1, 138, 5, "食品", max_packs=3),
    ],
    "日用品": [
        Good("ﾄｲﾚｯﾄﾍﾟｰﾊﾟｰ", "ロール", 12, 498, 3, "製紙"),
        Good("食器用洗剤", "ml", 240, 198, 2, "化学"),
        Good("ボックスティッシュ", "箱", 5, 398, 3, "製紙"),
    ],
}

# A receipt line that reduces the sum. No store sells it, and it has neither manufacturer nor origin.
DISCOUNT = Good("クーポン割引", "回", 1, -50, 0)
DISCOUNT_CATEGORY = "割引"
