"""Voting on a proposition: a button, without JavaScript; a visitor signs in and finds the choice again."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consult import policies
from consult.actions import votes
from consult.choices import Opinion
from consult.errors import RuleBroken
from consult.models import Consultation, Proposition
from consult.people import participant_of
from consult.views.kept import forget, keep
from consult.views.refusing import refused


@never_cache
@require_POST
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``opinion``: agree, mixed, disagree; ``none`` takes the vote back."""
    consultation = get_object_or_404(policies.consultations_to_read(), page__slug=slug)
    back, opinion = f"/consultations/{slug}/propositions/{number}/", request.POST.get("opinion", "")
    if opinion not in (*Opinion.values, "none"):
        raise Http404
    place = f"vote {consultation.pk} {number}"
    if not request.user.is_authenticated:
        get_object_or_404(policies.propositions_to_read(), consultation=consultation, number=number)
        keep(request, place, opinion=opinion)
        return redirect_to_login(f"{back}#vote")
    try:
        _act(request, consultation, number, opinion)
    except RuleBroken as broken:
        return refused(request, broken, back=back)
    except Proposition.DoesNotExist as missing:
        raise Http404 from missing
    forget(request, place)
    return redirect(f"{back}#vote")


def _act(request: HttpRequest, consultation: Consultation, number: int, opinion: str) -> None:
    person = participant_of(request.user)
    if opinion == "none":
        votes.withdraw_vote(consultation, number, by=person)
        messages.success(request, _("Your vote was withdrawn."))
    else:
        votes.vote(consultation, number, Opinion(opinion), by=person)
