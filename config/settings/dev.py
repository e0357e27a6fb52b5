"""Development and demonstration: everything has a default, nothing leaves the machine."""

import os

from config.email import email_settings
from config.settings.base import *  # noqa: F403  (the pattern of Django settings)
from config.settings.base import BASE_URL, VAR

DEBUG = True
SECRET_KEY = os.environ.get("CAHIER_SECRET_KEY", "development-only-do-not-use-anywhere-else")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
if "CAHIER_EMAIL_URL" in os.environ:
    globals().update(email_settings(os.environ["CAHIER_EMAIL_URL"]))
DEMO_ALLOWED = True
