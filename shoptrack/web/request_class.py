"""One request class with all added methods and properties.

Pyramid adds properties with a new class for each request, which defeats Python's attribute caches.
"""

from pyramid.interfaces import IRequestExtensions, IRequestFactory
from pyramid.request import Request

AFTER_ALL_ADDITIONS = 1000  # the order of a configuration action; Pyramid's own end at 0


def includeme(config):
    """Make the class after the configuration is complete."""

    def install():
        registry = config.registry
        added = registry.queryUtility(IRequestExtensions)
        parent = registry.queryUtility(IRequestFactory, default=Request)
        if added is None or not isinstance(parent, type):
            return
        members = {**added.methods, **added.descriptors, "__module__": parent.__module__}
        registry.registerUtility(type(parent.__name__, (parent,), members), IRequestFactory)
        added.methods.clear()
        added.descriptors.clear()

    config.action("shoptrack request class", install, order=AFTER_ALL_ADDITIONS)
