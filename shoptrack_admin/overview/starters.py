"""Units and categories for a household that has none yet, in the languages of the pages."""

from collections.abc import Mapping

STARTERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "units": ("piece", "pack", "bag", "bottle", "can", "box", "g", "kg", "ml", "l"),
        "categories": (
            "Vegetables",
            "Fruit",
            "Meat",
            "Fish",
            "Dairy and eggs",
            "Bread",
            "Rice and pasta",
            "Frozen food",
            "Ready meals",
            "Seasoning and oil",
            "Sweets and snacks",
            "Drinks",
            "Household goods",
            "Personal care",
            "Other",
        ),
    },
    "ja": {
        "units": ("個", "本", "袋", "パック", "枚", "缶", "箱", "g", "kg", "ml", "L"),
        "categories": (
            "野菜",
            "果物",
            "肉",
            "魚",
            "卵・乳製品",
            "パン",
            "米・麺",
            "冷凍食品",
            "惣菜",
            "調味料・油",
            "菓子",
            "飲料",
            "日用品",
            "衛生用品",
            "その他",
        ),
    },
}
"""Names by language and the path of their resource. The reports know each of these units."""
