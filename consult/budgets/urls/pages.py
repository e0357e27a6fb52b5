"""The list of budgets, and the page of each."""

from django.urls import path

from consult.budgets.views import pages

urlpatterns = [
    path("budgets/", pages.index, name="index"),
    path("budgets/<slug:slug>/", pages.budget, name="budget"),
    path("budgets/<slug:slug>/regles/", pages.rules, name="rules"),
]
