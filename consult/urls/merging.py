"""The addresses of propositions put together: for those who decide, for an author, and for a supporter's letter."""

from django.urls import path

from consult.views import merging, voices

_AT = "consultations/<slug:slug>"

urlpatterns = [
    path(f"{_AT}/suites/reunir/", merging.ask, name="ask_merge"),
    path(f"{_AT}/suites/reunions/", merging.merges, name="merges"),
    path(f"{_AT}/suites/reunions/<int:pk>/", merging.one, name="merge"),
    path(f"{_AT}/propositions/<int:number>/reunir/", voices.propose, name="propose_merge"),
    path("consultations/reunion/<str:token>/", voices.voice, name="merge_voice"),
]
