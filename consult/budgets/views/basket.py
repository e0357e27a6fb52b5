"""The public basket of a budget: which ideas were removed, when, by which rule; and what stands where one stood."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.budgets import policies
from consult.budgets.public import Shared
from consult.budgets.views import idea_words
from consult.budgets.views.opened import MOST, shared_or_404
from consult.views.basket import GONE, basket_of
from moderation import public


@require_safe
def basket(request: HttpRequest, slug: str) -> HttpResponse:
    """The last removed first. A text whose rule forbids to show it again is told without its words."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        url = idea_words.address("ideas", shared)
        told = idea_words.crumbs(shared, (_("Ideas"), url), (_("What was removed"), ""))
        return basket_of(request, shared.budget.page_id, page=shared.page, url=url, crumbs=told["crumbs"])


def removed_idea(request: HttpRequest, shared: Shared, number: int) -> HttpResponse | None:
    """Its tombstone, at its own address; None when no idea of this number was removed."""
    found = policies.idea_removed(shared.budget, number) if number < MOST else None
    told = public.tombstone(found.case) if found else None
    if told is None:
        return None
    url = idea_words.address("ideas", shared)
    context = {
        "told": told,
        "page": shared.page,
        "number": number,
        "url": url,
        "basket_url": idea_words.address("basket", shared),
        "crumbs": idea_words.crumbs(shared, (_("Ideas"), url), (told.number, ""))["crumbs"],
    }
    return render(request, "consult/removed.html", context, status=GONE)
