"""What is asked as the records become more, one request after the other."""

from dataclasses import replace
from urllib.parse import quote

from benchmarks.dataset import UNTIL
from benchmarks.works import CREATE, FILTERED, PAGE, RECORD, RECORDS, SIGN_IN, Work

MONTH = f"purchase_date__gte={UNTIL.replace(day=1)}&purchase_date__lte={UNTIL}"
MILK = quote("牛乳")
NEWEST = f"{RECORDS}?limit={PAGE}&ordering=-purchase_date,-id"
SPENDING = "/api/reports/spending/?group_by=month,category"

PAGE_ONLY = Work("newest", f"The {PAGE} newest, `count=false`", f"{NEWEST}&count=false")
PAGE_AND_TOTAL = Work("newest-total", f"The {PAGE} newest, with `Total-Count`", NEWEST)
OF_MONTH = Work(
    "month", f"{PAGE} of a month, with `Total-Count`", f"{RECORDS}?{MONTH}&limit={PAGE}"
)
OF_CATEGORY = replace(FILTERED, key="category", title=f"{PAGE} of a category, with `Total-Count`")
OF_PRODUCT = Work(
    "product", f"Those of one product, {PAGE}", f"{RECORDS}?product_id={{product}}&limit={PAGE}"
)
SEARCH = Work(
    "search", f"`search=牛乳` in records, {PAGE}", f"{RECORDS}?search={MILK}&limit={PAGE}"
)
SEARCH_NOTHING = Work(
    "search-nothing", "… a word that none has", f"{RECORDS}?search=nothing&limit={PAGE}"
)
SEARCH_PRODUCTS = Work(
    "search-products",
    f"`search=牛乳` in products, {PAGE}",
    f"/api/products/?search={MILK}&limit={PAGE}",
)
PRICES = Work("prices", "Prices of a product", "/api/products/{product}/prices/")
SPENDING_OF_MONTH = Work("spending-month", "Spending of a month", f"{SPENDING}&{MONTH}")
SPENDING_OF_ALL = Work("spending", "Spending of two years by month and category", SPENDING)

OVERVIEW = Work("overview", "Administration: overview", "/admin/")
ROWS = Work("rows", "Administration: records", "/admin/shopping-records/")

BY_CLIENTS = (
    *(RECORD, PAGE_ONLY, PAGE_AND_TOTAL, OF_MONTH, OF_CATEGORY, OF_PRODUCT),
    *(SEARCH, SEARCH_NOTHING, SEARCH_PRODUCTS, PRICES, SPENDING_OF_MONTH, SPENDING_OF_ALL),
    *(replace(CREATE, title="Add a record"), SIGN_IN),
)
BY_BROWSERS = (OVERVIEW, ROWS)
ALL = (*BY_CLIENTS, *BY_BROWSERS)
