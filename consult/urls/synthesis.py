"""The address of the synthesis of a consultation."""

from django.urls import path

from consult.views import synthesis

urlpatterns = [
    path("consultations/<slug:slug>/synthese/", synthesis.read, name="synthesis"),
]
