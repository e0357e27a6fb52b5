"""Where the ballots are counted, read, and signed, by those who run the budget. Nothing here is public."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.budgets import policies, results
from consult.budgets.actions import counting as acts
from consult.budgets.actions.departing import depart
from consult.budgets.choices import BudgetPhaseKind, CountKind, CountState, CountStep, ProjectState
from consult.budgets.forms.counting import DepartForm, DrawingForm, SignForm
from consult.budgets.models import Budget, Count
from consult.budgets.phases import clock
from consult.budgets.views import result_words, study_words
from consult.budgets.views.doors import runners_door
from consult.budgets.views.result_words import Told
from consult.errors import RuleBroken
from pages.dates import long_moment

STEPS = list(CountStep)


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def counting(request: HttpRequest, slug: str) -> HttpResponse:
    """``act``: ask (default), draw, depart."""
    budget = get_object_or_404(policies.budgets().select_related("page"), page__slug=slug)
    with timezone.override(budget.page.zone):
        if request.method != "POST":
            return _page(request, budget)
        act = request.POST.get("act", "ask")
        form = {"draw": DrawingForm, "depart": DepartForm}.get(act, lambda _posted: None)(request.POST)
        if isinstance(form, DepartForm):
            form.fields["project"].choices = _departures(budget)
        if form is not None and not form.is_valid():
            return _page(request, budget, forms={act: form}, status=422)
        try:
            said = ACTS.get(act, _ask)(request, budget, form)
        except RuleBroken as broken:
            return _page(request, budget, refused=str(broken), status=422)
        messages.success(request, said)
        return redirect("budgets:counting", slug=slug)


def _ask(request: HttpRequest, budget: Budget, form: None) -> str:
    acts.ask(budget, by=request.user)
    return _("The count is asked for. You may leave this page.")


def _draw(request: HttpRequest, budget: Budget, form: DrawingForm) -> str:
    values = dict(form.cleaned_data)
    envelope = get_object_or_404(budget.page.envelopes, pk=values.pop("envelope"))
    acts.draw_lots(envelope, by=request.user, **values)
    acts.ask(budget, by=request.user)
    return _("The lots are recorded, and another count is asked for.")


def _depart(request: HttpRequest, budget: Budget, form: DepartForm) -> str:
    values = dict(form.cleaned_data)
    project = get_object_or_404(policies.projects(budget), number=values.pop("project"))
    depart(project, by=request.user, **values)
    return _("The decision is public, beside what the count says.")


ACTS = {"ask": _ask, "draw": _draw, "depart": _depart}


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Read a count as everybody will read it, then sign it."""
    budget = get_object_or_404(policies.budgets().select_related("page"), page__slug=slug)
    counts = list(results.counts(budget).filter(number=number, state=CountState.DONE).order_by("envelope"))
    if not counts:
        return redirect("budgets:counting", slug=slug)
    with timezone.override(budget.page.zone):
        form = SignForm(request.POST or None, initial={"read": acts.seen(counts)})
        refused = ""
        if form.is_valid():
            try:
                acts.sign(budget, number=number, by=request.user, **form.cleaned_data)
            except RuleBroken as broken:
                refused = str(broken)
            else:
                messages.success(request, _("The count is official. Everybody reads it now."))
                return redirect("budgets:results", slug=slug)
        told = [Told(one, slug=slug) for one in results.of_counts(budget, counts)]
        context = _around(request, budget) | {
            "number": number,
            "form": form,
            "refused": refused,
            "envelopes": [_envelope(one) for one in told],
            "is_signed": counts[0].kind == CountKind.OFFICIAL,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "budgets/results/signing.html", context, status=status)


def _envelope(told: Told) -> dict[str, Any]:
    return {
        "title": told.envelope.title,
        "funded": told.funded,
        "lost": told.lost,
        "ballots": told.ballots,
        "channels": told.channels,
        "marks_differ": told.marks_differ,
        "hash": told.result.count.outcome_hash,
    }


def _around(request: HttpRequest, budget: Budget) -> dict[str, Any]:
    return {
        **study_words.heading(request),
        "page": budget.page,
        "slug": budget.page.slug,
        "results_public": results.is_public(budget),
        "crumbs": [
            {"label": budget.page.title, "url": budget.page.get_absolute_url()},
            {"label": _("Count the ballots")},
        ],
    }


def _page(
    request: HttpRequest,
    budget: Budget,
    *,
    forms: dict[str, Any] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = list(results.counts(budget))
    last = [one for one in rows if one.number == rows[0].number] if rows else []
    is_public = results.is_public(budget)
    context = _around(request, budget) | {
        "runs": [_run(one) for one in rows],
        "progress": _progress(last),
        "tied": [_tied(one, (forms or {}).get("draw")) for one in last if one.figures.get("tied") and not is_public],
        "ready": bool(last) and all(one.state == CountState.DONE for one in last) and not is_public,
        "number": last[0].number if last else 0,
        "closes": _closes(budget),
        "depart": _depart_form(budget, forms or {}) if is_public else None,
        "refused": refused,
    }
    return render(request, "budgets/results/counting.html", context, status=status)


def _closes(budget: Budget) -> str:
    """Until when people vote; "" once it is over, or without a date."""
    phases = policies.phases_of([budget]).get(budget.page_id, [])
    ballot = next((one for one in phases if one.kind == BudgetPhaseKind.BALLOT), None)
    return long_moment(ballot.closes_at) if ballot and ballot.closes_at > clock() else ""


def _progress(last: list[Count]) -> dict[str, Any] | None:
    """How far the worker is; None when nothing is under way."""
    waiting = [one for one in last if not one.is_over]
    if not waiting:
        return None
    done = sum(len(STEPS) if one.is_over else STEPS.index(CountStep(one.step)) if one.step else 0 for one in last)
    step = next((one.get_step_display() for one in waiting if one.step), "")
    return {"done": done, "total": len(STEPS) * len(last), "text": step or _("The count waits for a worker.")}


def _run(count: Count) -> dict[str, Any]:
    words = {
        CountState.DONE: _("Done"),
        CountState.FAILED: _("Stopped"),
        CountState.ASKED: _("Asked for"),
        CountState.WORKING: _("Under way"),
    }
    return {
        "number": count.number,
        "envelope": count.envelope.title,
        "day": long_moment(count.asked_at),
        "state": _("Official") if count.kind == CountKind.OFFICIAL else words[CountState(count.state)],
        "tone": "done"
        if count.state == CountState.DONE
        else "refused"
        if count.state == CountState.FAILED
        else "underway",
        "error": count.error,
        "hash": result_words.short_hash(count.outcome_hash) if count.outcome_hash else "",
    }


def _tied(count: Count, posted: DrawingForm | None) -> dict[str, Any]:
    is_mine = posted is not None and posted.data.get("envelope") == str(count.envelope_id)
    form = posted if is_mine else DrawingForm(initial={"envelope": count.envelope_id}, auto_id=f"id_{count.pk}_%s")
    return {"envelope": count.envelope.title, "error": count.error, "form": form}


def _departures(budget: Budget) -> list[tuple[int, str]]:
    """The projects on which a decision may still depart from the count."""
    moved = policies.projects(budget).filter(state__in=(ProjectState.FUNDED, ProjectState.NOT_FUNDED), by_decision=None)
    words = {ProjectState.FUNDED: _("funded by the count"), ProjectState.NOT_FUNDED: _("not funded by the count")}
    return [(one.number, f"{one.number}. {one.title} ({words[ProjectState(one.state)]})") for one in moved]


def _depart_form(budget: Budget, forms: dict[str, Any]) -> DepartForm:
    form = forms.get("depart") or DepartForm()
    form.fields["project"].choices = _departures(budget)
    return form
