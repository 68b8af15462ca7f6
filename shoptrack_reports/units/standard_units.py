"""Standard units by name, and the three base units."""

from decimal import Decimal

from shoptrack.db import fold

BASE_UNITS = ("g", "ml", "piece")

_MASSES = {
    "mg": "0.001",
    "g": "1",
    "gr": "1",
    "gram": "1",
    "グラム": "1",
    "kg": "1000",
    "kilo": "1000",
    "キロ": "1000",
    "キログラム": "1000",
}
_VOLUMES = {
    "ml": "1",
    "cc": "1",
    "ミリリットル": "1",
    "cl": "10",
    "dl": "100",
    "デシリットル": "100",
    "l": "1000",
    "リットル": "1000",
    "kl": "1000000",
}
# Units of counted goods, whatever a piece is: an egg, a bottle, a bag.
_ONE = (
    "個 コ ヶ つ 本 枚 袋 パック 缶 瓶 びん 箱 束 玉 株 房 丁 切れ 切 匹 尾 杯 片 節 巻 組 セット 点 台 足 着 冊 "
    "膳 食 ロール ケース カップ ボトル piece pieces pc pcs pack packs bag bags bottle bottles can cans "
    "box boxes cup cups roll rolls bunch each ea unit units"
)
_SEVERAL = {"ペア": "2", "pair": "2", "ダース": "12", "打": "12", "dozen": "12"}

STANDARD_UNITS: dict[str, tuple[str, Decimal]] = {
    fold(name): (base, Decimal(factor))
    for base, names in (
        ("g", _MASSES),
        ("ml", _VOLUMES),
        ("piece", dict.fromkeys(_ONE.split(), "1") | _SEVERAL),
    )
    for name, factor in names.items()
}
"""Of each folded name, the base unit and how many of it one unit is."""
