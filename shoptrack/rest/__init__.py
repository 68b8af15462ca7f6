"""The layer over Cornice: resources are described, endpoints that are no resource are services.

Features and plugins import from here; nothing else in ShopTrack imports Cornice.
"""


def includeme(config):
    """Prepare Cornice, answer JSON by orjson, and list all resources at ``/api/``."""
    # Cornice's own exception views would come between errors and the one view that answers them.
    config.add_settings({"handle_exceptions": False})
    config.include("cornice")
    config.include("shoptrack.rest.render")
    config.include("shoptrack.rest.root")
    config.include("shoptrack.openapi")
