"""The floor: a WSGI function, the database's driver and orjson. The least that such a server can cost."""
