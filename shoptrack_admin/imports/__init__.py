"""Importing CSV files: upload, look at what the import would do, and confirm."""

from shoptrack_admin.imports.uploads import purge_regularly


def includeme(config):
    """Delete files each night that nobody has confirmed. The pages are those of each resource."""
    config.add_job("admin.uploads", purge_regularly, at="04:10")
