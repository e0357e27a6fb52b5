"""Which phase is open. Writing is judged by the database's clock, in one place: ``admit``.

A request is judged once, when the statement of ``admit`` begins: begun at 19:59:59.9 it counts, even if it is written a
little after the hour; begun at 20:00:00.0 it is refused. Whoever moves the dates, or reads the final result, waits for
those that were admitted (``alone``).
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.db import connection
from django.utils import timezone

from consult.choices import ALLOWED_IN, Act
from consult.errors import PhaseClosed
from consult.models import Consultation, Phase
from prepared import Given, Prepared

_LOCK = 0xC0115  # the first half of our advisory locks; the second is the consultation


def admit(consultation: Consultation, act: Act) -> Phase:
    """The phase that allows ``act`` now. Its dates do not move before the end of the caller's transaction.

    Every act that writes for a participant begins here, whatever the door: page, API, admin or import.
    Raises ``PhaseClosed``, which says when it closed, or when it opens, by the clocks of the consultation.
    """
    _lock("SELECT PG_ADVISORY_XACT_LOCK_SHARED(%s, %s)", consultation)
    phase = _open_for(act).first(page=consultation.page_id)
    if phase is None:
        with timezone.override(consultation.page.zone):
            raise closed(list(Phase.objects.filter(page_id=consultation.page_id)), act, at=clock())
    return phase


@cache
def _open_for(act: Act) -> Prepared[Phase]:
    return Prepared(lambda: Phase.objects.open_for(act).filter(page_id=Given("page")).order_by("closes_at"))


def alone(consultation: Consultation) -> None:
    """Wait for everybody that ``admit`` let in, and let nobody else in before the end of the transaction."""
    _lock("SELECT PG_ADVISORY_XACT_LOCK(%s, %s)", consultation)


def beside(consultation: Consultation) -> None:
    """Write beside those that ``admit`` lets in, whatever the phase, and while nobody is ``alone``."""
    _lock("SELECT PG_ADVISORY_XACT_LOCK_SHARED(%s, %s)", consultation)


def _lock(statement: str, consultation: Consultation) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_LOCK, consultation.pk])


def clock() -> datetime:
    """The database's: the only one that opens and closes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT STATEMENT_TIMESTAMP()")
        return cursor.fetchone()[0]


def current(phases: Sequence[Phase], act: Act, *, at: datetime) -> Phase | None:
    """The one of these phases that allows ``act`` at a moment, for pages that only show."""
    allowed = (phase for phase in phases if phase.kind in ALLOWED_IN[act])
    return next((phase for phase in allowed if phase.opens_at <= at < phase.closes_at), None)


def closed(phases: Sequence[Phase], act: Act, *, at: datetime) -> PhaseClosed:
    """Why ``act`` is refused at this moment: not open yet, over since, or never planned."""
    return refusal([(phase.opens_at, phase.closes_at) for phase in phases if phase.kind in ALLOWED_IN[act]], at=at)


def refusal(spans: Sequence[tuple[datetime, datetime]], *, at: datetime) -> PhaseClosed:
    """The same, of the ``[opens_at, closes_at)`` during which something is allowed."""
    to_come = [opens_at for opens_at, _ in spans if opens_at > at]
    over = [closes_at for _, closes_at in spans if closes_at <= at]
    if to_come:
        return PhaseClosed(opens_at=min(to_come))
    return PhaseClosed(closed_at=max(over)) if over else PhaseClosed()
