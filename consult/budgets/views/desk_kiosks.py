"""At the desk: opening a tablet on this device, closing one, and letting a person in with a code."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consult.budgets import kiosks, policies, rolls
from consult.budgets.actions import kiosks as acts
from consult.budgets.choices import BudgetAct, BudgetPhaseKind
from consult.budgets.errors import MayNotVote
from consult.budgets.forms.desk import IdentityForm
from consult.budgets.forms.kiosk import OpenForm
from consult.budgets.models import Budget
from consult.budgets.phases import clock, closed, current
from consult.budgets.views import kiosk_seat
from consult.budgets.views.desk import around, desk_or_404
from consult.budgets.views.doors import clerks_door
from consult.errors import RuleBroken

MINUTES = int(kiosks.CODE.total_seconds() // 60)


@clerks_door
@require_http_methods(["GET", "HEAD", "POST"])
def tablets(request: HttpRequest, slug: str) -> HttpResponse:
    """``close``: a tablet of the list. Else this device becomes one, and nobody is signed in on it any more."""
    budget = desk_or_404(slug)
    if "close" in request.POST:
        return _close(request, budget)
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _kiosk, secret = acts.open_tablet(budget, place=form.cleaned_data["place"], by=request.user)
        except RuleBroken as broken:
            return _page(request, budget, form, refused=str(broken), status=409)
        logout(request)
        answer = redirect("budgets:kiosk", slug)
        kiosk_seat.remember(answer, slug, secret)
        return kiosk_seat.forget(request, answer)
    return _page(request, budget, form, status=422 if form.errors else 200)


def _page(request: HttpRequest, budget: Budget, form: OpenForm, *, refused: str = "", status: int = 200) -> Any:
    with timezone.override(budget.page.zone):
        context = around(request, budget, crumb=_("Tablets")) | _standing(budget)
        context |= {"form": form, "refused": refused, "tablets": list(kiosks.open_ones(budget))}
        return render(request, "budgets/desk/tablets.html", context, status=status)


def _close(request: HttpRequest, budget: Budget) -> HttpResponse:
    try:
        found = get_object_or_404(kiosks.open_ones(budget), pk=request.POST["close"])
    except ValueError:
        raise Http404 from None
    acts.close_tablet(found, by=request.user)
    messages.success(request, _("The tablet “%(place)s” is closed.") % {"place": found.place})
    return redirect("budgets:desk_kiosks", budget.page.slug)


@clerks_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Who this is, as their papers say; then the code to read aloud, shown once. Nothing of it stays here."""
    budget = desk_or_404(slug)
    form = IdentityForm(request.POST if request.method == "POST" else None, budget=budget)
    given, reasons, status = "", [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                given, status = acts.let_in(budget, form.declared()), 200
            except MayNotVote as refused:
                reasons = refused.reasons
            except RuleBroken as broken:
                reasons, status = [str(broken)], 409
    with timezone.override(budget.page.zone):
        context = around(request, budget, crumb=_("A code for the tablet")) | _standing(budget)
        context |= {"form": form, "reasons": reasons, "code": kiosks.shown(given) if given else ""}
        context |= {"minutes": MINUTES, "told": form.told if given else "", "tablets": kiosks.open_ones(budget).count()}
        return render(request, "budgets/desk/code.html", context, status=status)


def _standing(budget: Budget) -> dict[str, Any]:
    """Whether a tablet is of use now, and why not."""
    ballot = policies.phase_of(budget, BudgetPhaseKind.BALLOT)
    phases, now = [ballot] if ballot else [], clock()
    is_open = current(phases, BudgetAct.VOTE, at=now) is not None
    return {
        "is_open": is_open,
        "why_closed": "" if is_open else str(closed(phases, BudgetAct.VOTE, at=now)),
        "asks_identity": rolls.asks_identity(budget),
    }
