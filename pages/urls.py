from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, path

from pages.views import display, health, theme

app_name = "pages"

urlpatterns: list[URLPattern] = [
    path("affichage/", display.choose, name="display"),
    path("theme.css", theme.stylesheet, name="theme"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

# The component sheet reads YAML, which only developers install.
if settings.DEBUG and find_spec("yaml"):
    from pages.views import components

    urlpatterns.append(path("composants/", components.sheet, name="components"))
