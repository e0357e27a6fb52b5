"""When the ballot is over: nobody's ballot can be found again. By the clock, as often as one likes."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from consult.budgets import boxes, phases
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import BallotDraft, Budget, BudgetPhase, KioskPass
from journal.actions import record


@transaction.atomic
def close(budget: Budget) -> bool:
    """Destroy the pointers and the drafts, and rewrite the tables in a random order; whether the ballot is over.

    Waits for those who were let in before the hour. Run twice, or cut in the middle and run again, it ends the same:
    everything is one transaction.
    """
    phases.alone(budget)
    if budget.pk not in to_close().values_list("pk", flat=True):
        return not _is_open(budget) and Budget.objects.filter(pk=budget.pk, sealed_at__isnull=False).exists()
    BallotDraft.objects.filter(entry__budget=budget).delete()
    KioskPass.objects.filter(entry__budget=budget).delete()
    boxes.seal(budget)
    Budget.objects.filter(pk=budget.pk).update(sealed_at=Now())
    budget.refresh_from_db(fields=["sealed_at"])
    record("budget.sealed", budget, by=None)
    return True


def to_close() -> QuerySet[Budget]:
    """Ballots over, and not sealed since: their hour may have been moved after a first closing."""
    over = BudgetPhase.objects.filter(kind=BudgetPhaseKind.BALLOT, closes_at__lte=Now())
    not_sealed = Q(page__budget__sealed_at__isnull=True) | Q(page__budget__sealed_at__lt=F("closes_at"))
    return Budget.objects.filter(page__in=over.filter(not_sealed).values("page"))


@transaction.atomic
def mix(budget: Budget) -> None:
    """While people vote, the ballots change places from time to time."""
    phases.alone(budget)
    boxes.mix(budget)


def open_now() -> QuerySet[Budget]:
    """Those whose ballot is open."""
    now = BudgetPhase.objects.filter(kind=BudgetPhaseKind.BALLOT, opens_at__lte=Now(), closes_at__gt=Now())
    return Budget.objects.filter(page__phases__in=now)


def _is_open(budget: Budget) -> bool:
    return open_now().filter(pk=budget.pk).exists()
