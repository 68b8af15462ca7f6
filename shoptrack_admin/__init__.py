"""The administration's pages."""


def includeme(config):
    """Plug the administration into ShopTrack."""
    config.include("pyramid_jinja2")
    config.add_jinja2_search_path("shoptrack_admin:templates", name=".jinja2")
    config.include("shoptrack_admin.views")
