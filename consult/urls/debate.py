"""The addresses of votes and arguments, below a proposition."""

from django.urls import path

from consult.views import arguments, ballots, debate

_AT = "consultations/<slug:slug>/propositions/<int:number>"
_ARGUMENT = f"{_AT}/arguments/<int:argument_number>"

urlpatterns = [
    path(f"{_AT}/vote/", ballots.vote, name="vote"),
    path(f"{_AT}/arguments/", debate.side, name="arguments"),
    path(f"{_AT}/arguments/imprimer/", debate.printed, name="arguments_printed"),
    path(f"{_AT}/arguments/nouveau/", arguments.write, name="argue"),
    path(f"{_ARGUMENT}/", arguments.read, name="argument"),
    path(f"{_ARGUMENT}/repondre/", arguments.answer, name="reply"),
    path(f"{_ARGUMENT}/utile/", arguments.useful, name="useful"),
    path(f"{_ARGUMENT}/retirer/", arguments.withdraw, name="withdraw_argument"),
]
