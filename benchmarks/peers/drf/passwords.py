"""Passwords whose hashes ShopTrack stored: argon2id too, but without the prefix that Django wants."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import models


class Argon2(Argon2PasswordHasher):
    """Django's hasher; a hash costs what whoever stored it decided."""

    def must_update(self, encoded):
        """Leave the hash as it is; other servers read it too."""
        return False


class HashField(models.CharField):
    """A hash, before which Django wants its algorithm's name."""

    def from_db_value(self, value, expression, connection):
        """Return a hash as Django reads it."""
        return f"{Argon2.algorithm}{value}"
