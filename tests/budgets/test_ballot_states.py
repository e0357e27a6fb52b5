"""Anything that people and clerks may do, in any order: what must never be false of a ballot box stays true.

Sized to stay quick; ``CAHIER_BALLOT_STATES=200x100`` runs more examples of more steps.
"""

import os
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from consult.budgets import rolls
from consult.budgets.actions import closing, drafting, registering, voting
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.errors import AlreadyVoted, BallotMoved, NothingCast, NotRegistered, SomebodyElse, TerritoryTaken
from consult.budgets.models import Ballot, BallotDraft, Budget, Envelope, Mark, RollEntry
from consult.errors import PhaseClosed
from consult.people import participant_of
from consult.personal_data import erase
from tests.budgets import world
from tests.budgets.voting import cast, close
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EXAMPLES, STEPS = (int(figure) for figure in os.environ.get("CAHIER_BALLOT_STATES", "12x25").split("x"))
PEOPLE = st.integers(0, 3)
PLACES = st.integers(0, 2)
EXPECTED = (AlreadyVoted, BallotMoved, NothingCast, NotRegistered, PhaseClosed, SomebodyElse, TerritoryTaken)


class Box(RuleBasedStateMachine):
    """Four people, one with an account that is closed and opened again; the whole town and two territories."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        rules = world.ballot_rules(envelopes="one_territory", identity="civil")
        self.asked = world.budget(BudgetPhaseKind.BALLOT, rules=rules)
        named = [Envelope(page=self.asked.page, title=name, kind="territory", amount=10**8) for name in ("Nord", "Sud")]
        self.places = [world.envelope_of(self.asked), *named]
        for envelope in self.places:
            if envelope.pk is None:
                envelope.save()
            for _two in range(2):
                world.project(self.asked, envelope=envelope, cost=10)
        world.freeze(self.asked)
        self.users = [UserFactory() for _ in range(4)]
        self.voted: dict[tuple[int, int], str] = {}  # what we know: who voted where, by which way
        self.is_open = True

    def civil(self, who):
        return rolls.Civil("Nom", f"Prénom{who}", date(1990, 1, 1 + who))

    def tried(self, act, who, place, then):
        try:
            with transaction.atomic():
                act()
        except PhaseClosed:
            assert not self.is_open
            return
        except EXPECTED:
            assert self.is_open
            return
        assert self.is_open
        if then is None:
            self.voted.pop((who, place), None)
        else:
            self.voted[who, place] = then

    @rule(who=PEOPLE)
    def register(self, who):
        person = participant_of(self.users[who])
        declared = registering.Declared(civil=self.civil(who))
        try:
            with transaction.atomic():
                registering.register(self.asked, declared, by=person)
        except EXPECTED:
            assert not self.is_open

    @rule(who=PEOPLE, place=PLACES, second=st.booleans())
    def vote(self, who, place, second):
        person = participant_of(self.users[who])
        number = 1 + 2 * place + second
        self.tried(lambda: cast(self.asked, person, number, envelope=self.places[place]), who, place, "web")

    @rule(who=PEOPLE, place=PLACES)
    def draft(self, who, place):
        person = participant_of(self.users[who])
        known = self.voted.get((who, place))
        act = drafting.choose
        if known:
            self.tried(lambda: voting.begin_change(self.asked, self.places[place], by=person), who, place, known)
        else:
            self.tried(lambda: act(self.asked, self.places[place], 1 + 2 * place, by=person), who, place, None)

    @rule(who=PEOPLE, place=PLACES)
    def withdraw(self, who, place):
        person = participant_of(self.users[who])
        self.tried(lambda: voting.withdraw(self.asked, self.places[place], by=person), who, place, None)

    @rule(who=PEOPLE, place=PLACES)
    def paper(self, who, place):
        def marked():
            line = rolls.entry_by_civil(self.asked, self.civil(who))
            voting.mark_on_paper(self.asked, self.places[place], line)
            Ballot.objects.create(budget=self.asked, envelope=self.places[place], channel="paper", choices=[])

        self.tried(marked, who, place, "paper")

    @rule(who=PEOPLE)
    def leave(self, who):
        """The account is closed; the same person opens another, with another address."""
        erase(self.users[who])
        self.users[who] = UserFactory()

    @rule()
    def mix(self):
        closing.mix(self.asked)

    @rule(sure=st.integers(0, 9))
    def shut(self, sure):
        if sure == 0:
            close(self.asked)
            self.is_open = False
        assert closing.close(self.asked) is not self.is_open

    @invariant()
    def as_many_marks_as_ballots_by_envelope_and_channel(self):
        def counted(rows):
            pairs = list(rows.values_list("envelope_id", "channel"))
            return {pair: pairs.count(pair) for pair in pairs}

        marks = Mark.objects.filter(entry__budget=self.asked)
        assert counted(marks) == counted(Ballot.objects.filter(budget=self.asked))
        ours = [(self.places[place].pk, way) for (_who, place), way in self.voted.items()]
        assert sorted(marks.values_list("envelope_id", "channel")) == sorted(ours)

    @invariant()
    def nobody_votes_twice_on_an_envelope_nor_for_two_territories(self):
        for entry in RollEntry.objects.filter(budget=self.asked):
            places = list(entry.marks.values_list("envelope", flat=True))
            assert len(places) == len(set(places))
            assert len([one for one in places if one != self.places[0].pk]) <= 1

    @invariant()
    def pointers_lead_to_ones_own_ballot_while_it_is_open_and_exist_no_longer(self):
        pointers = [mark.pointer for mark in Mark.objects.filter(entry__budget=self.asked) if mark.pointer]
        assert len(set(pointers)) == len(pointers) == Ballot.objects.filter(pk__in=pointers, channel="web").count()
        if Budget.objects.get(pk=self.asked.pk).sealed_at:
            assert not pointers
            assert not BallotDraft.objects.filter(entry__budget=self.asked).exists()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)


def test_whatever_people_do_the_box_holds_together():
    sized = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Box, settings=sized)
