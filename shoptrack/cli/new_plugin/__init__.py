"""The command ``shoptrack new-plugin``: a plugin to start from, of the files in ``templates/``."""
