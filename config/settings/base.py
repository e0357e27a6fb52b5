"""What every installation shares. Environment variables are those of docs/run.md."""

import os
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.settings.sign_in import *  # noqa: F403  (the pattern of Django settings)

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("CAHIER_VAR", ROOT / "var"))

INSTALLED_APPS = [
    "config",
    "consult",
    "consult.budgets",
    "feedback",
    "ideas",
    "moderation",
    "pages",
    "accounts",
    "directory",
    "webhooks",
    "journal",
    "letters",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "bs_icon_templates",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.api.problems.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.RubbishMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.ButtonMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.AdministrationMiddleware",
    "config.middleware.BrokenRuleMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "pages.forms.CahierRenderer"

DATABASES = {
    "default": dj_database_url.config(
        default="postgresql://cahier@127.0.0.1:5432/cahier",
        engine="config.postgresql",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
DATABASE_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
# The web (config/wsgi.py) gives a statement 5 s; workers and commands have a minute.
STATEMENT_TIMEOUT_MS = int(os.environ.get("CAHIER_STATEMENT_TIMEOUT_MS", "60000"))
DATABASE_OPTIONS["options"] = f"-c statement_timeout={STATEMENT_TIMEOUT_MS}"
# The web asks the same short questions all day: PostgreSQL plans those that came five times on a connection once: more
# than half of its part of a page. Workers and commands ask for keys by the ten thousand: more values than a statement
# prepared there may take (config/postgresql).
if os.environ.get("CAHIER_PREPARED_STATEMENTS", "no") == "yes":
    DATABASE_OPTIONS.update(server_side_binding=True, prepare_threshold=5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL = os.environ.get("CAHIER_BROKER_URL", "redis://127.0.0.1:6379/0")
CACHE_URL = os.environ.get("CAHIER_CACHE_URL", BROKER_URL)
CACHES = {"default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": CACHE_URL, "KEY_PREFIX": "cahier"}}
SESSION_ENGINE = "accounts.sessions"

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A doorbell that does not ring must not keep a citizen waiting: give up at once, the sweeper comes by.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
    "visibility_timeout": 600,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-letters": {"task": "letters.tasks.sweep", "schedule": 15.0},
    "sweep-webhooks": {"task": "webhooks.tasks.sweep", "schedule": 30.0},
    "sweep-fiches": {"task": "feedback.clock.sweep", "schedule": 15.0},
    "seal-journal": {"task": "journal.tasks.seal", "schedule": 60.0},
    "regroup": {"task": "feedback.clock.regroup", "schedule": crontab(hour=4, minute=10)},
    "purge-expired": {"task": "feedback.clock.purge_expired", "schedule": crontab(hour=3, minute=20)},
    "purge-visitor-acts": {"task": "consult.clock.purge_visitor_acts", "schedule": crontab(hour=3, minute=45)},
    "purge-drafts": {"task": "consult.clock.purge_drafts", "schedule": crontab(hour=3, minute=40)},
    "remind-of-meetings": {"task": "consult.clock.remind_of_meetings", "schedule": crontab(minute=10)},
    "publish-scheduled": {"task": "consult.clock.publish_scheduled", "schedule": 60.0},
    "keep-panels": {"task": "consult.clock.keep_panels", "schedule": 300.0},
    "tell-late-decisions": {"task": "consult.tasks.tell_late_decisions", "schedule": 600.0},
    "draw-maps": {"task": "consult.tasks.draw_maps", "schedule": 120.0},
    "remind-of-follow-up": {"task": "consult.clock.remind_of_follow_up", "schedule": crontab(hour=7, minute=50)},
    "find-late-themes": {"task": "consult.tasks.find_late_themes", "schedule": 300.0},
    "purge-idea-drafts": {"task": "consult.budgets.clock.purge_idea_drafts", "schedule": crontab(hour=3, minute=42)},
    "freeze-regulations": {"task": "consult.budgets.clock.freeze_regulations", "schedule": 60.0},
    "close-ballots": {"task": "consult.budgets.clock.close_ballots", "schedule": 60.0},
    "mix-ballots": {"task": "consult.budgets.clock.mix_ballots", "schedule": crontab(minute=5)},
    "end-kiosk-sessions": {"task": "consult.budgets.clock.end_kiosk_sessions", "schedule": 60.0},
    "forget-roll-files": {"task": "consult.budgets.clock.forget_roll_files", "schedule": 600.0},
    "remind-of-ballots": {"task": "consult.budgets.clock.remind_of_ballots", "schedule": crontab(minute=40)},
    "tell-late-news": {"task": "consult.tasks.tell_late_news", "schedule": 600.0},
    "publish-planned-studies": {"task": "consult.budgets.clock.publish_planned_studies", "schedule": 60.0},
    "take-up-counts": {"task": "consult.budgets.tasks.take_up_counts", "schedule": 120.0},
    "tell-late-budgets": {"task": "consult.budgets.tasks.tell_late", "schedule": 600.0},
    "purge-addresses-of-notices": {
        "task": "moderation.clock.purge_addresses",
        "schedule": crontab(hour=3, minute=30),
    },
    "forget-sent": {"task": "letters.tasks.forget_sent", "schedule": crontab(hour=3, minute=40)},
    # After the regrouping of the night, then as the day comes in.
    "watch-surges": {"task": "feedback.clock.watch_surges", "schedule": crontab(hour="6,10,14,18", minute=30)},
    "watch-floods": {"task": "feedback.clock.watch_floods", "schedule": 600.0},
    "suggest-documents": {"task": "feedback.clock.suggest_documents", "schedule": crontab(hour=5, minute=40)},
    "make-open-data": {"task": "consult.clock.make_open_data", "schedule": crontab(hour=3, minute=50)},
    "make-open-data-of-budgets": {
        "task": "consult.budgets.clock.make_open_data",
        "schedule": crontab(hour=3, minute=55),
    },
    "remake-open-data-of-budgets": {
        "task": "consult.budgets.clock.remake_open_data",
        "schedule": crontab(minute=40),
    },
    "remake-open-data": {"task": "consult.clock.remake_open_data", "schedule": crontab(minute=35)},
    "send-digests": {"task": "consult.clock.send_digests", "schedule": crontab(hour="7-10", minute="5,25,45")},
    "ask-follow-ups": {"task": "feedback.clock.ask_follow_ups", "schedule": crontab(hour=9, minute=0)},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/compte/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.stylesheets.BootstrapFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
# Files that no web server gives by itself: the views that give them check the right each time.
PRIVATE_FILES = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "private"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": PRIVATE_FILES,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    },
}
# Wagtail's editor needs inline scripts and styles; nobody but editors reaches it.
ADMIN_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# Files of open data, made at night: given through a view that looks again at what is public.
OPEN_DATA_ROOT = VAR / "open-data"

# Networks on which pages may be told to others, by plain links (``consult.views.sharing.NETWORKS``); none by default.
SHARE_NETWORKS = [name.strip() for name in os.environ.get("CAHIER_SHARE_NETWORKS", "").split(",") if name.strip()]

WAGTAIL_SITE_NAME = "Cahier"
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # « où » becomes « ou » as the title is typed: our addresses are plain letters
WAGTAILADMIN_BASE_URL = os.environ.get("CAHIER_BASE_URL", "http://127.0.0.1:8000")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"

TASKS = {"default": {"BACKEND": "config.tasks_backend.CeleryBackend"}}

BASE_URL = WAGTAILADMIN_BASE_URL
EMAIL_TIMEOUT = 10
# A gateway that takes {"id", "to", "text"} by POST; unset, text messages are listed as not sent.
SMS_URL = os.environ.get("CAHIER_SMS_URL", "")
DEFAULT_FROM_EMAIL = os.environ.get("CAHIER_EMAIL_FROM", "ne-pas-repondre@cahier.example")

# Keys of our own: personal data at rest (Fernet) and everything signed. Rotation: first encrypts, all decrypt.
ENCRYPTION_KEYS: list[str] = [key for key in os.environ.get("CAHIER_ENCRYPTION_KEYS", "").split(",") if key]

# How long each kind of personal data is kept, in days after the fiche is received.
RETENTION_DAYS = {"fiche_original": 365, "fiche_contact": 365}
# Days after which the address of a letter that was sent is emptied.
LETTER_ADDRESS_DAYS = 90
# Days after which the address that somebody left when reporting a text is erased, answered or not.
NOTICE_ADDRESS_DAYS = 180
# Days during which a visitor may confirm what they wrote; then it is erased with their address.
VISITOR_ACT_DAYS = 7
# The files of a proposition: how many, how heavy (bytes), and how many pixels a picture may unfold into.
ATTACHMENTS_AT_MOST = 5
ATTACHMENT_BYTES = 10 * 1024 * 1024
ATTACHMENT_PIXELS = 50_000_000
# A function like clustering.encode, named by its path; None groups on words alone.
CLUSTERING_ENCODER = os.environ.get("CAHIER_ENCODER", "clustering.encode").replace(":", ".")
# Instead: a folder of sentence-transformers, or an address that speaks like OpenAI's (docs/encoders.md).
CLUSTERING_ENCODER_FOLDER = os.environ.get("CAHIER_ENCODER_FOLDER", "")
CLUSTERING_ENCODER_URL = os.environ.get("CAHIER_ENCODER_URL", "")
CLUSTERING_ENCODER_MODEL = os.environ.get("CAHIER_ENCODER_MODEL", "")
CLUSTERING_ENCODER_KEY = os.environ.get("CAHIER_ENCODER_KEY", "")
# Hosts of the administration's own network that linked tools may be on (« chat.mairie.local:8065 »), http included.
WEBHOOK_ALLOWED_HOSTS = [host for host in os.environ.get("CAHIER_WEBHOOK_HOSTS", "").split(",") if host]
# Whose public holidays close the services: a country and, where it has its own, a region as the library « holidays »
# names them (57: Moselle, 971: Guadeloupe…).
HOLIDAYS_COUNTRY = os.environ.get("CAHIER_HOLIDAYS_COUNTRY", "FR")
HOLIDAYS_REGION = os.environ.get("CAHIER_HOLIDAYS_REGION") or None
# When schools are out, as the same library names it ("Zone A", "Zone B", "Zone C", "971"…); None: the alerts on what
# rises know of no school.
SCHOOL_ZONE = os.environ.get("CAHIER_SCHOOL_ZONE") or None
STAFF_NEED_SECOND_FACTOR = False
# The demo town has known passwords: never on a real site.
DEMO_ALLOWED = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
