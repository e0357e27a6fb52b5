"""What the budgets hold about a person: the copy they ask for, and what goes when they leave.

An idea stays, without a name: others have supported it, a project may have come of it. Its photo goes.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from consult.budgets import phases, pictures
from consult.budgets.choices import BudgetAct
from consult.budgets.models import Budget, BudgetFollow, ProjectFollow, Suggestion, SuggestionDraft, Support
from consult.errors import PhaseClosed
from consult.models import Participant

_COLUMNS = (
    "number",
    "title",
    "body",
    "place",
    "latitude",
    "longitude",
    "photo_description",
    "cost",
    "state",
    "state_reason",
    "is_shown",
    "created_at",
    "channel",
)


def of_person(person: Participant) -> dict[str, Any]:
    """Everything of an account, or of a confirmed address: values as stored, names of columns as keys."""
    where = {"budget_title": F("budget__page__title")}
    about = {"idea": F("suggestion__number"), "budget_title": F("suggestion__budget__page__title")}
    ideas = Suggestion.objects.filter(author=person).order_by("pk")
    supports = Support.objects.filter(participant=person).order_by("pk")
    drafts = SuggestionDraft.objects.filter(participant=person).order_by("pk")
    follows = ProjectFollow.objects.filter(participant=person).order_by("pk")
    told = BudgetFollow.objects.filter(participant=person).order_by("pk")
    followed = {"project_title": F("project__title"), "budget_title": F("project__budget__page__title")}
    return {
        "ideas": list(ideas.values(*_COLUMNS, **where)),
        "ideas_supported": list(supports.values("created_at", **about)),
        "projects_followed": list(follows.values("since", "stopped_at", **followed)),
        "results_awaited": list(told.values(**where)),
        "ideas_not_filed": list(drafts.values("typed", "saved_at", "purge_on", **where)),
    }


def leave(person: Participant) -> None:
    """Drafts, photos and follows go; supports too while they may change: nobody supports, leaves and supports again."""
    pictures.throw_away(SuggestionDraft.objects.filter(participant=person))
    ProjectFollow.objects.filter(participant=person).delete()
    BudgetFollow.objects.filter(participant=person).delete()
    for budget in Budget.objects.filter(suggestions__supports__participant=person).distinct().order_by("pk"):
        try:
            phases.admit(budget, BudgetAct.SUPPORT)
        except PhaseClosed:
            continue  # the count stands
        Support.objects.filter(participant=person, suggestion__budget=budget).delete()
    shown = Suggestion.objects.filter(author=person).exclude(photo="")
    gone = [(one.photo.storage, one.photo.name) for one in shown]
    shown.update(photo="", photo_description="")
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in gone])
