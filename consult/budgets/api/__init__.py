"""The same doors for programs: what anybody may read of a participatory budget. No rule stands here."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_noop
from ninja import Path, Router

from consult.budgets import policies, public, results
from consult.budgets.api import shapes
from consult.budgets.phases import clock
from consult.budgets.public import Shared

router = Router()

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
