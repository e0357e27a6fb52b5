"""Following a project, or the result of a budget: buttons, without JavaScript."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consult.budgets import policies, results
from consult.budgets.actions import following
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.public import Shared
from consult.views import who


@never_cache
@require_POST
def follow(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``follow``: 1 to hear of it, 0 to hear no more."""
    budget = get_object_or_404(policies.budgets(), page__slug=slug)
    project = get_object_or_404(policies.projects(budget), number=number)
    back = f"{reverse('budgets:project', args=[slug, number])}#suivre"
    person = who.participant(request)
    if person is None:
        return redirect_to_login(back)
    if request.POST.get("follow") == "0":
        following.stop(project, by=person)
        messages.success(request, _("You no longer follow it."))
    else:
        following.follow(project, by=person)
        messages.success(request, _("You follow this project: one letter for each news."))
    return redirect(back)


@never_cache
@require_POST
def follow_result(request: HttpRequest, slug: str) -> HttpResponse:
    """``follow``: 1 to be told of the result, 0 not to be."""
    budget = get_object_or_404(policies.budgets(), page__slug=slug)
    back = f"{reverse('budgets:budget', args=[slug])}#prevenir"
    person = who.participant(request)
    if person is None:
        return redirect_to_login(back)
    if request.POST.get("follow") == "0":
        following.stop_result(budget, by=person)
        messages.success(request, _("You will not be told of the result."))
    else:
        following.follow_result(budget, by=person)
        messages.success(request, _("You will be told of the result: one letter, once the count is signed."))
    return redirect(back)


def result_panel(request: HttpRequest, shared: Shared) -> dict[str, Any] | None:
    """What the button to be told of the result reads; None before people vote, and once it is public."""
    ballot = shared.phase(BudgetPhaseKind.BALLOT)
    if ballot is None or ballot.opens_at > shared.at:
        return None
    if ballot.closes_at <= shared.at and results.is_public(shared.budget):  # nothing is counted while people vote
        return None
    return {
        "url": reverse("budgets:follow_result", args=[shared.slug]),
        "is_followed": policies.result_followed_by(who.reader(request), shared.budget),
    }
