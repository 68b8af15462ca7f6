"""ShopTrack: what a household buys, where, and for how much."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Pause the collection of garbage: modules and applications are many objects, which all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


with _no_garbage_collection():
    from pyramid.config import Configurator

    from shoptrack.plugins import loader
    from shoptrack.settings import STARTUP_FAILED, ConfigurationError, Settings, Sources


def main(global_config, **ini):
    """Return the WSGI application, for a server that reads an .ini file.

    No database connection is opened before the first request.

    :param ini: the ``[app:main]`` section
    :raises SystemExit: a setting or a plugin is invalid; the server exits with this error message
    """
    try:
        return make_app(Sources(ini=ini))
    except ConfigurationError as error:
        raise SystemExit(f"{STARTUP_FAILED} {error}") from None


def make_app(sources: Sources):
    """Return the WSGI application for the settings from these sources.

    :raises shoptrack.settings.ConfigurationError: a setting or a plugin is invalid
    """
    with _no_garbage_collection(), Configurator(settings=dict(sources.ini)) as config:
        config.registry[Sources] = sources
        config.include("shoptrack.plugins")
        config.add_translation_dirs("shoptrack:locale")
        config.include("shoptrack.settings")
        config.include("shoptrack.web.logs")
        config.include("shoptrack.db")
        config.include("shoptrack.db.slow_queries")
        config.include("shoptrack.db.migrations")
        config.include("shoptrack.permissions")
        config.include("shoptrack.web.error_views")
        config.include("shoptrack.web")
        config.include("shoptrack.server")
        config.include("shoptrack.rest")
        config.include("shoptrack.web.metrics")
        config.include("shoptrack.catalog")
        config.include("shoptrack.records")
        config.include("shoptrack.history")
        config.include("shoptrack.jobs")
        config.include("shoptrack.openapi.pages")
        config.include("shoptrack.plugins.plugin_list")
        loader.include_plugins(config, Settings.of(config.registry).plugins)
        loader.check_settings(config)
        loader.commit_configuration(config)
        return config.make_wsgi_app()
