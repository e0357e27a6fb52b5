"""The addresses of meetings."""

from django.urls import path

from consult.views import meetings

_AT = "consultations/<slug:slug>/rencontres/<slug:meeting>"

urlpatterns = [
    path(f"{_AT}/", meetings.meeting, name="meeting"),
    path(f"{_AT}/agenda.ics", meetings.ics, name="meeting_ics"),
    path(f"{_AT}/salle/", meetings.room, name="meeting_room"),
    path("inscription/<str:token>/", meetings.seat, name="seat"),
]
