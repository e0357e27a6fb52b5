"""The addresses of the room, one module of addresses per person at the door."""

from django.urls import URLPattern

app_name = "consult"

urlpatterns: list[URLPattern] = []
