"""Several people at once, each on a real connection. Each race has its control: the same without the lock."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet

from letters.models import Letter
from moderation import actions, letters
from moderation.actions import decide, report
from moderation.choices import CaseState, Outcome, Rule
from moderation.models import Case, Decision, Notice
from tests.moderation.world import FACTS, moderator, proposition

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

MANY = 6


@pytest.fixture
def met(monkeypatch) -> threading.Barrier:
    """Whoever is about to decide waits for another who is, or half a second."""
    barrier, real = threading.Barrier(2), actions._check

    def slow(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=0.5)
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "_check", slow)
    return barrier


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """What became of each: "done", or the name of what stopped it."""
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
            outcomes.append("done")
        except Exception as stopped:  # noqa: BLE001 (its name is the result)
            outcomes.append(type(stopped).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def two_decisions(case: Case) -> list[Callable[[], object]]:
    first, second = moderator(), moderator()
    said = {"rule": Rule.INSULT, "facts": FACTS, "after": None}
    return [
        lambda: decide(case, outcome=Outcome.HIDE, **said, by=first),
        lambda: decide(case, outcome=Outcome.REMOVE, **said, by=second),
    ]


def test_two_moderators_at_once_take_one_decision_and_the_second_is_told(met) -> None:
    written = proposition()
    assert at_once(*two_decisions(written.case)) == Counter(done=1, AlreadyDecided=1)
    decided = Decision.objects.get()
    written.case.refresh_from_db()
    assert written.case.state == {"hide": CaseState.HIDDEN, "remove": CaseState.REMOVED}[decided.outcome]
    assert Letter.objects.filter(kind=letters.REASONS).count() == 1


def test_control_without_the_lock_both_decide_and_only_the_constraint_stops_one(met, monkeypatch) -> None:
    written = proposition()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows.all())
    assert at_once(*two_decisions(written.case)) == Counter(done=1, IntegrityError=1)


def test_a_person_who_sends_six_times_at_once_is_counted_once() -> None:
    case = proposition().case
    said = {"rule": Rule.INSULT, "key": "moi", "is_good_faith": True}
    outcomes = at_once(*[lambda: report(case, **said)] * MANY)
    assert outcomes == Counter(done=1, AlreadyReported=MANY - 1)
    case.refresh_from_db()
    assert (case.open_notices, Notice.objects.count()) == (1, 1)


@pytest.mark.usefixtures("standing_clock")
def test_six_people_at_once_are_six_notices_and_one_letter_to_each_moderator() -> None:
    moderator()
    case = proposition().case
    acts = [
        lambda who=who: report(case, rule=Rule.INSULT, key=f"personne {who}", is_good_faith=True) for who in range(MANY)
    ]
    assert at_once(*acts) == Counter(done=MANY)
    case.refresh_from_db()
    assert case.open_notices == MANY
    assert Letter.objects.filter(kind=letters.ALERT).count() == 1


def test_reported_while_it_is_judged_no_notice_is_left_without_an_answer(met) -> None:
    case, person = proposition().case, moderator()
    outcomes = at_once(
        lambda: decide(case, outcome=Outcome.REMOVE, rule=Rule.INSULT, facts=FACTS, after=None, by=person),
        lambda: report(case, rule=Rule.INSULT, key="moi", is_good_faith=True),
    )
    case.refresh_from_db()
    assert case.open_notices == 0
    assert not Notice.objects.filter(decision=None).exists()
    assert outcomes["done"] >= 1
