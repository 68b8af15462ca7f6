"""Turn Swagger 2.0 documents into OpenAPI 3.1.

    from shoptrack.openapi.swagger_to_openapi import convert

    openapi = convert(swagger)

A document is a dictionary, as ``json`` or ``yaml`` reads it. What Swagger 2.0 cannot say travels in it
as ``x-`` members:

=====================  ==================================================================================
``x-nullable``         on a schema: null is possible too
``x-anyOf, x-oneOf``   on a schema: the keyword without its ``x-``, a list of schemas
``x-example(s)``       on a parameter: an example, or several by name, as OpenAPI writes them
``x-examples``         on a response: several examples by name, for each of its media types
``x-produces``         on a response: its own media types, in place of the operation's
``x-content``          on a response: bodies of other media types, each with a ``schema`` and ``examples``
``x-required``         on a header: it is always there
``x-cookies``          on an operation: parameters that come as cookies
``x-scheme``           on a security definition of type ``apiKey``: the HTTP authentication scheme, as in
                       ``bearer``; with ``x-bearer-format``, as in ``JWT``
=====================  ==================================================================================

Every other ``x-`` member stays where it is.
"""

from .document import convert
from .errors import NotConvertible

__all__ = ["NotConvertible", "convert"]
