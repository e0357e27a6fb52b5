"""Editors, under Wagtail: the regulation of a ballot, tried, then frozen; and an open ballot prolonged."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consult.budgets import dry_runs, freezable, plain_words, policies
from consult.budgets.actions import freezing, prolonging, regulating
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.errors import NotLater, RegulationFrozen
from consult.budgets.forms import presets
from consult.budgets.forms.prolonging import ProlongForm
from consult.budgets.forms.regulating import RegulationForm, initial_of
from consult.budgets.models import Budget
from consult.budgets.phases import clock
from consult.budgets.rules import Rules, read_rules
from consult.errors import RuleBroken


def _budget_or_404(request: HttpRequest, pk: int) -> Budget:
    return get_object_or_404(policies.budgets_run_by(request.user), pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def regulation(request: HttpRequest, pk: int) -> HttpResponse:
    """Typed, told in sentences, kept. ``?modele=``: a preset to start from."""
    budget = _budget_or_404(request, pk)
    frozen = policies.frozen_regulation(budget)
    if request.method != "POST":
        return _editor(request, budget, _unbound(request, budget), frozen=frozen)
    form = RegulationForm(request.POST, territories=policies.has_territories(budget))
    if not form.is_valid():
        return _editor(request, budget, form, frozen=frozen, status=422)
    if "keep" not in request.POST:
        return _editor(request, budget, form, frozen=frozen, read=form.rules)
    try:
        regulating.regulate(budget, form.rules, by=request.user)
    except RegulationFrozen as refused:
        messages.error(request, str(refused))
        return _editor(request, budget, form, frozen=frozen, status=409)
    messages.success(request, _("The regulation is kept. Try it on invented ballots before the vote."))
    return redirect("budgets_dry_run" if request.POST["keep"] == "try" else "budgets_regulation", budget.pk)


def _unbound(request: HttpRequest, budget: Budget) -> RegulationForm:
    preset = presets.named(request.GET.get("modele", ""))
    rules = preset.rules if preset else read_rules(budget.page.rules) or presets.PRESETS[0].rules
    return RegulationForm(initial=initial_of(rules), territories=policies.has_territories(budget))


def _editor(
    request: HttpRequest,
    budget: Budget,
    form: RegulationForm,
    *,
    read: Rules | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    rules = read if read or form.is_bound else read_rules(budget.page.rules)
    preset = presets.named(request.GET.get("modele", ""))
    context = {
        "budget": budget,
        "page": budget.page,
        "form": form,
        "presets": presets.PRESETS,
        "preset": preset,
        "parts": plain_words.parts(rules, policies.envelopes(budget)) if rules else [],
        "is_typed": read is not None,
        **more,
    }
    return render(request, "budgets/admin/regulation.html", context, status=status)


@never_cache
@require_safe
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """The regulation that was kept, on invented ballots; ``?modele=``: a preset, to compare."""
    budget = _budget_or_404(request, pk)
    frozen = policies.frozen_regulation(budget)
    preset = presets.named(request.GET.get("modele", ""))
    rules = preset.rules if preset else read_rules(frozen.content["rules"] if frozen else budget.page.rules)
    envelopes = policies.envelopes(budget)
    tried = dry_runs.try_out(rules, envelopes, list(policies.retained(budget))) if rules else []
    context = {
        "budget": budget,
        "page": budget.page,
        "tried": tried,
        "rules": rules,
        "preset": preset,
        "presets": presets.PRESETS,
        "voters": dry_runs.VOTERS,
        "sentences": plain_words.sentences(rules, envelopes) if rules else [],
    }
    return render(request, "budgets/admin/dry_run.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be frozen, word for word, and the button; afterwards, the fingerprint to publish."""
    budget = _budget_or_404(request, pk)
    if request.method == "POST":
        try:
            frozen = freezing.freeze(budget, by=request.user)
        except RuleBroken as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Frozen. Fingerprint to publish: %(hash)s") % {"hash": frozen.hash})
        return redirect("budgets_freezing", budget.pk)
    with override(budget.page.zone):
        return render(request, "budgets/admin/freezing.html", _freezing(budget))


def _freezing(budget: Budget) -> dict[str, Any]:
    frozen = policies.frozen_regulation(budget)
    ballot = policies.phase_of(budget, BudgetPhaseKind.BALLOT)
    return {
        "budget": budget,
        "page": budget.page,
        "frozen": frozen,
        "ballot": ballot,
        "is_open": bool(ballot and ballot.opens_at <= clock() < ballot.closes_at),
        **freezable.read(budget, frozen),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """The emergency act: a later closing hour, its reason, signed."""
    budget = _budget_or_404(request, pk)
    ballot = policies.phase_of(budget, BudgetPhaseKind.BALLOT)
    form = ProlongForm(request.POST if request.method == "POST" else None, zone=budget.page.zone)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            prolonging.prolong(
                budget, form.cleaned_data["closes_at"], reason=form.cleaned_data["reason"], by=request.user
            )
        except NotLater as refused:
            form.add_error("closes_at", str(refused))
        else:
            messages.success(request, _("The ballot is prolonged. The page of the budget says it, with your name."))
            return redirect("budgets_freezing", budget.pk)
    if form.errors:
        status = 422
    with override(budget.page.zone):
        context = {"budget": budget, "page": budget.page, "form": form, "ballot": ballot}
        return render(request, "budgets/admin/prolong.html", context, status=status)
