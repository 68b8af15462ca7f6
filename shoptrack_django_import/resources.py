"""The resources whose rows are imported, by Django's tables; referenced tables come first."""

from collections.abc import Mapping

from shoptrack.catalog.resources import (
    CategoryResource,
    ManufacturerResource,
    OriginResource,
    ProductResource,
    StoreResource,
    UnitResource,
)
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Resource

RESOURCES: Mapping[str, type[Resource]] = {
    "records_category": CategoryResource,
    "records_unit": UnitResource,
    "records_manufacturer": ManufacturerResource,
    "records_origin": OriginResource,
    "records_store": StoreResource,
    "records_product": ProductResource,
    "records_shoppingrecord": ShoppingRecordResource,
}
