"""The addresses of budgets, one module of addresses per person at the door."""

from consult.budgets.urls import ballot, desk, ideas, kiosk, pages, projects, results, studies

app_name = "budgets"

urlpatterns = [
    *ballot.urlpatterns,
    *desk.urlpatterns,
    *ideas.urlpatterns,
    *kiosk.urlpatterns,
    *pages.urlpatterns,
    *projects.urlpatterns,
    *results.urlpatterns,
    *studies.urlpatterns,
]
