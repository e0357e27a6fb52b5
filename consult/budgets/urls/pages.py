"""The list of budgets, and the page of each."""

from django.urls import path

from consult.budgets.views import following, pages

urlpatterns = [
    path("budgets/", pages.index, name="index"),
    path("budgets/<slug:slug>/", pages.budget, name="budget"),
    path("budgets/<slug:slug>/prevenir/", following.follow_result, name="follow_result"),
    path("budgets/<slug:slug>/regles/", pages.rules, name="rules"),
]
