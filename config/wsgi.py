import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ.setdefault("CAHIER_STATEMENT_TIMEOUT_MS", "5000")
os.environ.setdefault("CAHIER_PREPARED_STATEMENTS", "yes")

application = get_wsgi_application()
