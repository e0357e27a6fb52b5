"""The addresses of panels drawn by lot."""

from django.urls import path

from consult.views import lots

_AT = "consultations/<slug:slug>/tirages/<slug:panel>"

urlpatterns = [
    path(f"{_AT}/", lots.panel, name="panel"),
    path(f"{_AT}/tirage.json", lots.record, name="panel_record"),
    path(f"{_AT}/conduite/", lots.conduct, name="panel_conduct"),
    path(f"{_AT}/conduite/liste.csv", lots.the_list, name="panel_list"),
    path(f"{_AT}/conduite/membres.csv", lots.members, name="panel_members"),
    path("tirage-au-sort/<str:token>/", lots.volunteer, name="volunteer"),
]
