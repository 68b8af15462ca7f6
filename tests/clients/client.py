"""Uses all seven resources by a generated client: python client.py ORIGIN USERNAME PASSWORD."""

import sys
from datetime import date
from http import HTTPStatus

from shoptrack_client import AuthenticatedClient, Client
from shoptrack_client.api.auth import auth_logout_create, auth_token_create, auth_user_retrieve
from shoptrack_client.api.categories import categories_create, categories_destroy, categories_list
from shoptrack_client.api.manufacturers import manufacturers_create, manufacturers_destroy
from shoptrack_client.api.origins import origins_create, origins_destroy
from shoptrack_client.api.products import (
    products_create,
    products_destroy,
    products_partial_update,
)
from shoptrack_client.api.shopping_records import (
    shopping_records_create,
    shopping_records_destroy,
    shopping_records_list,
    shopping_records_retrieve,
    shopping_records_update,
)
from shoptrack_client.api.stores import stores_create, stores_destroy
from shoptrack_client.api.units import units_create, units_destroy
from shoptrack_client.models import (
    Category,
    CategoryRequest,
    FieldErrors,
    InUse,
    Manufacturer,
    ManufacturerRequest,
    Origin,
    OriginRequest,
    PatchedProduct,
    Product,
    ProductRequest,
    ShoppingRecord,
    ShoppingRecordRequest,
    ShoppingRecordsListOrderingItem,
    Store,
    StoreRequest,
    TokenObtainPair,
    TokenObtainPairRequest,
    TokenRefreshRequest,
    Unit,
    UnitRequest,
)

origin, username, password = sys.argv[1:]
anybody = Client(base_url=origin)
tokens = auth_token_create.sync(
    client=anybody, body=TokenObtainPairRequest(username=username, password=password)
)
assert isinstance(tokens, TokenObtainPair), tokens
api = AuthenticatedClient(base_url=origin, token=tokens.access)
assert auth_user_retrieve.sync(client=api).username == username

category = categories_create.sync(client=api, body=CategoryRequest("Meat"))
unit = units_create.sync(client=api, body=UnitRequest("g"))
manufacturer = manufacturers_create.sync(client=api, body=ManufacturerRequest("Yamato Foods"))
place = origins_create.sync(client=api, body=OriginRequest("Hokkaido"))
store = stores_create.sync(client=api, body=StoreRequest("Life", "Kyoto"))
assert isinstance(category, Category), category
assert isinstance(unit, Unit), unit
assert isinstance(manufacturer, Manufacturer), manufacturer
assert isinstance(place, Origin), place
assert isinstance(store, Store), store

product = products_create.sync(
    client=api, body=ProductRequest("Beef", category.id, unit.id, origin_id=place.id)
)
assert isinstance(product, Product), product
assert product.manufacturer is None
assert product.origin == place
change = PatchedProduct(manufacturer_id=manufacturer.id, origin_id=None)
product = products_partial_update.sync(product.id, client=api, body=change)
assert isinstance(product, Product), product
assert product.manufacturer == manufacturer
assert product.origin is None

day = date(2025, 1, 1)
bought = ShoppingRecordRequest(1000, day, store.id, "500", product.id)
record = shopping_records_create.sync(client=api, body=bought)
assert isinstance(record, ShoppingRecord), record
assert (record.quantity, record.purchase_date) == ("500.000", day)
refund = ShoppingRecordRequest(-200, day, store.id, "0.5", product.id)
record = shopping_records_update.sync(record.id, client=api, body=refund)
assert isinstance(record, ShoppingRecord), record
assert record.price == -200
assert shopping_records_retrieve.sync(record.id, client=api) == record

page = shopping_records_list.sync_detailed(
    client=api,
    purchase_date_gte=day,
    store_id_in=[store.id, store.id + 1],
    search="beef kyoto",
    ordering=[ShoppingRecordsListOrderingItem.VALUE_3],
    limit=10,
)
assert page.parsed == [record], page
assert page.headers["Total-Count"] == "1"

blank = categories_create.sync(client=api, body=CategoryRequest(""))
assert isinstance(blank, FieldErrors), blank
assert blank["name"] == ["This field may not be blank."]
in_use = stores_destroy.sync(store.id, client=api)
assert isinstance(in_use, InUse), in_use
assert in_use.references["shopping-records"] == 1

for destroy, row in (
    (shopping_records_destroy, record),
    (products_destroy, product),
    (stores_destroy, store),
    (origins_destroy, place),
    (manufacturers_destroy, manufacturer),
    (units_destroy, unit),
    (categories_destroy, category),
):
    assert destroy.sync_detailed(row.id, client=api).status_code == HTTPStatus.NO_CONTENT

auth_logout_create.sync(client=api, body=TokenRefreshRequest(refresh=tokens.refresh))
assert categories_list.sync_detailed(client=api).status_code == HTTPStatus.UNAUTHORIZED
print("all seven resources were used")
