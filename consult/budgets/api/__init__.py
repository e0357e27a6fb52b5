"""The same doors for programs: what anybody may read of a participatory budget. No rule stands here."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_noop
from ninja import Path, Query, Router

from consult.budgets import policies, public, results
from consult.budgets.api import shapes
from consult.budgets.phases import clock
from consult.budgets.public import Shared
from pages.cursors import Page, page_of

router = Router()

Cursor = Annotated[str, Query(max_length=200, description=gettext_noop("Where the former page ended, as it said."))]
Limit = Annotated[int, Query(ge=1, le=100, description=gettext_noop("How many at most."))]
Slug = Annotated[str, Path(max_length=120, pattern=r"^[-\w]+$")]


@router.get(
    "/budgets", response=list[shapes.BudgetOut], summary=gettext_noop("Participatory budgets, the newest first")
)
def budgets(request: HttpRequest) -> list[dict[str, Any]]:
    found = public.read_all(language=get_language() or "", at=clock())
    return [shapes.budget(one) for one in sorted(found, key=lambda one: -one.budget.pk)]


@router.get(
    "/budgets/{slug}",
    response=shapes.BudgetDetail,
    summary=gettext_noop("One budget: its envelopes, its phases, who may vote, its regulation and its fingerprint"),
)
def budget(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    return shapes.detail(_shared_or_404(slug))


@router.get(
    "/budgets/{slug}/projects",
    response=Page[shapes.ProjectOut],
    summary=gettext_noop("The projects of a budget, in the order of their numbers"),
)
def projects(request: HttpRequest, slug: Slug, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    shared = _shared_or_404(slug)
    found = policies.with_their_story(policies.with_their_public_ideas(policies.projects(shared.budget)))
    page = page_of(found, lambda one: one, by="number", cursor=cursor, limit=limit)
    return page | {"items": [shapes.project(one, shared) for one in page["items"]]}


@router.get(
    "/budgets/{slug}/outcome",
    response=list[shapes.OutcomeOut],
    summary=gettext_noop("The signed count of each envelope: winners, rounds, a reason for each project, fingerprints"),
)
def outcome(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    """404 before it is signed, as for a budget that does not exist."""
    shared = _shared_or_404(slug)
    found = results.official(shared.budget)
    if not found:
        raise Http404
    return [shapes.outcome(one, shared) for one in found]


def _shared_or_404(slug: str) -> Shared:
    rows = policies.budgets().select_related("page__locale", "page__administration")
    return public.read(get_object_or_404(rows, page__slug=slug), language=get_language() or "")
