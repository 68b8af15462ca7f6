"""ShopTrack: what a household buys, where, and for how much."""

from pyramid.config import Configurator

from shoptrack import plugins
from shoptrack.contributions import Contributions
from shoptrack.settings import Settings, Sources


def main(global_config, **ini):
    """Return the WSGI application. It opens no connection before the first request.

    :param ini: the ``[app:main]`` section
    :raises shoptrack.settings.ConfigurationError: a setting or a plugin is wrong
    """
    return make_app(Sources(ini=ini))


def make_app(sources: Sources):
    """Return the WSGI application for settings from these sources."""
    with Configurator(settings=dict(sources.ini)) as config:
        config.registry[Sources] = sources
        config.include("shoptrack.plugins")
        config.add_translation_dirs("shoptrack:locale")
        settings = config.add_settings_table(Settings)
        config.include("shoptrack.logs")
        config.include("shoptrack.db")
        config.include("shoptrack.slow_queries")
        config.include("shoptrack.migrations")
        config.include("shoptrack.security")
        config.include("shoptrack.error_views")
        config.include("shoptrack.web")
        config.include("shoptrack.api")
        config.include("shoptrack.metrics")
        config.include("shoptrack.catalog")
        config.include("shoptrack.records")
        config.include("shoptrack.docs_pages")
        plugins.load(config, settings.plugins)
        sources.refuse_unknown(Contributions.of(config.registry).settings)
        return config.make_wsgi_app()
