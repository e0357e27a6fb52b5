"""Somebody chose projects and did not cast: a letter tells them once, before it closes, that nothing counts yet."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from consult.budgets import letters
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import BallotDraft, BudgetPhase, Mark
from letters.actions import promise

BEFORE = timedelta(hours=48)
AT_ONCE = 200


def remind() -> int:
    """Promise the letters that are due; how many. Run twice, or by two at once, it tells nobody twice."""
    promised = 0
    while count := _remind_some():
        promised += count
    return promised


@transaction.atomic
def _remind_some() -> int:
    soon = BudgetPhase.objects.filter(
        kind=BudgetPhaseKind.BALLOT, opens_at__lte=Now(), closes_at__gt=Now(), closes_at__lte=Now() + BEFORE
    )
    cast = Mark.objects.filter(entry=OuterRef("entry"), envelope=OuterRef("envelope"))
    waiting = BallotDraft.objects.filter(
        ~Exists(cast),
        reminded=False,
        entry__budget__page__in=soon.values("page"),
        entry__participant__user__is_active=True,
    )
    some = waiting.select_for_update(of=("self",), skip_locked=True).annotate(
        address=F("entry__participant__user__email"), budget=F("entry__budget")
    )
    drafts = list(some.order_by("pk")[:AT_ONCE])
    for one in drafts:
        promise(
            letters.NOT_CAST,
            key=one.budget,
            campaign=f"{letters.NOT_CAST}:{one.budget}",
            recipient=one.address,
            address=one.address,
            language=settings.LANGUAGE_CODE,
        )
    BallotDraft.objects.filter(pk__in=[one.pk for one in drafts]).update(reminded=True)
    return len(drafts)
