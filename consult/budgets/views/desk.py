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
    slug = budget.page.slug
    if not rolls.asks_identity(budget):
        return []
    return [
        {
            "title": _("Mark who votes on paper"),
            "text": _("Check that somebody may vote, then mark them: they no longer vote online."),
            "icon": "pencil-square",
            "url": reverse("budgets:desk_marking", args=[slug]),
        },
        {
            "title": _("Paper ballots"),
            "text": _("Batches of paper, keyed twice by two people, then put in the box with the others."),
            "icon": "stack",
            "url": reverse("budgets:desk_batches", args=[slug]),
        },
        {
            "title": _("A code for the tablet"),
            "text": _("Let somebody vote on the tablet near you: six figures to read to them."),
            "icon": "person-vcard",
            "url": reverse("budgets:desk_code", args=[slug]),
        },
        {
            "title": _("Shared tablets"),
            "text": _("Make a tablet of a device, see which are open, close one."),
            "icon": "tablet",
            "url": reverse("budgets:desk_kiosks", args=[slug]),
        },
        {
            "title": _("Paper ballot to print"),
            "text": _("A sheet for each envelope, with its projects and how to fill it in."),
            "icon": "printer",
            "url": reverse("budgets:desk_paper", args=[slug]),
        },
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
