"""Import users and rows from the Django backend that ShopTrack replaces."""

from shoptrack_django_import.commands import import_django

__all__ = ["import_django"]
