"""The projects of a budget: their list and plan, two or three of them side by side, the page of each."""

from typing import Any

from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from consult import texts
from consult.budgets import policies
from consult.budgets.choices import ProjectState
from consult.budgets.filters import ProjectFilter
from consult.budgets.models import Project
from consult.budgets.ordering import ProjectOrder, in_order
from consult.budgets.public import Shared
from consult.budgets.views import archives, idea_words, project_words, story_words
from consult.budgets.views.ideas import pages_around
from consult.budgets.views.opened import project_or_404, shared_or_404
from consult.count_words import amount
from consult.ordering import draw_of
from consult.views.listing import page_number
from consult.views.seeds import seed_of
from consult.views.sharing import share
from pages.dates import long_date

A_PAGE = 30
AT_ONCE = 3  # side by side
ON_THE_PLAN = 300
# Last in the list; why stands at the head of the page (elsewhere, the story tells it).
REFUSED = (ProjectState.NOT_RETAINED, ProjectState.WITHDRAWN, ProjectState.ABANDONED)


@require_safe
def projects(request: HttpRequest, slug: str) -> HttpResponse:
    """Drawn at random unless another order is chosen; ticked ones are compared."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        rows = policies.projects(shared.budget)
        found = {name: sorted(set(rows.order_by().values_list(name, flat=True)) - {""}) for name in ("theme", "state")}
        chosen = ProjectFilter(
            request.GET, rows, envelopes=shared.envelopes, themes=found["theme"], states=found["state"]
        )
        context = {**_listed(request, shared, chosen.qs), "shared": shared, "page": shared.page, "filter": chosen}
        context["has_filters"] = bool(chosen.filters)
        context["archive"] = archives.link(shared)
        context |= idea_words.crumbs(shared, (_("Projects"), ""))
        return render(request, "budgets/projects.html", context)


def _listed(request: HttpRequest, shared: Shared, rows: Any) -> dict[str, Any]:
    wanted = request.GET.get("ordre", "")
    order = wanted if wanted in ProjectOrder.values else ProjectOrder.DRAWN
    number = page_number(request.GET.get("page", ""))
    start = (number - 1) * A_PAGE
    seed = draw_of(seed_of(request), timezone.localdate())
    last = Case(When(state__in=REFUSED, then=1), default=0)
    in_line = in_order(rows, order, seed=seed)
    found = list(in_line.order_by(last, *in_line.query.order_by)[start : start + A_PAGE + 1])
    ticked = set(_numbers(request))
    places = rows.exclude(latitude=None).order_by("number")
    return {
        "rows": [project_words.line(one, shared, is_chosen=one.number in ticked) for one in found[:A_PAGE]],
        "total": rows.count(),
        "plan": project_words.plan(places.values("number", "title", "latitude", "longitude")[:ON_THE_PLAN], shared),
        "orders": [{"value": one, "label": one.label, "is_chosen": one == order} for one in ProjectOrder],
        "is_drawn": order == ProjectOrder.DRAWN,
        "compare_url": idea_words.address("compare", shared),
        "board_url": idea_words.address("regroup", shared) if policies.may_run(request.user) else "",
        **pages_around(request, number, is_more=len(found) > A_PAGE),
    }


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two or three projects side by side: ``?projet=3&projet=7``. More are left out, and it is said."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        wanted = _numbers(request)
        rows = {one.number: one for one in policies.projects(shared.budget).filter(number__in=wanted[:AT_ONCE])}
        lines = [project_words.line(rows[number], shared) for number in wanted if number in rows]
        places = [one for one in rows.values() if one.latitude is not None]
        context = {
            "shared": shared,
            "page": shared.page,
            "rows": lines,
            "facts": project_words.facts(lines),
            "total": _together(list(rows.values())),
            "plan": project_words.plan([vars(one) for one in places], shared),
            "left_out": len(wanted) > AT_ONCE,
            "list_url": idea_words.address("projects", shared),
            **idea_words.crumbs(shared, (_("Projects"), idea_words.address("projects", shared)), (_("Compare"), "")),
        }
        return render(request, "budgets/compare.html", context)


def _together(rows: list[Project]) -> str:
    costs = [one.cost for one in rows if one.cost is not None]
    return amount(sum(costs)) if len(costs) > 1 and len(costs) == len(rows) else ""


def _numbers(request: HttpRequest) -> list[int]:
    """Those ticked, each once, in the order of the address."""
    typed = request.GET.getlist("projet")[:20]
    read = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 9]
    return list(dict.fromkeys(read))


@require_safe
def project(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What it is, what it costs, where it is, the ideas it comes of, and its story."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        found = project_or_404(shared, number)
        ideas = list(policies.with_what_came_of_them(policies.origins_of(found)).select_related("envelope"))
        may_prepare = policies.may_run(request.user) and found.state == ProjectState.PREPARED
        context = {
            "shared": shared,
            "page": shared.page,
            "project": found,
            "line": project_words.line(found, shared),
            "since": pgettext("state", "since %(day)s") % {"day": long_date(found.state_changed_at)},
            "why_not": found.reason if found.state in REFUSED else "",
            "body": texts.shown(found.body),
            "ideas": [idea_words.line(one, shared) for one in ideas],
            "where": idea_words.where(found),
            "prepare_url": idea_words.address("prepare", shared, number) if may_prepare else "",
            "compare_url": idea_words.address("compare", shared),
            "story": story_words.shown(found),
            "follow": story_words.follow(request, found),
            "share": share(found.title, found.get_absolute_url()),
            **idea_words.crumbs(
                shared,
                (_("Projects"), idea_words.address("projects", shared)),
                (_("No. %(number)d") % {"number": number}, ""),
            ),
        }
        return render(request, "budgets/project.html", context)
