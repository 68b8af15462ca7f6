"""Models of ShopTrack's tables."""

# ruff: noqa: D106 - what a Meta is for, Django tells.

from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from benchmarks.peers.drf.passwords import HashField


class QuantityField(models.DecimalField):
    """A decimal(10, 3), which the SQLite file keeps as an integer of thousandths."""

    def from_db_value(self, value, expression, connection):
        """Return the decimal of what is stored."""
        return Decimal(value).scaleb(-3) if connection.vendor == "sqlite" else value

    def get_internal_type(self):
        """Be no decimal to SQLite's backend, which would take what is stored for a float."""
        return "QuantityField"

    def get_db_prep_save(self, value, connection):
        """Return what is stored for a decimal."""
        if connection.vendor == "sqlite":
            return int(self.to_python(value).scaleb(3))
        return super().get_db_prep_save(value, connection)


class User(AbstractBaseUser):
    """Somebody who may sign in."""

    username = models.CharField(max_length=150, unique=True)
    password = HashField(max_length=255)
    last_login = models.DateTimeField(db_column="last_login_at", null=True)
    is_active = models.BooleanField()

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        managed = False
        db_table = "shoptrack_auth_users"


class Category(models.Model):
    """A kind of product."""

    name = models.CharField(max_length=50, unique=True)

    class Meta:
        managed = False
        db_table = "categories"


class Unit(models.Model):
    """What a quantity counts."""

    name = models.CharField(max_length=10, unique=True)

    class Meta:
        managed = False
        db_table = "units"


class Manufacturer(models.Model):
    """Who made a product."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        managed = False
        db_table = "manufacturers"


class Origin(models.Model):
    """Where a product comes from."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        managed = False
        db_table = "origins"


class Store(models.Model):
    """A shop."""

    name = models.CharField(max_length=100)
    location = models.CharField(max_length=100)

    class Meta:
        managed = False
        db_table = "stores"


class Product(models.Model):
    """Something that is bought."""

    name = models.CharField(max_length=100)
    category = models.ForeignKey(Category, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT)
    manufacturer = models.ForeignKey(Manufacturer, models.PROTECT, null=True)
    origin = models.ForeignKey(Origin, models.PROTECT, null=True)

    class Meta:
        managed = False
        db_table = "products"


class ShoppingRecord(models.Model):
    """One line of a receipt."""

    price = models.IntegerField()
    purchase_date = models.DateField()
    store = models.ForeignKey(Store, models.PROTECT)
    quantity = QuantityField(max_digits=10, decimal_places=3)
    product = models.ForeignKey(Product, models.PROTECT)

    class Meta:
        managed = False
        db_table = "shopping_records"
