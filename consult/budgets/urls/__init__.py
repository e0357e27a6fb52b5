"""The addresses of budgets, one module of addresses per person at the door."""

from consult.budgets.urls import ballot, ideas, pages, projects

app_name = "budgets"

urlpatterns = [*pages.urlpatterns, *ballot.urlpatterns, *ideas.urlpatterns, *projects.urlpatterns]
