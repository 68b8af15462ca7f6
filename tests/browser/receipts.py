"""A household's products, and the keys and taps of entering a receipt."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from playwright.sync_api import Locator, Page, expect

from shoptrack.catalog.models import Product
from shoptrack.records.models import ShoppingRecord

# as a household has them: similar names, of two makers, in several packs
PRODUCTS = {
    "g": "Apples;Apple juice jelly;Apricot jam;Avocado spread;Bacon;Baking powder;Bananas;Basmati rice;Beef mince;"
    "Beef steak;Bread flour;Broccoli;Brown rice;Brown sugar;Butter;Butter biscuits;Carrots;Cheddar;Cherry tomatoes;"
    "Chicken breast;Chicken thighs;Chickpeas;Chocolate;Cocoa;Coffee beans;Cornflakes;Cream cheese;Cucumber;"
    "Curry powder;Frozen peas;Frozen spinach;Garlic;Ginger;Granola;Green beans;Ham;Honey;Lentils;Mushrooms;Oat flakes;"
    "Onions;Parmesan;Peanut butter;Pork mince;Potatoes;Raisins;Salmon;Salt;Spaghetti;Strawberry jam;Sugar;Tofu;"
    "Tomatoes;Tuna",
    "ml": "Apple juice;Cooking oil;Cream;Milk;Oat milk;Olive oil;Orange juice;Soy sauce;Tomato ketchup;Vinegar",
    "pieces": "Batteries;Dishwasher tablets;Eggs;Kitchen rolls;Toilet paper;Toothbrush;Rolls;Rye bread;White bread",
}
# The receipt: what is typed to find each product, and what the paper says. Two packs differ from the last ones.
RECEIPT = (
    ("Milk", "mil", "", "198"),
    ("Eggs", "egg", "", "298"),
    ("White bread", "whi", "", "178"),
    ("Butter", "but", "", "429"),
    ("Bananas", "ban", "850", "237"),
    ("Chicken thighs", "thi", "", "612"),
    ("Tomatoes", "toma", "", "330"),
    ("Soy sauce", "soy", "", "358"),
    ("Onions", "oni", "750", "148"),
)
TOTAL = "2788"


def make_household(make) -> SimpleNamespace:
    """Make products of which each was bought last month, and the user's last record."""
    category = make.category(name="Food").id
    stores = [make.store(name=name, location="Kyoto") for name in ("Fresco", "Izumiya", "Life")]
    products = {}
    for unit, names in PRODUCTS.items():
        unit_id = make.unit(name=unit).id
        for name in names.split(";"):
            values = {"name": name, "category_id": category, "unit_id": unit_id}
            products[name] = make.row(Product, **values).id
    for number, product in enumerate(products.values()):
        values = {
            "store_id": stores[number % 7 == 0].id,
            "product_id": product,
            "purchase_date": date(2026, 11, 1 + number % 28),
            "price": 100 + number,
            "quantity": Decimal(500),
        }
        make.row(ShoppingRecord, **values)
    return SimpleNamespace(products=products, store=stores[0].id, stores=stores)


class Fingers:
    """Counts what somebody presses and taps.

    :ivar keys: that were pressed; a capital or a key with Shift is two
    :ivar taps: on the screen and on its keyboard, except digits
    """

    def __init__(self, page: Page):
        self._page = page
        self.keys = self.taps = 0

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)
        self.keys += key.count("+") + 1
        self.taps += not key.isdecimal()

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def tap(self, element: Locator) -> None:
        element.tap()
        self.taps += 1


def choose_product(page: Page, fingers: Fingers, name: str, search: str) -> None:
    """Search for a product by keys, and choose it among the results."""
    fingers.type(search)
    options = page.get_by_role("option")
    expect(options.filter(has_text=name).first).to_be_visible()
    names = [text.strip() for text in options.locator("span").all_inner_texts()]
    for _step in range(names.index(name)):
        fingers.press("ArrowDown")
    fingers.press("Enter")
