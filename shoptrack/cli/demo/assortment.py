"""The rows of the catalog: goods become products, and chains become stores."""

from typing import NamedTuple

from shoptrack.cli.demo.goods import DISCOUNT, DISCOUNT_CATEGORY, GOODS, Good
from shoptrack.cli.demo.stores import CHAINS, CITIES, Chain

# fmt: off
# Invented towns; manufacturers' names begin with them.
TOWNS = [
    "小春野", "月見坂", "鈴鳴", "雲井沢", "星ヶ淵", "風待", "花筏", "夕凪浜", "虹ノ谷", "蛍沢",
    "銀杏平", "白樺野", "楓台", "若草谷", "青嵐", "雪割", "竹ノ音", "水鏡", "露草", "千鳥浜",
    "潮騒", "葦ノ原", "遠雷", "夏木立", "木洩日", "初雁", "薄氷", "花曇", "麦秋", "渡鳥",
    "海鳴", "菜花台", "月白", "茜空", "空木", "笹舟", "時雨谷", "野分",
]
GRADES = [
    "特選", "徳用", "定番", "お買得", "こだわり", "ﾌﾟﾚﾐｱﾑ", "ベーシック", "季節限定", "匠",
    "ふるさと", "なつかし", "あさいち", "ｵｰｶﾞﾆｯｸ", "まごころ",
]
STYLES = [
    "ミニ", "大", "セット", "ﾌﾟﾗｽ", "２個組", "ライト", "お試し", "ファミリー", "Ｎｅｗ",
    "厳選", "増量",
]
# fmt: on


class Product(NamedTuple):
    """A row of products, with names instead of IDs.

    :param number: its index in the list of products
    :param price: yen for ``good.size`` units in an average supermarket
    """

    number: int
    name: str
    category: str
    unit: str
    manufacturer: str | None
    origin: str | None
    good: Good
    price: int


class Store(NamedTuple):
    """A row of stores, and its chain. ``number`` is its index in the list of stores."""

    number: int
    name: str
    location: str
    chain: Chain


class Assortment:
    """All products and stores.

    :ivar products: the discount, then every good in its first variant, then all in the next, and so on
    :ivar stores: one of every chain in the first town, then in the next, and so on
    :param variants: number of products per good; from about 170 on, their names repeat
    :param towns: number of stores per chain
    """

    def __init__(self, *, variants: int, towns: int):
        self.variants = variants
        self.products = [DISCOUNT_PRODUCT]
        for variant in range(variants):
            for place in range(len(SHELVES)):
                self.products.append(_make_product(len(self.products), place, variant))
        self.stores = [
            Store(town * len(CHAINS) + place, *_make_address(chain, town), chain)
            for town in range(towns)
            for place, chain in enumerate(CHAINS)
        ]

    def product(self, place: int, variant: int) -> Product:
        """Return the variant of the good with this index in ``SHELVES``."""
        return self.products[1 + variant * len(SHELVES) + place]

    def store(self, town: int, chain: int) -> Store:
        """Return the store of the chain with this index in ``CHAINS``."""
        return self.stores[town * len(CHAINS) + chain]


SHELVES = [(category, good) for category, goods in GOODS.items() for good in goods]
TRADES = sorted({good.trade for _, good in SHELVES if good.trade})
DISCOUNT_PRODUCT = Product(
    0, DISCOUNT.name, DISCOUNT_CATEGORY, DISCOUNT.unit, None, None, DISCOUNT, DISCOUNT.price
)


def _make_product(number: int, place: int, variant: int) -> Product:
    category, good = SHELVES[place]
    return Product(
        number=number,
        name=_make_name(good, variant),
        category=category,
        unit=good.unit,
        manufacturer=_get_manufacturer(good.trade, place, variant),
        origin=good.origins[variant % len(good.origins)] if good.origins else None,
        good=good,
        price=round(good.price * _get_grade_level(place, variant)),
    )


def _make_name(good: Good, variant: int) -> str:
    if variant == 0:
        return good.name
    style, grade = divmod(variant - 1, len(GRADES))
    words = [GRADES[grade], good.name]
    if style:
        words.append(STYLES[(style - 1) % len(STYLES)])
    return " ".join(words)


def _get_manufacturer(trade: str | None, place: int, variant: int) -> str | None:
    """Return one of two manufacturers of the trade; the next variant has the next two."""
    if trade is None:
        return None
    return TOWNS[(TRADES.index(trade) * 2 + place % 2 + variant) % len(TOWNS)] + trade


def _get_grade_level(place: int, variant: int) -> float:
    """Return the price of a variant relative to the first one: 0.80 to 1.42."""
    return 1.0 if variant == 0 else 0.8 + (place * 17 + variant * 29) % 63 / 100


def _make_address(chain: Chain, town: int) -> tuple[str, str]:
    """Return the name and location of a chain's store. A repeated city has a second store."""
    again, number = divmod(town, len(CITIES))
    prefecture, city = CITIES[number].split("/")
    branch = city.removesuffix("市") + (f"第{again + 1}" if again else "")
    return f"{chain.name} {branch}店", f"{prefecture}{city}{chain.district}{again + 1}丁目"
