"""The ideas of a budget, and the page of each."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consult import texts
from consult.budgets import policies
from consult.budgets.choices import BudgetAct, SuggestionState
from consult.budgets.filters import IdeaFilter
from consult.budgets.models import Suggestion
from consult.budgets.ordering import IdeaOrder, in_order
from consult.budgets.public import Shared
from consult.budgets.views import basket, idea_words, project_words
from consult.budgets.views.opened import idea_or_404, shared_or_404
from consult.ordering import draw_of
from consult.views import who
from consult.views.attachments import sent_as_picture
from consult.views.listing import page_number
from consult.views.seeds import seed_of
from consult.views.sharing import share
from pages.dates import long_date

A_PAGE = 20
ON_THE_PLAN = 300


@require_safe
def ideas(request: HttpRequest, slug: str) -> HttpResponse:
    """Drawn at random unless another order is chosen, a page at a time."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        rows = policies.with_what_came_of_them(policies.ideas(shared.budget))
        chosen = IdeaFilter(request.GET, rows, envelopes=shared.envelopes)
        context = {**_listed(request, shared, chosen.qs), "shared": shared, "page": shared.page, "filter": chosen}
        context |= idea_words.crumbs(shared, (_("Ideas"), ""))
        return render(request, "budgets/ideas.html", context)


def _listed(request: HttpRequest, shared: Shared, rows: Any) -> dict[str, Any]:
    wanted = request.GET.get("ordre", "")
    order = wanted if wanted in IdeaOrder.values else IdeaOrder.DRAWN
    number = page_number(request.GET.get("page", ""))
    start = (number - 1) * A_PAGE
    seed = draw_of(seed_of(request), timezone.localdate())
    found = list(in_order(rows, order, seed=seed)[start : start + A_PAGE + 1])
    shown = found[:A_PAGE]
    supported = policies.supported_by(who.reader(request), [one.pk for one in shown])
    is_open = shared.open_for(BudgetAct.SUPPORT) is not None
    places = rows.exclude(latitude=None).order_by("number")
    return {
        "rows": [idea_words.line(one, shared, supported=supported, is_open=is_open) for one in shown],
        "total": rows.count(),
        "plan": idea_words.plan(places.values("number", "title", "latitude", "longitude")[:ON_THE_PLAN], shared),
        "orders": [{"value": one, "label": one.label, "is_chosen": one == order} for one in IdeaOrder],
        "is_drawn": order == IdeaOrder.DRAWN,
        "may_suggest": shared.open_for(BudgetAct.SUGGEST),
        "new_url": idea_words.address("suggest", shared),
        "board_url": idea_words.address("regroup", shared) if policies.may_run(request.user) else "",
        **pages_around(request, number, is_more=len(found) > A_PAGE),
    }


def pages_around(request: HttpRequest, number: int, *, is_more: bool) -> dict[str, str]:
    """The addresses of the pages before and after, with what was chosen."""
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}

    def at(page: int) -> str:
        return "?" + urlencode(kept | ({"page": page} if page > 1 else {}))

    return {
        "first_url": at(1) if number > 2 else "",
        "previous_url": at(number - 1) if number > 1 else "",
        "next_url": at(number + 1) if is_more else "",
    }


@require_safe
def idea(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its own page, that outlives what becomes of it and, as a tombstone, its removal."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        try:
            found = idea_or_404(shared, number, reader=who.reader(request))
        except Http404:
            removed = basket.removed_idea(request, shared, number)
            if removed is None:
                raise
            return removed
        is_mine = bool(policies.supported_by(who.reader(request), [found.pk]))
        context = {
            "shared": shared,
            "page": shared.page,
            "idea": found,
            "body": texts.shown(found.body),
            "line": idea_words.line(found, shared),
            "filed": _("Filed on %(day)s") % {"day": long_date(found.created_at)},
            "status": idea_words.status(found),
            "projects": [project_words.line(one, shared) for one in policies.projects_of(found)],
            "support": idea_words.support_panel(request, shared, found, is_mine=is_mine),
            "photo_url": idea_words.address("photo", shared, found.number) if found.photo else "",
            "where": idea_words.where(found),
            "own": _own_acts(request, shared, found),
            "board_url": idea_words.address("regroup", shared) if policies.may_run(request.user) else "",
            "share": share(f"{found.number}. {found.title}", found.get_absolute_url()),
            **idea_words.crumbs(
                shared,
                (_("Ideas"), idea_words.address("ideas", shared)),
                (_("No. %(number)d") % {"number": found.number}, ""),
            ),
        }
        return render(request, "budgets/idea.html", context)


def _own_acts(request: HttpRequest, shared: Shared, found: Suggestion) -> str:
    """Where its author takes it back, while they may."""
    may = who.is_theirs(request, found.author) and found.state == SuggestionState.PUBLISHED
    return (
        idea_words.address("withdraw_idea", shared, found.number) if may and shared.open_for(BudgetAct.SUGGEST) else ""
    )


@cache_control(private=True, no_store=True)
@require_safe
def photo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Whoever may read the idea, and moderators, who judge it."""
    shared = shared_or_404(slug)
    if number >= 2**31:
        raise Http404
    rows = policies.photos_to_read_by(who.reader(request), moderator=request.user)
    found = get_object_or_404(rows, budget=shared.budget, number=number)
    return sent_as_picture(found.photo)
