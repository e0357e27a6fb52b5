"""The addresses of the themes, for those who validate them."""

from django.urls import path

from consult.views import theming

_AT = "consultations/<slug:slug>/suites/themes"

urlpatterns = [
    path(f"{_AT}/", theming.themes, name="themes"),
    path(f"{_AT}/<int:pk>/", theming.theme, name="theme"),
]
