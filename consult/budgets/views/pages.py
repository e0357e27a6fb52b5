"""The list of budgets, and the page of each: the same drawing for the public and for an editor's preview."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consult.budgets import eligibility, plain_words, policies
from consult.budgets.models import BudgetPage
from consult.budgets.phases import clock
from consult.budgets.public import Shared
from consult.budgets.rules import read_rules
from consult.budgets.views import cards, following, page_words
from consult.budgets.views.opened import shared_or_404
from consult.views import page_words as asked_words
from consult.views import sharing


@require_safe
def index(request: HttpRequest, page: Any = None) -> HttpResponse:
    """What runs, what comes, what is over. ``page``: an editor's draft of the list."""
    found = cards.all_cards(at=clock(), language=get_language() or "")
    return render(request, "budgets/index.html", {"page": page or policies.index_pages().first(), **found})


@require_safe
def budget(request: HttpRequest, slug: str) -> HttpResponse:
    """How much, until when, who may, by which rules, and the next thing to do."""
    return _drawn(request, shared_or_404(slug), "budgets/budget.html")


@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The regulation whole, its hash once it is frozen, who answers questions, each time the dates moved."""
    return _drawn(request, shared_or_404(slug), "budgets/rules.html")


def draft(request: HttpRequest, page: BudgetPage, at: datetime | None = None) -> HttpResponse:
    """What Wagtail shows: a draft as on a moment; ``at`` None: as it is now."""
    budget = policies.budget_of(page)
    first = page if budget.page_id in (None, page.pk) else budget.page
    dated = [one for one in first.phases.all() if one.opens_at and one.closes_at]
    shared = Shared(
        budget=budget,
        page=page,
        phases=sorted(dated, key=lambda one: one.opens_at),
        envelopes=[one for one in first.envelopes.all() if one.amount],
        at=at or clock(),
    )
    return _drawn(request, shared, "budgets/budget.html", conditions=eligibility.drafted(first))


def _drawn(request: HttpRequest, shared: Shared, template: str, conditions: Any = None) -> HttpResponse:
    with timezone.override(shared.page.zone):
        frozen = policies.frozen_regulation(shared.budget) if shared.budget.pk else None
        main = page_words.main_act(shared, is_frozen=frozen is not None)
        written = read_rules(frozen.content["rules"] if frozen else shared.budget.page.rules)
        context = {
            "shared": shared,
            "page": shared.page,
            "language": shared.page.locale.language_code if shared.page.locale_id else "",
            "kicker": page_words.kicker(shared.page),
            "state": page_words.state(shared),
            "closed": page_words.closed(shared),
            "phases": asked_words.steps_of(shared.phases, at=shared.at),
            "facts": page_words.facts(shared),
            "main": main,
            "links": page_words.links(shared, main=main),
            "team_links": page_words.team_links(shared) if _is_run_by(request, shared) else [],
            "envelopes": page_words.envelopes(shared),
            "conditions": [str(one) for one in conditions or _conditions(shared)],
            "parts": plain_words.parts(written, shared.envelopes) if written else [],
            "frozen": frozen,
            "next_date": asked_words.next_date(shared),
            "moves": page_words.moves(policies.what_moved(shared.budget)) if shared.budget.pk else [],
            "rules_url": page_words.address(shared, "regles/") if shared.budget.pk else "",
            "told": following.result_panel(request, shared) if shared.budget.pk else None,
            "share": sharing.share(shared.page.title, request.path) if shared.budget.pk else None,
        }
        return render(request, template, context)


def _is_run_by(request: HttpRequest, shared: Shared) -> bool:
    return bool(shared.budget.pk and shared.page.live and policies.may_run(request.user))


def _conditions(shared: Shared) -> list[eligibility.Asked]:
    return eligibility.asked_of(shared.budget) if shared.budget.pk else []
