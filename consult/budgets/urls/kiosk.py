"""A shared tablet, and the desk where it is opened and where people are let in."""

from django.urls import path

from consult.budgets.views import desk_kiosks, kiosk

_TABLET = "budgets/<slug:slug>/borne/"
_DESK = "guichet/budgets/<slug:slug>/bornes/"

urlpatterns = [
    path(_TABLET, kiosk.kiosk, name="kiosk"),
    path(f"{_TABLET}bulletin/", kiosk.ballot, name="kiosk_ballot"),
    path(f"{_TABLET}choix/", kiosk.choose, name="kiosk_choose"),
    path(f"{_TABLET}projets/<int:number>/", kiosk.project, name="kiosk_project"),
    path(f"{_TABLET}verifier/", kiosk.check, name="kiosk_check"),
    path(f"{_TABLET}encore/", kiosk.stay, name="kiosk_stay"),
    path(f"{_TABLET}terminer/", kiosk.leave, name="kiosk_leave"),
    path(_DESK, desk_kiosks.tablets, name="desk_kiosks"),
    path(f"{_DESK}code/", desk_kiosks.code, name="desk_code"),
]
