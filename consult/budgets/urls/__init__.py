"""The addresses of budgets, one module of addresses per person at the door."""

from consult.budgets.urls import ballot, pages

app_name = "budgets"

urlpatterns = [*pages.urlpatterns, *ballot.urlpatterns]
