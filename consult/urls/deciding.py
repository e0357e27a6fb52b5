"""The addresses of what is decided: private while it is prepared, then the results and their data."""

from django.urls import path

from consult.views import archives, deciding, results

_AT = "consultations/<slug:slug>"

urlpatterns = [
    path(f"{_AT}/suites/", deciding.board, name="deciding"),
    path(f"{_AT}/suites/decider/", deciding.decide_many, name="decide_many"),
    path(f"{_AT}/suites/lot/", deciding.bulk, name="bulk"),
    path(f"{_AT}/suites/publier/", deciding.publish, name="publish_decisions"),
    path(f"{_AT}/suites/<int:number>/", deciding.decide, name="decide"),
    path(f"{_AT}/resultats/", results.results_page, name="results"),
    path(f"{_AT}/donnees.zip", archives.archive, name="open_data"),
    path(f"{_AT}/donnees/<slug:name>.csv", results.data_csv, name="data_csv"),
    path(f"{_AT}/donnees/<slug:name>.json", results.data_json, name="data_json"),
]
