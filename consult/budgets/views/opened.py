"""What an address leads to: a budget as it is read now, one of its ideas, one of its projects."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from consult.budgets import policies, public
from consult.budgets.models import Budget, Project, Suggestion
from consult.budgets.public import Shared

MOST = 2**31


def shared_or_404(slug: str) -> Shared:
    """The budget, in the language of the reader; 404 while its page is not public."""
    rows = policies.budgets().select_related("page__locale", "page__administration", "page__picture", "page__charter")
    return _shared(rows, slug)


def bare_or_404(slug: str) -> Shared:
    """The same for an act, which shows nothing of its page but its title: the rest is read if somebody asks for it."""
    rows = policies.budgets().select_related("page__locale").only(*_BARE)
    return _shared(rows, slug)


_PAGE = ("title", "slug", "translation_key", "time_zone", "locale__language_code")
_BARE = ("translation_key", "last_project", "roll_by", "sealed_at", *(f"page__{name}" for name in _PAGE))


def _shared(rows: QuerySet[Budget], slug: str) -> Shared:
    budget = get_object_or_404(rows.annotate(read_at=Now()), page__slug=slug)
    return public.read(budget, language=get_language() or "", at=budget.read_at)


def idea_or_404(shared: Shared, number: int, *, reader: Any) -> Suggestion:
    """The idea of this number, if ``reader`` (an account, a visitor, or nobody) may read it."""
    if number >= MOST:
        raise Http404
    rows = policies.ideas_to_read_by(reader).select_related("author", "case", "envelope").defer("search")
    found = get_object_or_404(rows, budget=shared.budget, number=number)
    found.budget = shared.budget  # its page is already here
    return found


def project_or_404(shared: Shared, number: int) -> Project:
    if number >= MOST:
        raise Http404
    found = get_object_or_404(policies.projects(shared.budget), number=number)
    found.budget = shared.budget
    return found
