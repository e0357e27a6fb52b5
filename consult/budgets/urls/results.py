"""The addresses of the result, of the count, and of the files to count again."""

from django.urls import path

from consult.budgets.views import counting, recounts, results

urlpatterns = [
    path("budgets/<slug:slug>/resultats/", results.projects, name="results"),
    path("budgets/<slug:slug>/resultats/tours/", results.rounds, name="results_rounds"),
    path("budgets/<slug:slug>/resultats/participation/", results.turnout, name="results_turnout"),
    path("budgets/<slug:slug>/resultats/autre-regle/", results.what_if, name="results_what_if"),
    path("budgets/<slug:slug>/depouillement/", recounts.recount, name="recount"),
    path("budgets/<slug:slug>/depouillement/<str:script>.py", recounts.script, name="recount_script"),
    path("budgets/<slug:slug>/depouillement/<int:pk>/<str:name>", recounts.file, name="recount_file"),
    path("budgets/<slug:slug>/compter/", counting.counting, name="counting"),
    path("budgets/<slug:slug>/compter/<int:number>/", counting.signing, name="signing"),
]
