"""Which phase of a budget is open. Writing is judged by the database's clock, in one place: ``admit``.

A request is judged once, when the statement of ``admit`` begins. Whoever moves the dates, freezes the regulation or
counts waits for those that were admitted (``alone``).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Exists
from django.utils import timezone

from consult.budgets.choices import ALLOWED_IN, BudgetAct
from consult.budgets.errors import BallotNotReady
from consult.budgets.models import Budget, BudgetPhase, FrozenRegulation
from consult.errors import PhaseClosed
from consult.phases import clock, refusal

_LOCK = 0xB0D6E7  # the first half of our advisory locks; the second is the budget


def admit(budget: Budget, act: BudgetAct) -> BudgetPhase:
    """The phase that allows ``act`` now. Its dates do not move before the end of the caller's transaction.

    Every act that writes for a participant begins here, whatever the door. Nobody votes before the regulation is
    frozen. Raises ``PhaseClosed``, which says when it closed, or when it opens, by the clocks of the budget, and
    ``BallotNotReady``.
    """
    _lock("SELECT PG_ADVISORY_XACT_LOCK_SHARED(%s, %s)", budget)
    rows = BudgetPhase.objects.open_for(act).filter(page_id=budget.page_id)
    if act == BudgetAct.VOTE:
        rows = rows.annotate(is_frozen=Exists(FrozenRegulation.objects.filter(budget=budget)))
    phase = rows.order_by("closes_at").first()
    if phase is None:
        with timezone.override(budget.page.zone):
            raise closed(list(BudgetPhase.objects.filter(page_id=budget.page_id)), act, at=clock())
    if act == BudgetAct.VOTE and not phase.is_frozen:
        raise BallotNotReady
    return phase


def alone(budget: Budget) -> None:
    """Wait for everybody that ``admit`` let in, and let nobody else in before the end of the transaction."""
    _lock("SELECT PG_ADVISORY_XACT_LOCK(%s, %s)", budget)


def beside(budget: Budget) -> None:
    """Write beside those that ``admit`` lets in, whatever the phase, and while nobody is ``alone``."""
    _lock("SELECT PG_ADVISORY_XACT_LOCK_SHARED(%s, %s)", budget)


def _lock(statement: str, budget: Budget) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_LOCK, budget.pk])


def current(phases: Sequence[BudgetPhase], act: BudgetAct, *, at: datetime) -> BudgetPhase | None:
    """The one of these phases that allows ``act`` at a moment, for pages that only show."""
    allowed = (phase for phase in phases if phase.kind in ALLOWED_IN[act])
    return next((phase for phase in allowed if phase.opens_at <= at < phase.closes_at), None)


def closed(phases: Sequence[BudgetPhase], act: BudgetAct, *, at: datetime) -> PhaseClosed:
    """Why ``act`` is refused at this moment: not open yet, over since, or never planned."""
    return refusal([(phase.opens_at, phase.closes_at) for phase in phases if phase.kind in ALLOWED_IN[act]], at=at)
