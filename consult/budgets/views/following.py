"""Following a project, or the result of a budget: buttons pressed once, even by who has yet to sign in. No script."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.views import pressed
from consult.budgets import policies, results
from consult.budgets.actions import following
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Budget, Project
from consult.budgets.public import Shared
from consult.views import who

_PROJECT, _RESULT = "budgets.follow_project", "budgets.follow_result"


@never_cache
@require_POST
def follow(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``follow``: 1 to hear of it, 0 to hear no more."""
    budget = get_object_or_404(policies.budgets(), page__slug=slug)
    project = get_object_or_404(policies.projects(budget), number=number)
    back = f"{reverse('budgets:project', args=[slug, number])}#suivre"
    if not who.is_known(request):
        return _sign_in(request, back, _PROJECT, slug=slug, number=number)
    if _stops(request):
        following.stop(project, by=who.participant(request))
        messages.success(request, _("You no longer follow it."))
    else:
        _follow(request, project)
    return redirect(back)


@never_cache
@require_POST
def follow_result(request: HttpRequest, slug: str) -> HttpResponse:
    """``follow``: 1 to be told of the result, 0 not to be."""
    budget = get_object_or_404(policies.budgets(), page__slug=slug)
    back = f"{reverse('budgets:budget', args=[slug])}#prevenir"
    if not who.is_known(request):
        return _sign_in(request, back, _RESULT, slug=slug)
    if _stops(request):
        following.stop_result(budget, by=who.participant(request))
        messages.success(request, _("You will not be told of the result."))
    else:
        _follow_result(request, budget)
    return redirect(back)


def declare() -> None:
    """What is done for somebody as they sign in, when they had pressed before. Called once, when the apps are ready."""
    pressed.declare(_PROJECT, _pressed_project)
    pressed.declare(_RESULT, _pressed_result)


def _pressed_project(request: HttpRequest, *, slug: str, number: int) -> None:
    for budget in policies.budgets().filter(page__slug=slug):
        for project in policies.projects(budget).filter(number=number):
            _follow(request, project)


def _pressed_result(request: HttpRequest, *, slug: str) -> None:
    for budget in policies.budgets().filter(page__slug=slug):
        _follow_result(request, budget)


def _sign_in(request: HttpRequest, back: str, name: str, **which: Any) -> HttpResponse:
    if not _stops(request):
        pressed.keep(request, name, **which)
    return redirect_to_login(back)


def _stops(request: HttpRequest) -> bool:
    return request.POST.get("follow") == "0"


def _follow(request: HttpRequest, project: Project) -> None:
    following.follow(project, by=who.participant(request))
    messages.success(request, _("You follow this project: one letter for each news."))


def _follow_result(request: HttpRequest, budget: Budget) -> None:
    following.follow_result(budget, by=who.participant(request))
    messages.success(request, _("You will be told of the result: one letter, once the count is signed."))


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
