"""The list of budgets, and the page of each: the same drawing for the public and for an editor's preview."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consult.budgets import policies
from consult.budgets.models import BudgetPage
from consult.budgets.phases import clock


@require_safe
def index(request: HttpRequest, page: Any = None) -> HttpResponse:
    """``page``: an editor's draft of the list."""
    shown = page or policies.index_pages().first()
    return render(request, "budgets/index.html", {"page": shown, "budgets": policies.pages()})


@require_safe
def budget(request: HttpRequest, slug: str) -> HttpResponse:
    return draft(request, get_object_or_404(policies.pages(), slug=slug))


def draft(request: HttpRequest, page: BudgetPage, at: datetime | None = None) -> HttpResponse:
    """What Wagtail shows: a draft as on a moment; ``at`` None: as it is now."""
    return render(request, "budgets/budget.html", {"page": page, "at": at or clock()})
