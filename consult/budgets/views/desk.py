"""The polling desk of a budget: who has voted, the batches of paper, the shared tablet. Nothing here is public."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.budgets import policies, rolls
from consult.budgets.models import Budget
from consult.budgets.views.doors import clerks_door


@clerks_door
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """The budgets whose ballot is ready, open or over, the latest first."""
    rows = [
        {"title": one.page.title, "url": reverse("budgets:desk", args=[one.page.slug])}
        for one in policies.budgets_with_desks()
    ]
    return render(request, "budgets/desk/desks.html", around(request) | {"rows": rows})


@clerks_door
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a clerk begins: each card of the page is one of the things done at a counter."""
    budget = desk_or_404(slug)
    with timezone.override(budget.page.zone):
        return render(request, "budgets/desk/desk.html", around(request, budget) | {"cards": _cards(budget)})


def _cards(budget: Budget) -> list[dict[str, str]]:
    """What is done at a counter, in the order of a day: title, text, icon, address."""
    if not rolls.asks_identity(budget):
        return []
    marked = _("Check that somebody may vote, then mark them: they no longer vote online.")
    keyed = _("Batches of paper, keyed twice by two people, then put in the box with the others.")
    given = _("Let somebody vote on the tablet near you: six figures to read to them.")
    cards = (
        ("desk_marking", "pencil-square", _("Mark who votes on paper"), marked),
        ("desk_batches", "stack", _("Paper ballots"), keyed),
        ("desk_code", "person-vcard", _("A code for the tablet"), given),
        ("desk_kiosks", "tablet", _("Shared tablets"), _("Make a tablet of a device, see which are open, close one.")),
        (
            "desk_paper",
            "printer",
            _("Paper ballot to print"),
            _("A sheet for each envelope, with its projects and how to fill it in."),
        ),
    )
    return [
        {"title": title, "text": text, "icon": icon, "url": reverse(f"budgets:{name}", args=[budget.page.slug])}
        for name, icon, title, text in cards
    ]


def desk_or_404(slug: str) -> Budget:
    return get_object_or_404(policies.budgets_with_desks(), page__slug=slug)


def around(request: HttpRequest, budget: Budget | None = None, *, crumb: str = "") -> dict[str, Any]:
    """What every page of a desk reads. ``crumb``: the name of a page under the desk."""
    home = reverse("budgets:desks")
    crumbs = [{"label": _("Polling desks"), "url": home}]
    if budget is not None:
        crumbs.append({"label": budget.page.title, "url": reverse("budgets:desk", args=[budget.page.slug])})
    if crumb:
        crumbs.append({"label": crumb})
    crumbs[-1] = {"label": crumbs[-1]["label"]}
    return {
        "budget": budget,
        "page": budget.page if budget else None,
        "slug": budget.page.slug if budget else "",
        "crumbs": crumbs,
        "agent_name": request.user.name,
        "agent_section": _("Polling desk"),
        "agent_entries": [{"label": _("Polling desks"), "url": home, "is_current": True}],
        "may_run": policies.may_run(request.user),
    }
