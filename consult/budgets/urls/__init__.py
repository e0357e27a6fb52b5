"""The addresses of budgets, one module of addresses per person at the door."""

from consult.budgets.urls import ballot, desk, ideas, pages, projects, results, studies

app_name = "budgets"

urlpatterns = [
    *ballot.urlpatterns,
    *desk.urlpatterns,
    *ideas.urlpatterns,
    *pages.urlpatterns,
    *projects.urlpatterns,
    *results.urlpatterns,
    *studies.urlpatterns,
]
