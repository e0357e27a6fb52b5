"""Supporting an idea, taking a support back, and withdrawing one's own idea: buttons, without scripts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consult import texts
from consult.budgets.actions import visiting
from consult.budgets.actions.suggestions import withdraw
from consult.budgets.actions.supports import support, withdraw_support
from consult.budgets.choices import BudgetAct
from consult.budgets.forms.ideas import ReasonForm
from consult.budgets.models import Suggestion
from consult.budgets.phases import closed
from consult.budgets.public import Shared
from consult.budgets.views import idea_words
from consult.budgets.views.opened import idea_or_404, shared_or_404
from consult.budgets.views.standing import led, refused, sign_in, takes_visitors, taking_part
from consult.choices import Awaited
from consult.errors import RuleBroken
from consult.models import Participant
from consult.views import kept, who


@never_cache
@require_POST
def give(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Support this idea; ``act=retirer`` takes the support back."""
    shared = shared_or_404(slug)
    found = idea_or_404(shared, number, reader=who.reader(request))
    here = f"{idea_words.address('idea', shared, number)}#soutien"
    person = taking_part(request, shared, BudgetAct.SUPPORT)
    if person is None:
        return supported_by_nobody_yet(request, shared, found)
    try:
        _move_support(request, shared, found, person)
    except RuleBroken as broken:
        return refused(request, broken, back=here)
    kept.forget(request, idea_words.kept_place(found))
    return redirect(here)


def supported_by_nobody_yet(request: HttpRequest, shared: Shared, found: Suggestion) -> HttpResponse:
    """They give an address, or sign in and find what they pressed; closed, it says since when."""
    here = f"{idea_words.address('idea', shared, found.number)}#soutien"
    if shared.open_for(BudgetAct.SUPPORT) is None:
        return refused(request, closed(shared.phases, BudgetAct.SUPPORT, at=shared.at), back=here)
    if request.POST.get("act") == "retirer":
        return sign_in(here)
    if not takes_visitors(shared, BudgetAct.SUPPORT):
        kept.keep(request, idea_words.kept_place(found), act="support")
        return sign_in(here)
    typed = visiting.support_typed(shared.budget, found.number, found.title)
    said = f"{found.number}. {found.title}"
    return led(request, shared, Awaited.SUPPORT, typed, said=said, back=here)


def _move_support(request: HttpRequest, shared: Shared, found: Suggestion, person: Participant) -> None:
    if request.POST.get("act") == "retirer":
        withdraw_support(shared.budget, found.number, by=person)
        messages.success(request, _("Your support was taken back."))
    else:
        support(shared.budget, found.number, by=person)
        messages.success(request, idea_words.supported(found))


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its author withdraws an idea, with a reason."""
    shared = shared_or_404(slug)
    found = idea_or_404(shared, number, reader=who.reader(request))
    here = idea_words.address("idea", shared, number)
    person = who.participant(request)
    if person is None:
        return sign_in(here)
    if not who.is_theirs(request, found.author):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(found, reason=form.cleaned_data["reason"], by=person)
        except RuleBroken as broken:
            return refused(request, broken, back=here, text=texts.said(form.cleaned_data["reason"]))
        messages.success(request, _("Your idea is withdrawn. Its number and your reason stay."))
        return redirect(here)
    context = {
        "idea": found,
        "form": form,
        "back_url": here,
        **idea_words.crumbs(shared, (_("Ideas"), idea_words.address("ideas", shared)), (_("Withdraw"), "")),
    }
    return render(request, "budgets/idea_withdraw.html", context, status=422 if request.method == "POST" else 200)
