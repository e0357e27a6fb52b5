"""Who may vote: listed predicates, told in words to everybody, judged one by one.

Read from the frozen regulation once there is one: what voters were promised is what is asked of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult.budgets.choices import BudgetPhaseKind, Requirement
from consult.budgets.models import Budget, BudgetPage, FrozenRegulation, RollEntry
from consult.models import Participant
from pages.dates import long_date


@dataclass(frozen=True)
class Asked:
    """One condition. ``age``: of the age condition alone. ``by``: the last day of the ballot, None without dates."""

    kind: str
    age: int | None
    words: str
    by: date | None

    def __str__(self) -> str:
        """« avoir 16 ans le 30 novembre 2026 »: follows « Pour voter, il faut: »."""
        return _TOLD[Requirement(self.kind)](self)


def asked_of(budget: Budget) -> list[Asked]:
    """What is asked of who votes in this budget, in the order of its editor; empty: an account is enough."""
    frozen = FrozenRegulation.objects.filter(budget=budget).first()
    if frozen is None:
        return drafted(budget.page)
    zone = budget.page.zone
    by = _last_day(datetime.fromisoformat(frozen.content["closes_at"]).astimezone(zone))
    return [Asked(kind, value, words, by) for kind, value, words in frozen.content["conditions"]]


def drafted(page: BudgetPage) -> list[Asked]:
    """The same from a page, or from the draft of one."""
    ballots = [one for one in page.phases.all() if one.kind == BudgetPhaseKind.BALLOT and one.closes_at]
    by = _last_day(ballots[0].closes_at.astimezone(page.zone)) if ballots else None
    return [Asked(one.kind, one.value, one.words, by) for one in page.conditions.all()]


def lacking(
    budget: Budget,
    *,
    born_on: date | None,
    lives_here: bool,
    participant: Participant | None,
    listed: bool | None = None,
) -> list[str]:
    """What keeps this person from voting, a sentence for each condition not met; empty: they may.

    ``born_on`` and ``lives_here``: declared on honour. ``participant`` None: somebody at a counter, whose papers a
    clerk reads; a verified account is then not asked. ``listed``: whether they are on the roll that the town brought;
    None: looked up by ``participant``.
    """
    known = _Known(budget, born_on, lives_here, participant, listed)
    return [
        _LACKS[Requirement(one.kind)](one) for one in asked_of(budget) if not _MET[Requirement(one.kind)](one, known)
    ]


def asks(conditions: Iterable[Asked], kind: Requirement) -> bool:
    """Whether a form has to ask for it: a date of birth, a residence."""
    return any(one.kind == kind for one in conditions)


@dataclass(frozen=True)
class _Known:
    budget: Budget
    born_on: date | None
    lives_here: bool
    participant: Participant | None
    listed: bool | None

    def is_listed(self) -> bool:
        if self.listed is not None:
            return self.listed
        return self.participant is not None and self._lines().exists()

    def _lines(self) -> QuerySet[RollEntry]:
        return RollEntry.objects.filter(budget=self.budget, participant=self.participant, listed=True)


def age_on(day: date, born_on: date) -> int:
    """Whole years; born on 29 February, one is a year older on 1 March of ordinary years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _last_day(closes_at: datetime) -> date:
    """The last day on which people vote: a ballot that closes at midnight closes the day before."""
    return (closes_at - timedelta(microseconds=1)).date()


def _old_enough(asked: Asked, known: _Known) -> bool:
    if known.born_on is None or asked.by is None or known.born_on > asked.by:
        return False
    return age_on(asked.by, known.born_on) >= (asked.age or 0)


_MET: dict[Requirement, Callable[[Asked, _Known], bool]] = {
    Requirement.AGE: _old_enough,
    Requirement.RESIDENCE: lambda asked, known: known.lives_here,
    Requirement.ROLL: lambda asked, known: known.is_listed(),
    Requirement.VERIFIED: lambda asked, known: known.participant is None or known.participant.is_verified,
}


def _age_told(asked: Asked) -> str:
    said: dict[str, Any] = {"age": asked.age, "day": long_date(asked.by) if asked.by else ""}
    told = _("be %(age)d on %(day)s") if asked.by else _("be %(age)d on the last day of the ballot")
    return told % said


_TOLD: dict[Requirement, Callable[[Asked], str]] = {
    Requirement.AGE: _age_told,
    Requirement.RESIDENCE: lambda asked: asked.words or _("live here, declared on honour"),
    Requirement.ROLL: lambda asked: asked.words or _("be on the voter roll of the budget"),
    Requirement.VERIFIED: lambda asked: asked.words or _("have a verified account"),
}
_LACKS: dict[Requirement, Callable[[Asked], str]] = {
    Requirement.AGE: lambda asked: _("To vote, one must %(condition)s.") % {"condition": asked},
    Requirement.RESIDENCE: lambda asked: (
        _("To vote, one must %(condition)s. Tick the box if it is your case.") % {"condition": asked}
    ),
    Requirement.ROLL: lambda asked: (
        _("To vote, one must %(condition)s. Nobody of your name is on it: ask whoever answers questions.")
        % {"condition": asked}
    ),
    Requirement.VERIFIED: lambda asked: (
        _("To vote, one must %(condition)s. Have your account verified, then come back.") % {"condition": asked}
    ),
}
