"""The list of consultations, and the page of each."""

from django.urls import path

from consult.views import pages

urlpatterns = [
    path("consultations/", pages.index, name="index"),
    path("consultations/<slug:slug>/", pages.consultation, name="consultation"),
    path("consultations/<slug:slug>/dossier/", pages.file, name="file"),
    path("consultations/<slug:slug>/regles/", pages.rules, name="rules"),
]
