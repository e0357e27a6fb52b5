"""The polling desk: clerks, editors and administrators."""

from django.urls import path

from consult.budgets.views import desk, desk_batches, desk_keying, desk_marking, desk_paper

_AT = "guichet/budgets/<slug:slug>/"
_BATCH = f"{_AT}lots/<int:number>/"

urlpatterns = [
    path("guichet/", desk.desks, name="desks"),
    path(_AT, desk.desk, name="desk"),
    path(f"{_AT}emargement/", desk_marking.marking, name="desk_marking"),
    path(f"{_AT}bulletin-papier/", desk_paper.paper, name="desk_paper"),
    path(f"{_AT}lots/", desk_batches.batches, name="desk_batches"),
    path(_BATCH, desk_batches.batch, name="desk_batch"),
    path(f"{_BATCH}saisir/", desk_keying.keying, name="desk_keying"),
    path(f"{_BATCH}ecarts/", desk_keying.settling, name="desk_settling"),
]
