"""Following a project: a button, without JavaScript."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consult.budgets import policies
from consult.budgets.actions import following
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
