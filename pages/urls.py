from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, path

from pages.views import display

app_name = "pages"

urlpatterns: list[URLPattern] = [path("affichage/", display.choose, name="display")]

# The component sheet reads YAML, which only developers install.
if settings.DEBUG and find_spec("yaml"):
    from pages.views import components

    urlpatterns.append(path("composants/", components.sheet, name="components"))
