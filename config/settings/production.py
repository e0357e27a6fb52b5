"""A city's server: refuses to start, with a sentence, when something that matters is missing."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.email import email_settings
from config.settings.base import *  # noqa: F403  (the pattern of Django settings)

REQUIRED = {
    "CAHIER_SECRET_KEY": "une longue valeur aléatoire et secrète",
    "CAHIER_ENCRYPTION_KEYS": "une clé Fernet pour les données personnelles",
    "CAHIER_HOSTS": "les noms du site, séparés par des virgules",
    "CAHIER_BASE_URL": "l'adresse publique du site, avec https://",
    "CAHIER_EMAIL_URL": "le serveur d'envoi, par exemple smtp://serveur:25",
    "DATABASE_URL": "la base PostgreSQL",
    "CAHIER_BROKER_URL": "le serveur Valkey ou Redis",
}
missing = [f"{name} ({what})" for name, what in REQUIRED.items() if not os.environ.get(name)]
if missing:
    raise ImproperlyConfigured("Cahier ne démarre pas : il manque " + " ; ".join(missing) + ".")

DEBUG = False
SECRET_KEY = os.environ["CAHIER_SECRET_KEY"]
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("CAHIER_SECRET_KEY_FALLBACKS", "").split(",") if key]
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("Cahier ne démarre pas : CAHIER_SECRET_KEY doit avoir au moins 40 caractères.")
ALLOWED_HOSTS = os.environ["CAHIER_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

globals().update(email_settings(os.environ["CAHIER_EMAIL_URL"]))

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_FILES,  # noqa: F405  (from base)
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STAFF_NEED_SECOND_FACTOR = True
