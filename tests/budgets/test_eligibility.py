"""Who may vote: each condition in words, each judged, and the frozen ones once they are frozen."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from consult.budgets import eligibility
from consult.budgets.actions.freezing import freeze
from consult.budgets.choices import Requirement
from consult.budgets.models import BudgetPhase, Condition, RollEntry
from consult.models import Participant
from tests.budgets import world

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def asked_with(*conditions: Condition, closes_at: datetime | None = None):
    asked = world.ballot(50_000, frozen=False)
    for rank, one in enumerate(conditions):
        one.page, one.sort_order = asked.page, rank
        one.save()
    if closes_at:
        BudgetPhase.objects.filter(page=asked.page).exclude(kind="ballot").delete()
        BudgetPhase.objects.filter(page=asked.page).update(
            opens_at=datetime(2026, 11, 1, tzinfo=PARIS), closes_at=closes_at
        )
    asked.refresh_from_db()
    return asked


def lacking(asked, **known):
    return eligibility.lacking(asked, **{"born_on": None, "lives_here": False, "participant": None, **known})


@pytest.mark.parametrize(
    ("closes_at", "born_on", "may"),
    [
        (datetime(2026, 11, 30, 20, tzinfo=PARIS), date(2010, 11, 30), True),
        (datetime(2026, 11, 30, 20, tzinfo=PARIS), date(2010, 12, 1), False),
        # Closed at midnight, the last day is the day before.
        (datetime(2026, 12, 1, 0, tzinfo=PARIS), date(2010, 12, 1), False),
        # Half past midnight in Paris is still the day before in UTC: the age is that of the town.
        (datetime(2026, 12, 1, 0, 30, tzinfo=PARIS), date(2010, 12, 1), True),
        (datetime(2026, 11, 30, 20, tzinfo=PARIS), None, False),
        (datetime(2026, 11, 30, 20, tzinfo=PARIS), date(2030, 1, 1), False),
    ],
)
def test_the_age_is_that_of_the_last_day_of_the_ballot(closes_at, born_on, may):
    asked = asked_with(Condition(kind=Requirement.AGE, value=16), closes_at=closes_at)
    assert (lacking(asked, born_on=born_on) == []) is may


def test_conditions_are_told_in_plain_words():
    asked = asked_with(
        Condition(kind=Requirement.AGE, value=16),
        Condition(kind=Requirement.RESIDENCE, words="habiter Valbourg"),
        closes_at=datetime(2026, 11, 30, 20, tzinfo=PARIS),
    )
    with translation.override("fr"):
        told = [str(one) for one in eligibility.asked_of(asked)]
        assert told == ["avoir 16 ans le 30 novembre 2026", "habiter Valbourg"]
        assert lacking(asked, born_on=date(2012, 1, 1), lives_here=True) == [
            "Pour voter, il faut avoir 16 ans le 30 novembre 2026."
        ]


def test_each_condition_is_judged_by_itself():
    asked = asked_with(
        Condition(kind=Requirement.RESIDENCE), Condition(kind=Requirement.ROLL), Condition(kind=Requirement.VERIFIED)
    )
    somebody = Participant.objects.create(email_key="a" * 64, name="Léa")
    assert len(lacking(asked, participant=somebody)) == 3
    RollEntry.objects.create(budget=asked, person_key="b" * 64, participant=somebody, listed=False)
    assert len(lacking(asked, participant=somebody, lives_here=True)) == 2  # who merely voted is on no roll of the town
    RollEntry.objects.update(listed=True)
    somebody.is_verified = True
    assert lacking(asked, participant=somebody, lives_here=True) == []
    assert lacking(asked, lives_here=True, listed=True) == []  # at a counter


def test_what_is_asked_is_what_was_frozen():
    asked = asked_with(Condition(kind=Requirement.AGE, value=16))
    freeze(asked)
    Condition.objects.update(value=99)
    assert [one.age for one in eligibility.asked_of(asked)] == [16]
