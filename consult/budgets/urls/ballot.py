"""Voting, and finding one's ballot again."""

from django.urls import path

from consult.budgets.views import ballot, casting, receipts, registering

_BOX = "budgets/<slug:slug>/bulletin/"

urlpatterns = [
    path(_BOX, ballot.ballot, name="ballot"),
    path(f"{_BOX}choix/", ballot.choose, name="ballot_choose"),
    path(f"{_BOX}inscription/", registering.register, name="ballot_register"),
    path(f"{_BOX}verifier/", casting.check, name="ballot_check"),
    path(f"{_BOX}changer/", casting.change, name="ballot_change"),
    path(f"{_BOX}retirer/", casting.withdraw, name="ballot_withdraw"),
    path(f"{_BOX}secret/", ballot.secrecy, name="ballot_secrecy"),
    path("budgets/<slug:slug>/recepisse/", receipts.receipt, name="receipt"),
]
