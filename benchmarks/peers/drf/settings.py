"""Django's settings: what an API needs, and nothing else."""

import os

from psycopg.conninfo import conninfo_to_dict

SECRET_KEY = os.environ["SHOPTRACK_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.peers.drf.urls"
WSGI_APPLICATION = "benchmarks.peers.drf.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "benchmarks.peers.drf",
]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
TIME_ZONE = "UTC"


def _database(url: str) -> dict:
    if url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode = wal; PRAGMA synchronous = normal;",
            },
        }
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "HOST": parts["host"],
        "USER": parts["user"],
    }


# Connections are kept, since every request uses one.
DATABASES = {"default": {**_database(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": None}}

AUTH_USER_MODEL = "drf.User"
PASSWORD_HASHERS = ["benchmarks.peers.drf.passwords.Argon2"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
SIMPLE_JWT = {"UPDATE_LAST_LOGIN": True}
