"""Voting on a proposition: a button, without JavaScript; who is not known yet says who they are, and votes then."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consult import policies
from consult.actions import votes
from consult.choices import Act, Awaited, Opinion
from consult.errors import RuleBroken
from consult.models import Consultation, Participant, Proposition
from consult.people import participant_of
from consult.views import visiting_words, who
from consult.views.held import led
from consult.views.kept import forget, keep
from consult.views.opened import asked_or_404, consultation_or_404
from consult.views.refusing import refused


@never_cache
@require_POST
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``opinion``: agree, mixed, disagree; ``none`` takes the vote back."""
    consultation = consultation_or_404(slug)
    back, opinion = f"/consultations/{slug}/propositions/{number}/", request.POST.get("opinion", "")
    if opinion not in (*Opinion.values, "none"):
        raise Http404
    place = f"vote {consultation.pk} {number}"
    person = participant_of(request.user) if request.user.is_authenticated else _visitor(request, slug)
    if person is None:
        get_object_or_404(policies.propositions_to_read(), consultation=consultation, number=number)
        keep(request, place, opinion=opinion)
        return _led(request, slug, number, opinion, f"{back}#vote")
    try:
        _act(request, person, consultation, number, opinion)
    except RuleBroken as broken:
        return refused(request, broken, back=back)
    except Proposition.DoesNotExist as missing:
        raise Http404 from missing
    forget(request, place)
    return redirect(f"{back}#vote")


def _visitor(request: HttpRequest, slug: str) -> Participant | None:
    return who.taking_part(request, asked_or_404(slug), Act.VOTE) if who.visitor(request) else None


def _led(request: HttpRequest, slug: str, number: int, opinion: str, back: str) -> HttpResponse:
    typed = {"number": number, "opinion": opinion}
    return led(request, asked_or_404(slug), Awaited.VOTE, typed, said=visiting_words.vote(opinion), back=back)


def _act(request: HttpRequest, person: Participant, consultation: Consultation, number: int, opinion: str) -> None:
    if opinion == "none":
        votes.withdraw_vote(consultation, number, by=person)
        messages.success(request, _("Your vote was withdrawn."))
    else:
        votes.vote(consultation, number, Opinion(opinion), by=person)
