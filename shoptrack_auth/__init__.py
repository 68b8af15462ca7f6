"""Users, groups and permissions, signing in by JSON Web Tokens or in a browser, and API tokens for scripts."""

from shoptrack.events import DatabasePrepared, Serving, TrialPrepared
from shoptrack_auth.browser_sessions import start_browser_session
from shoptrack_auth.descriptions import SCHEME
from shoptrack_auth.first_user import prepare_trial
from shoptrack_auth.hash_limiter import check_hash_memory, get_allowed_memory
from shoptrack_auth.hashers import UserPasswordHasher, prepare_to_serve
from shoptrack_auth.identify import identify
from shoptrack_auth.identity import UserIdentity
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.preset_groups import prepare_preset_groups
from shoptrack_auth.principals import NoActiveUser
from shoptrack_auth.settings import AuthSettings, ThrottleSettings
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.token_pairs import issue_token_pair
from shoptrack_auth.tokens import Tokens

__all__ = ["NoActiveUser", "UserIdentity", "issue_token_pair", "start_browser_session"]


def includeme(config):
    """Set up users and signing in."""
    settings = config.add_settings_table(AuthSettings)
    config.registry[Tokens] = Tokens.from_settings(config.registry, settings)
    config.registry[UserPasswordHasher] = UserPasswordHasher.from_memory_limit(get_allowed_memory())
    config.registry[StoredHashes] = StoredHashes(config.registry)
    config.add_subscriber(prepare_to_serve, Serving)
    config.add_subscriber(prepare_trial, TrialPrepared)
    config.add_subscriber(prepare_preset_groups, DatabasePrepared)
    throttle = Throttle(config.registry, config.add_settings_table(ThrottleSettings))
    config.registry[Throttle] = throttle
    config.add_translation_dirs("shoptrack_auth:locale")
    config.add_migrations("auth", "shoptrack_auth:revisions")
    config.add_permissions(AuthPermission, restricted=True)
    config.add_deploy_check("auth.hash_memory", check_hash_memory)
    shares_views = settings.api_permissions == "authenticated"
    config.set_identify(identify, SCHEME, shares_views=shares_views, with_authenticators=True)
    config.include("shoptrack_auth.views")
    config.include("shoptrack_auth.account_views")
    config.include("shoptrack_auth.api_token_views")
    config.include("shoptrack_auth.metrics")
    config.include("shoptrack_auth.history")
    config.include("shoptrack_auth.purging")
