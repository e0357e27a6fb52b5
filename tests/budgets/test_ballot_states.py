"""Anything that people and clerks may do, in any order: what must never be false of a ballot box stays true.

Sized to stay quick; ``CAHIER_BALLOT_STATES=200x100`` runs more examples of more steps.
"""

import os
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from consult.budgets import rolls
from consult.budgets.actions import batches, closing, drafting, marking, registering, voting
from consult.budgets.actions import counting as counts
from consult.budgets.actions import kiosks as tablets
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.errors import (
    AlreadyVoted,
    BallotMoved,
    BatchesOpen,
    CodeWrong,
    MarkStays,
    NothingCast,
    NothingLeft,
    NotMarkedHere,
    NotRegistered,
    SessionOver,
    SomebodyElse,
    StillVoting,
    TerritoryTaken,
    VotedMeanwhile,
)
from consult.budgets.models import (
    Ballot,
    BallotDraft,
    Budget,
    Envelope,
    KioskDraft,
    KioskPass,
    Mark,
    PaperBatch,
    PaperSheet,
    RollEntry,
)
from consult.errors import PhaseClosed
from consult.people import participant_of
from consult.personal_data import erase
from tests.budgets import paper as papered
from tests.budgets import world
from tests.budgets.voting import cast, close
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EXAMPLES, STEPS = (int(figure) for figure in os.environ.get("CAHIER_BALLOT_STATES", "12x25").split("x"))
PEOPLE = st.integers(0, 3)
PLACES = st.integers(0, 2)
EXPECTED = (
    AlreadyVoted, BallotMoved, CodeWrong, MarkStays, NothingCast, NothingLeft, NotMarkedHere, NotRegistered,
    PhaseClosed, SessionOver, SomebodyElse, TerritoryTaken, VotedMeanwhile,
)  # fmt: skip


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
        self.clerks = [UserFactory(), UserFactory()]
        self.tablets = [tablets.open_tablet(self.asked, place=name, by=self.clerks[0])[0] for name in ("Est", "Ouest")]
        self.codes: dict[int, str] = {}
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
        said = registering.Declared(civil=self.civil(who))
        self.tried(lambda: marking.mark(self.asked, self.places[place], said), who, place, "paper")

    @rule(who=PEOPLE, place=PLACES)
    def cancel_a_mark(self, who, place):
        said, by = registering.Declared(civil=self.civil(who)), self.clerks[0]
        act = marking.cancel
        self.tried(lambda: act(self.asked, self.places[place], said, why="left", by=by), who, place, None)

    @rule(place=PLACES, way=st.sampled_from(["open", "close", "close", "give up"]))
    def batch(self, place, way):
        """One batch at a time on an envelope, of the sheets that stand for people marked and are in no batch yet."""
        envelope = self.places[place]
        found = PaperBatch.objects.filter(envelope=envelope, state="open").first()
        many = marking.on_paper(envelope) - marking.in_batches(envelope)
        if found is None and many:
            found = papered.batch(self.asked, many, by=self.clerks[0], envelope=envelope)
        if found is None or way == "open":
            return
        if way == "give up":
            batches.give_up(found, reason="Pile mêlée.", by=self.clerks[0])
            return
        for by in self.clerks:
            papered.keyed(found, [str(1 + 2 * place)] * found.announced, by=by)
        batches.close(found, by=self.clerks[0])

    @rule(who=PEOPLE)
    def let_in(self, who):
        def given():
            self.codes[who] = tablets.let_in(self.asked, registering.Declared(civil=self.civil(who)))

        try:
            with transaction.atomic():
                given()
        except EXPECTED:
            places = [place for someone, place in self.voted if someone == who]
            assert not self.is_open or len(places) == 2

    @rule(who=PEOPLE, which=st.integers(0, 1))
    def sit_down(self, who, which):
        """With the last code that was read to them, used or not."""
        try:
            with transaction.atomic():
                seat = tablets.sit_down(self.tablets[which], self.codes.get(who, "000000"))
        except EXPECTED:
            return
        assert self.is_open
        assert seat.entry.person_key == rolls.civil_key(self.asked, self.civil(who))

    @rule(which=st.integers(0, 1), place=PLACES, second=st.booleans())
    def vote_on_a_tablet(self, which, place, second):
        """Whoever stands there."""
        seat = KioskPass.objects.filter(kiosk=self.tablets[which]).select_related("entry").first()
        if seat is None:
            return
        keys = [rolls.civil_key(self.asked, self.civil(one)) for one in range(4)]
        typed = [(str(1 + 2 * place + second), "")]
        self.tried(
            lambda: tablets.cast(self.tablets[which], seat, self.places[place], typed, key=uuid4()),
            keys.index(seat.entry.person_key),
            place,
            "kiosk",
        )

    @rule(which=st.integers(0, 1))
    def get_up(self, which):
        tablets.get_up(self.tablets[which])

    @rule()
    def count(self):
        """Nothing is counted while people vote, nor beside an open batch."""
        waits = PaperBatch.objects.filter(budget=self.asked, state="open").exists()
        stops = StillVoting if self.is_open else BatchesOpen if waits else None
        if stops is None:
            assert counts.ask(self.asked, by=None)
            return
        with pytest.raises(stops), transaction.atomic():
            counts.ask(self.asked, by=None)

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
        ballots = counted(Ballot.objects.filter(budget=self.asked))
        on_paper = {pair: ballots.pop(pair) for pair in list(ballots) if pair[1] == "paper"}
        assert {pair: many for pair, many in counted(marks).items() if pair[1] != "paper"} == ballots
        for (envelope, _way), many in on_paper.items():
            closed = PaperBatch.objects.filter(envelope=envelope, state="closed")
            assert many == sum(closed.values_list("announced", flat=True))
            assert many <= marks.filter(envelope=envelope, channel="paper").count()
        ours = [(self.places[place].pk, way) for (_who, place), way in self.voted.items()]
        assert sorted(marks.values_list("envelope_id", "channel")) == sorted(ours)

    @invariant()
    def nothing_is_left_of_a_sheet_whose_batch_is_over(self):
        assert not PaperSheet.objects.filter(batch__budget=self.asked).exclude(batch__state="open").exists()

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
            assert not KioskPass.objects.filter(entry__budget=self.asked).exists()
            assert not KioskDraft.objects.exists()

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
