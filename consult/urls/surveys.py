"""The addresses of questionnaires: presented, answered page by page, printed, counted."""

from django.urls import path

from consult.views import survey_results, surveys

_AT = "consultations/<slug:slug>/questionnaires/<slug:survey>"

urlpatterns = [
    path(f"{_AT}/", surveys.survey, name="survey"),
    path(f"{_AT}/repondre/<int:number>/", surveys.answer, name="survey_page"),
    path(f"{_AT}/verifier/", surveys.check, name="survey_check"),
    path(f"{_AT}/imprimer/", surveys.printed, name="survey_printed"),
    path(f"{_AT}/resultats/", survey_results.results, name="survey_results"),
    path(f"{_AT}/resultats/<slug:code>/", survey_results.texts, name="survey_texts"),
    path(f"{_AT}/donnees/<slug:name>.csv", survey_results.data_csv, name="survey_csv"),
    path(f"{_AT}/donnees/<slug:name>.json", survey_results.data_json, name="survey_json"),
    path(f"{_AT}/administration/textes.csv", survey_results.private_texts, name="survey_private_texts"),
]
