"""The command ``shoptrack new-plugin``: creates a plugin from the files in ``templates/``."""
