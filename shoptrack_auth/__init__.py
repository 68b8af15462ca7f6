"""Users, and signing in with JSON Web Tokens."""

from shoptrack.server.serving import Serving, TrialPrepared
from shoptrack_auth.answers import SCHEME
from shoptrack_auth.first_user import prepare_trial
from shoptrack_auth.hash_memory import allowed, check_hash_memory
from shoptrack_auth.identify import identify
from shoptrack_auth.passwords import Passwords, prepare_to_serve
from shoptrack_auth.permissions import Permission
from shoptrack_auth.settings import AuthSettings, ThrottleSettings
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.tokens import Tokens


def includeme(config):
    """Plug users and signing in into ShopTrack."""
    settings = config.add_settings_table(AuthSettings)
    config.registry[Tokens] = Tokens.configured(config.registry, settings)
    config.registry[Passwords] = Passwords.fitting(allowed())
    config.registry[StoredHashes] = StoredHashes(config.registry)
    config.add_subscriber(prepare_to_serve, Serving)
    config.add_subscriber(prepare_trial, TrialPrepared)
    throttle = Throttle(config.registry, config.add_settings_table(ThrottleSettings))
    config.registry[Throttle] = throttle
    config.add_translation_dirs("shoptrack_auth:locale")
    config.add_migrations("auth", "shoptrack_auth:revisions")
    config.add_permissions(Permission, restricted=True)
    config.add_deploy_check("auth.hash_memory", check_hash_memory)
    shares_views = settings.api_permissions == "authenticated"
    config.set_identify(identify, SCHEME, shares_views=shares_views)
    config.include("shoptrack_auth.views")
    config.include("shoptrack_auth.own_account")
    config.include("shoptrack_auth.metrics")
