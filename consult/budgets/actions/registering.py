"""Standing on the roll of a budget: said once by somebody who votes online, or brought as a file by the town."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from accounts.models import User
from consult.budgets import eligibility, phases, rolls
from consult.budgets.choices import BudgetAct, Requirement, RollBy
from consult.budgets.errors import MayNotVote, RollFileWrong, RollNamedOtherwise, SomebodyElse
from consult.budgets.models import Budget, RollEntry
from consult.models import Participant
from journal.actions import record

PUT = """
    INSERT INTO budgets_rollentry (id, budget_id, person_key, listed)
    SELECT gen_random_uuid(), %s, person_key, true FROM unnest(%s::text[]) AS person_key ORDER BY person_key
    ON CONFLICT (budget_id, person_key) DO UPDATE SET listed = true WHERE NOT budgets_rollentry.listed
"""  # in one go: nobody can vote meanwhile, and a town has 60,000 lines


@dataclass(frozen=True)
class Declared:
    """On honour. ``civil``: where paper or a roll asks for it. Nothing of it is kept but a keyed hash."""

    born_on: date | None = None
    lives_here: bool = False
    civil: rolls.Civil | None = None


def is_free(budget: Budget) -> bool:
    """An account is all that is asked: nothing to declare, one stands on the roll by voting."""
    return not eligibility.asked_of(budget) and not rolls.asks_identity(budget)


@transaction.atomic
def register(budget: Budget, said: Declared, *, by: Participant) -> RollEntry:
    """The line of this account. ``MayNotVote`` says what is not met; ``SomebodyElse``: the line is another account's.

    A line already marked on paper is theirs too: they will read that they voted.
    """
    phases.admit(budget, BudgetAct.VOTE)
    known = rolls.entry_of(budget, by)
    if known is not None:
        return known
    line = rolls.listed(budget, said.civil) if said.civil else None
    reasons = eligibility.lacking(
        budget, born_on=said.born_on, lives_here=said.lives_here, participant=by, listed=line is not None
    )
    if reasons:
        raise MayNotVote(reasons)
    if line is None and said.civil is None and rolls.asks_identity(budget):
        raise SomebodyElse
    return _taken(line or _line(budget, said, by), by)


def _line(budget: Budget, said: Declared, by: Participant) -> RollEntry:
    if said.civil and rolls.asks_identity(budget):
        return rolls.entry_by_civil(budget, said.civil)
    return rolls.entry_by_key(budget, rolls.account_key(budget, by))


def _taken(line: RollEntry, by: Participant) -> RollEntry:
    """Whoever comes first with what identifies a line takes it; an account has one line (constraints)."""
    mine = RollEntry.objects.filter(pk=line.pk, participant=None)
    try:
        with transaction.atomic():
            took = mine.update(participant=by)
    except IntegrityError:  # the same account registered twice at the same moment
        return RollEntry.objects.get(budget=line.budget_id, participant=by)
    line.refresh_from_db()
    if not took and line.participant_id != by.pk:
        raise SomebodyElse
    return line


@transaction.atomic
def bring_roll(budget: Budget, content: str | bytes, *, by: User | None = None) -> int:
    """Everybody a file names stands on the roll from now on, as hashes; how many. The file is kept nowhere.

    ``RollFileWrong`` says which lines cannot be read: nothing is kept then. Bringing a longer file adds people, a
    shorter one takes nobody off. ``RollNamedOtherwise``.
    """
    brought = rolls.read_file(content)
    if brought.wrong:
        raise RollFileWrong([line for line, _why in brought.wrong])
    return put_on_roll(budget, rolls.keys_of(budget, brought), named_by=brought.by, by=by)


@transaction.atomic
def put_on_roll(budget: Budget, keys: Iterable[str], *, named_by: RollBy, by: User | None) -> int:
    """The same from the hashes of a file that was read before."""
    phases.alone(budget)
    if (budget.roll_by or RollBy.NAME) != named_by:
        _start_again(budget)
    if budget.roll_by != named_by:
        Budget.objects.filter(pk=budget.pk).update(roll_by=named_by)
        budget.roll_by = named_by
    people = sorted(set(keys))
    with connection.cursor() as cursor:
        cursor.execute(PUT, [budget.pk, people])
    record("budget.roll_brought", budget, by=by, people=len(people))
    return len(people)


def _start_again(budget: Budget) -> None:
    """A roll that names people another way takes the place of one that nobody used yet."""
    everybody = RollEntry.objects.filter(budget=budget)
    if everybody.filter(Q(participant__isnull=False) | Q(marks__isnull=False)).exists():
        raise RollNamedOtherwise
    everybody.delete()


def asks_birth(budget: Budget) -> bool:
    """Whether the form asks for a date of birth."""
    return rolls.asks_identity(budget) or eligibility.asks(eligibility.asked_of(budget), Requirement.AGE)
