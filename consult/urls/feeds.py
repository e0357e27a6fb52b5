"""The addresses of Atom feeds, and of the calendar."""

from django.urls import path

from consult.views import feeds

_AT = "consultations/<slug:slug>"

urlpatterns = [
    path("consultations/flux.atom", feeds.served(feeds.Consultations()), name="feed"),
    path(f"{_AT}/propositions/flux.atom", feeds.served(feeds.Propositions()), name="propositions_feed"),
    path(
        f"{_AT}/propositions/<int:number>/arguments/flux.atom",
        feeds.served(feeds.Arguments()),
        name="arguments_feed",
    ),
    path(f"{_AT}/resultats/flux.atom", feeds.served(feeds.Decisions()), name="decisions_feed"),
    path(f"{_AT}/agenda.ics", feeds.calendar, name="calendar"),
]
