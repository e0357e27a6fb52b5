"""Saying that one may vote: once, before the first ballot."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult.budgets import eligibility, rolls
from consult.budgets.actions import registering
from consult.budgets.errors import MayNotVote, SomebodyElse
from consult.budgets.forms.registering import RegisterForm
from consult.budgets.views import ballot_words as words
from consult.budgets.views.voter import Voter, back_to, stopped, voter
from consult.errors import RuleBroken
from consult.people import participant_of
from consult.views.limits import guesses_too_often


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing to say where an account is enough, or for somebody who said it before."""
    seen = voter(request, slug)
    if not seen.must_register or seen.phase is None:
        return back_to(seen.url)
    budget = seen.shared.budget
    form = RegisterForm(request.POST or None, budget=budget)
    if request.method == "POST" and form.is_valid() and not _guesses(request, form, seen):
        try:
            registering.register(budget, form.declared(), by=participant_of(request.user))
        except (MayNotVote, SomebodyElse) as refused:
            for reason in getattr(refused, "reasons", [str(refused)]):
                form.add_error(None, reason)
        except RuleBroken as broken:
            return stopped(request, broken, back=seen.url)
        else:
            return back_to(seen.url)
    context = {
        "page": seen.shared.page,
        "voter": seen,
        "crumbs": words.crumbs(seen, _("I may vote")),
        "form": form,
        "conditions": [str(one) for one in eligibility.asked_of(budget)],
        "asks_identity": rolls.asks_identity(budget),
    }
    return render(request, "budgets/ballot/register.html", context, status=422 if form.errors else 200)


def _guesses(request: HttpRequest, form: RegisterForm, seen: Voter) -> bool:
    """Names and dates of birth are not to be tried by thousands."""
    if rolls.asks_identity(seen.shared.budget) and guesses_too_often(request):
        form.add_error(None, _("Too many attempts from here. Try again in ten minutes."))
        return True
    return False
