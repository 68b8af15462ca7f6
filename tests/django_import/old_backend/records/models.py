from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=50, unique=True)


class Unit(models.Model):
    name = models.CharField(max_length=10, unique=True)


class Manufacturer(models.Model):
    name = models.CharField(max_length=100, unique=True)


class Origin(models.Model):
    name = models.CharField(max_length=100, unique=True)


class Store(models.Model):
    name = models.CharField(max_length=100)
    location = models.CharField(max_length=100)


class Product(models.Model):
    name = models.CharField(max_length=100)
    category = models.ForeignKey(Category, models.CASCADE)
    unit = models.ForeignKey(Unit, models.CASCADE)
    manufacturer = models.ForeignKey(Manufacturer, models.CASCADE, null=True)
    origin = models.ForeignKey(Origin, models.CASCADE, null=True)


class ShoppingRecord(models.Model):
    price = models.IntegerField()
    purchase_date = models.DateField()
    store = models.ForeignKey(Store, models.CASCADE)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    product = models.ForeignKey(Product, models.CASCADE)
