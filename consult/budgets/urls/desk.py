"""The polling desk: clerks, editors and administrators."""

from django.urls import path

from consult.budgets.views import desk

_AT = "guichet/budgets/<slug:slug>/"

urlpatterns = [
    path("guichet/", desk.desks, name="desks"),
    path(_AT, desk.desk, name="desk"),
]
