"""The addresses of the opinion map of a consultation."""

from django.urls import path

from consult.views import map as answering
from consult.views import map_results, stating

_AT = "consultations/<slug:slug>/carte"

urlpatterns = [
    path(f"{_AT}/", answering.answering, name="map"),
    path(f"{_AT}/repondre/", answering.answer, name="map_answer"),
    path(f"{_AT}/mes-reponses/", answering.mine, name="map_mine"),
    path(f"{_AT}/proposer/", stating.propose, name="map_propose"),
    path(f"{_AT}/proches/", stating.near_ones, name="map_near"),
    path(f"{_AT}/resultats/", map_results.results, name="map_results"),
    path(f"{_AT}/affirmations.csv", map_results.statements_csv, name="map_statements_csv"),
    path(f"{_AT}/reponses.csv", map_results.answers_csv, name="map_answers_csv"),
    path(f"{_AT}/<int:number>/", answering.statement, name="map_statement"),
    path(f"{_AT}/<int:number>/retirer/", stating.withdraw, name="map_withdraw"),
]
