"""Serializers: reads nest, writes use ids."""

# ruff: noqa: D106 - what a Meta is for, Django tells.

from rest_framework import serializers

from benchmarks.peers.drf.models import (
    Category,
    Manufacturer,
    Origin,
    Product,
    ShoppingRecord,
    Store,
    Unit,
)


class CategorySerializer(serializers.ModelSerializer):
    """A category."""

    class Meta:
        model = Category
        fields = ("id", "name")


class UnitSerializer(serializers.ModelSerializer):
    """A unit."""

    class Meta:
        model = Unit
        fields = ("id", "name")


class ManufacturerSerializer(serializers.ModelSerializer):
    """A manufacturer."""

    class Meta:
        model = Manufacturer
        fields = ("id", "name")


class OriginSerializer(serializers.ModelSerializer):
    """An origin."""

    class Meta:
        model = Origin
        fields = ("id", "name")


class StoreSerializer(serializers.ModelSerializer):
    """A store."""

    class Meta:
        model = Store
        fields = ("id", "name", "location")


class ProductSerializer(serializers.ModelSerializer):
    """A product with what it refers to."""

    category = CategorySerializer()
    unit = UnitSerializer()
    manufacturer = ManufacturerSerializer()
    origin = OriginSerializer()

    class Meta:
        model = Product
        fields = ("id", "name", "category", "unit", "manufacturer", "origin")


class ShoppingRecordSerializer(serializers.ModelSerializer):
    """A record with its store and its product, which are written by their ids."""

    store = StoreSerializer(read_only=True)
    store_id = serializers.PrimaryKeyRelatedField(
        source="store", queryset=Store.objects, write_only=True
    )
    product = ProductSerializer(read_only=True)
    product_id = serializers.PrimaryKeyRelatedField(
        source="product",
        queryset=Product.objects.select_related("category", "unit", "manufacturer", "origin"),
        write_only=True,
    )

    class Meta:
        model = ShoppingRecord
        fields = (
            "id",
            "price",
            "purchase_date",
            "store",
            "quantity",
            "product",
            "store_id",
            "product_id",
        )
