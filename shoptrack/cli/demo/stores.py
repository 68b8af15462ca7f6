"""The chains of one town, from cheap to expensive."""

from typing import NamedTuple

from shoptrack.cli.demo.goods import GOODS

EVERYTHING = frozenset(GOODS)


class Chain(NamedTuple):
    """A chain with one store in each town.

    :param district: the district of its store
    :param level: its price level, relative to an average supermarket
    :param sells: categories
    :param sale_day: weekday of its sale, Monday is 0; ``None`` for none
    """

    name: str
    district: str
    level: float
    sells: frozenset[str]
    sale_day: int | None = None


CHAINS = [
    Chain("スーパーかざみどり", "緑町", 1.0, EVERYTHING, sale_day=5),
    Chain("食品市場ねこやなぎ", "新田", 0.88, EVERYTHING, sale_day=1),
    Chain("フレッシュほうき星", "駅前", 1.12, EVERYTHING),
    Chain(
        "ドラッグはくちょう座",
        "桜台",
        0.94,
        frozenset(("日用品", "飲料", "菓子", "調味料", "卵・大豆", "乳製品", "パン", "米・麺")),
        sale_day=6,
    ),
    Chain("八百屋わたぼうし", "本町", 0.92, frozenset(("野菜", "果物"))),
    Chain("精肉店ひつじぐも", "本町", 1.08, frozenset(("肉", "惣菜"))),
    Chain("ﾂｷﾐﾁﾏｰﾄ", "駅前", 1.26, frozenset(("飲料", "菓子", "惣菜", "パン", "乳製品", "米・麺"))),
    Chain("アサツユデイズ", "大手", 1.22, frozenset(("飲料", "菓子", "惣菜", "パン", "日用品"))),
]

SUPERMARKETS = range(3)
SPECIALISTS = range(3, 6)
CONVENIENCE = range(6, 8)

# fmt: off
# Prefecture and city; the smallest demo uses only the first.
CITIES = [
    "長野県/松本市", "岩手県/盛岡市", "愛媛県/松山市", "静岡県/浜松市", "福井県/敦賀市",
    "北海道/旭川市", "熊本県/八代市", "岡山県/倉敷市", "青森県/弘前市", "新潟県/長岡市",
    "広島県/福山市", "大分県/別府市", "兵庫県/姫路市", "山形県/酒田市", "滋賀県/彦根市",
    "群馬県/高崎市", "香川県/丸亀市", "宮崎県/都城市", "三重県/松阪市", "福島県/郡山市",
    "石川県/小松市", "鳥取県/米子市", "島根県/出雲市", "山口県/萩市", "栃木県/足利市",
    "茨城県/土浦市", "千葉県/銚子市", "埼玉県/川越市", "山梨県/甲府市", "富山県/高岡市",
    "岐阜県/高山市", "愛知県/豊橋市", "京都府/舞鶴市", "大阪府/堺市", "奈良県/橿原市",
    "和歌山県/田辺市", "徳島県/鳴門市", "高知県/四万十市", "福岡県/久留米市", "佐賀県/唐津市",
    "長崎県/佐世保市", "鹿児島県/霧島市", "沖縄県/那覇市", "秋田県/横手市", "宮城県/石巻市",
    "神奈川県/小田原市", "東京都/八王子市",
]
# fmt: on
