"""The addresses of visitors: giving an address, confirming it, what one wrote, the code of a list."""

from django.urls import path

from consult.views import visiting, visits

urlpatterns = [
    path("consultations/mes-contributions/", visits.visits, name="visits"),
    path("consultations/confirmer/<str:token>/", visiting.confirm, name="confirm"),
    path("consultations/<slug:slug>/courriel/", visiting.address, name="visitor"),
    path("consultations/<slug:slug>/code/", visits.code, name="code"),
]
