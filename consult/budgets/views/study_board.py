"""What is to study: the list of each evaluator, the board of a budget, and the publication of everything together."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consult.budgets import policies, stories, studies, telling
from consult.budgets.actions import publishing_studies
from consult.budgets.choices import StudyVerdict
from consult.budgets.filters import StudyFilter
from consult.budgets.forms.studying import PlanForm
from consult.budgets.models import Budget, Study
from consult.budgets.views import story_words, study_words
from consult.budgets.views.doors import evaluators_door, runners_door
from consult.count_words import amount
from consult.errors import RuleBroken
from pages.dates import long_moment

TO_DO, DONE, EVERY = "a-traiter", "traites", "toutes"
MOST = 300  # rows of a list: a budget has some dozens of projects


@evaluators_door
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for this person, then what they signed; editors find every study."""
    readable = policies.studies_to_read(request.user)
    views = {TO_DO: policies.studies_waiting_for(request.user), DONE: readable.filter(signatures__by=request.user)}
    if policies.may_run(request.user):
        views[EVERY] = readable
    asked = request.GET.get("vue", "")
    view = asked if asked in views else TO_DO
    chosen = StudyFilter(request.GET, views[view], request=request)
    context = {
        **study_words.common(request, crumbs=[]),
        "tabs": [_tab(name, rows, name == view) for name, rows in views.items()],
        "filter": chosen,
        "keep": [{"name": "vue", "value": view}],
        "rows": [study_words.line(one) for one in _shown(chosen.qs if chosen.is_valid() else views[view])],
        "is_to_do": view == TO_DO,
        "boards": [_board_link(one) for one in policies.budgets_to_study(request.user)],
    }
    return render(request, "budgets/studies/mine.html", context)


def _shown(rows: QuerySet[Study]) -> QuerySet[Study]:
    related = ("project__budget__page", "evaluator", "service")
    return rows.with_figures().select_related(*related).order_by("due_on", "project__number", "pk")[:MOST]


def _tab(name: str, rows: QuerySet[Study], is_current: bool) -> dict[str, Any]:
    labels = {TO_DO: _("To do"), DONE: _("Done by me"), EVERY: _("All")}
    return {"label": labels[name], "url": f"?vue={name}", "is_current": is_current, "count": rows.count()}


def _board_link(budget: Budget) -> dict[str, str]:
    return {"label": budget.page.title, "url": reverse("budgets:study_board", args=[budget.page.slug])}


@runners_door
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Every project to study of a budget: to whom it is entrusted, how far it is, what leaves on the planned day."""
    budget = get_object_or_404(policies.budgets_to_study(request.user), page__slug=slug)
    held = {one.project_id: one for one in policies.studies_of(budget).with_figures()}
    projects = list(policies.projects_to_study(budget))
    rows = [_row(project, held.get(project.pk), budget) for project in projects]
    context = {
        **study_words.common(request, crumbs=[{"label": budget.page.title}]),
        "page": budget.page,
        "rows": rows,
        "figures": _figures(rows, budget),
        "planned": _planned(budget),
        "publish_url": reverse("budgets:publish_studies", args=[slug]),
        "group_url": reverse("budgets:regroup", args=[slug]),
        "works": _works(request, budget),
    }
    return render(request, "budgets/studies/board.html", context)


def _row(project: Any, study: Study | None, budget: Budget) -> dict[str, Any]:
    project.budget = budget
    if study is not None:
        study.project = project
        return {**study_words.line(study), "is_given": study.evaluator_id is not None}
    nobody = {"state": "suggested", "label": _("Entrusted to nobody")}
    return {
        "number": project.number,
        "title": project.title,
        "url": study_words.address(project),
        "pill": nobody,
        "due": "",
        "is_given": False,
    }


def _figures(rows: list[dict[str, Any]], budget: Budget) -> list[dict[str, Any]]:
    ready, given = len(studies.ready(budget)), sum(row["is_given"] for row in rows)
    late = sum(bool(row.get("late")) for row in rows)
    of_all = _("of %(n)d") % {"n": len(rows)}
    return [
        {"label": _("Entrusted"), "value": given, "note": of_all},
        {"label": _("Ready to be published"), "value": ready, "note": of_all},
        {"label": _("Late"), "value": late, "note": of_all},
    ]


def _planned(budget: Budget) -> str:
    waiting = policies.planned_publication(budget)
    return long_moment(waiting.planned_for) if waiting else ""


def _works(request: HttpRequest, budget: Budget) -> list[dict[str, Any]]:
    projects = list(policies.projects_to_build(request.user).filter(budget=budget).order_by("number"))
    keys = [one.pk for one in projects]
    told, paid = stories.last_news(keys), stories.paid_of(keys)
    rows = []
    for one in projects:
        one.budget = budget
        months = stories.silence(one.state, told.get(one.pk), today=timezone.localdate())
        words = {"paid": amount(paid.get(one.pk, 0)), "cost": amount(one.cost or 0)}
        rows.append(
            {
                "number": one.number,
                "title": one.title,
                "url": study_words.address(one, "works"),
                "pill": study_words.pill_of(one),
                "silent": story_words.silent_for(months),
                "money": _("%(paid)s paid, of %(cost)s planned") % words,
            }
        )
    return rows


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be public and told, to how many people; then now, or at an hour. ``act``: now, plan or call_off."""
    budget = get_object_or_404(policies.budgets_to_study(request.user), page__slug=slug)
    with timezone.override(budget.page.zone):
        if request.method != "POST":
            return _confirm(request, budget)
        form = PlanForm(request.POST)
        act = request.POST.get("act", "")
        if act == "plan" and not form.is_valid():
            return _confirm(request, budget, form=form, status=422)
        try:
            said = _done(request, budget, act, form)
        except RuleBroken as broken:
            return _confirm(request, budget, form=form if act == "plan" else None, refused=str(broken), status=422)
        messages.success(request, said)
        return redirect("budgets:study_board", slug)


def _done(request: HttpRequest, budget: Budget, act: str, form: PlanForm) -> str:
    if act == "plan":
        publishing_studies.plan(budget, at=form.cleaned_data["at"], by=request.user)
        return _("The studies signed by then are published on %(moment)s.") % {
            "moment": long_moment(form.cleaned_data["at"])
        }
    if act == "call_off":
        publishing_studies.call_off(budget, by=request.user)
        return _("Nothing is planned any more.")
    publishing_studies.publish(budget, seen=request.POST.get("seen", ""), by=request.user)
    return _("The studies are public. Letters leave within the next minutes.")


def _confirm(
    request: HttpRequest, budget: Budget, *, form: Any = None, refused: str = "", status: int = 200
) -> HttpResponse:
    rows = studies.ready(budget)
    dear = {one.pk for one in studies.above_envelope(rows)}
    board_url = reverse("budgets:study_board", args=[budget.page.slug])
    context = {
        **study_words.common(request, crumbs=[{"label": budget.page.title, "url": board_url}, {"label": _("Publish")}]),
        "page": budget.page,
        "board_url": board_url,
        "rows": [_to_publish(one, dear) for one in rows],
        "is_refused_for_cost": bool(dear),
        "counts": _by_verdict(rows),
        "people": telling.people_behind(policies.projects(budget).filter(pk__in=[r.project_id for r in rows])).count(),
        "unready": studies.of_budget(budget).count() - len(rows),
        "seen": studies.batch_fingerprint(rows),
        "form": form or PlanForm(),
        "planned": _planned(budget),
        "refused": refused,
    }
    return render(request, "budgets/studies/publish.html", context, status=status)


def _to_publish(study: Study, dear: set[int]) -> dict[str, Any]:
    verdict = StudyVerdict(study.verdict)
    return {
        "number": study.project.number,
        "title": study.revised_title or study.project.title,
        "pill": {"state": study_words.VERDICT_LOOKS[verdict], "label": capfirst(verdict.label)},
        "cost": "" if verdict == StudyVerdict.NOT_FEASIBLE else amount(study.invest),
        "reason": study.reason,
        "is_dear": study.pk in dear,
    }


def _by_verdict(rows: list[Study]) -> list[dict[str, Any]]:
    return [{"label": capfirst(one.label), "value": sum(row.verdict == one for row in rows)} for one in StudyVerdict]
