"""The tests: real PostgreSQL and Valkey given by ``./cahier test``, messages in memory."""

import os

os.environ.setdefault("CAHIER_PREPARED_STATEMENTS", "yes")  # as the web, which is the stricter of the two
from config.settings.base import *  # noqa: F403  (the pattern of Django settings)
from config.settings.base import VAR

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105  (not a secret)
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Words alone by default: tests of meaning ask for the encoder themselves.
CLUSTERING_ENCODER = os.environ.get("CAHIER_ENCODER") or None
OPEN_DATA_ROOT = VAR / "open-data-of-tests"  # the demo town has its own: a test would read them
DEMO_ALLOWED = True
