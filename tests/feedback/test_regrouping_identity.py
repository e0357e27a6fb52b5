"""Whatever people and nights do, in whatever order: no decision undone, no number used again, no fiche lost.

Hypothesis invents the sequences; real PostgreSQL, words alone, each sequence rolled back.
"""

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from feedback import grouping
from feedback.actions import regrouping, reshaping, sorting, triage
from feedback.actions.intake import submit_fiche
from feedback.choices import FicheState, PainPointState, Resolution, Source
from feedback.counting import recount
from feedback.errors import RuleBroken
from feedback.grouping import placing
from feedback.models import Fiche, Membership, PainPoint, Segment
from tests.factories import AdministrationFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

SAID = {
    "justificatif": ["On me redemande le justificatif de domicile {}.", "Encore un justificatif de domicile {}."],
    "ascenseur": ["L’ascenseur de la gare est en panne {}.", "Ascenseur de la gare en panne {}, une fois de plus."],
    "téléphone": ["Personne ne répond au téléphone {}.", "Le téléphone sonne dans le vide {}."],
    "portail": ["Page blanche au moment de payer sur le portail {}.", "Le portail reste une page blanche {}."],
}
ENDS = ("ce matin", "depuis juin", "chaque année", "malgré mes appels", "pour mon fils", "le samedi", "sans raison")
TEXTS = [words.format(end) for said in SAID.values() for words in said for end in ENDS]
PICK = st.integers(0, 10_000)
SOME = st.lists(PICK, min_size=1, max_size=4)
GONE = (PainPointState.MERGED, PainPointState.DISMISSED)


class Board(RuleBasedStateMachine):
    """Two services, one person who answers for both, and the machine."""

    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        administration = AdministrationFactory()
        self.services = ServiceFactory.create_batch(2, administration=administration)
        self.owner = UserFactory(owns=self.services)
        self.remember()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.open.__exit__(None, None, None)

    def remember(self) -> None:
        """What people decided so far, and every number that exists."""
        self.attached = dict(Membership.objects.filter(source=Source.PERSON).values_list("segment", "pain_point"))
        self.titles = dict(PainPoint.objects.filter(is_title_human=True).values_list("pk", "title"))
        self.states = dict(PainPoint.objects.exclude(state=PainPointState.SUGGESTED).values_list("pk", "state"))
        self.merged = dict(PainPoint.objects.filter(state=PainPointState.MERGED).values_list("pk", "merged_into"))
        self.numbers = set(PainPoint.objects.values_list("pk", flat=True))
        self.set_aside = dict(PainPoint.objects.filter(state=PainPointState.DISMISSED).values_list("pk", "fiche_count"))
        self.passages = set(Segment.objects.values_list("pk", flat=True))

    def person(self, act) -> None:
        """A person acts; what the state no longer allows is refused and changes nothing."""
        try:
            with transaction.atomic():
                act()
        except RuleBroken:
            return
        self.assert_numbers_and_passages_stay()
        self.remember()

    def machine(self, act) -> None:
        act()
        self.assert_decisions_stand()
        self.assert_numbers_and_passages_stay()
        self.remember()

    def assert_decisions_stand(self) -> None:
        now = dict(Membership.objects.values_list("segment", "pain_point"))
        merged = dict(PainPoint.objects.filter(state=PainPointState.MERGED).values_list("pk", "merged_into"))
        assert {key: now.get(key) for key in self.attached} == {
            key: _follow(number, merged) for key, number in self.attached.items()
        }, "a person’s attachment was undone"
        titles = dict(PainPoint.objects.filter(pk__in=self.titles).values_list("pk", "title"))
        assert titles == self.titles, "a person’s title was changed"
        states = dict(PainPoint.objects.filter(pk__in=self.states).values_list("pk", "state"))
        kept = {pk: state for pk, state in self.states.items() if pk not in merged or pk in self.merged}
        assert {pk: states[pk] for pk in kept} == kept, "a state that a person gave was changed"
        assert {pk: merged[pk] for pk in self.merged} == self.merged, "a merge was undone"
        aside = dict(PainPoint.objects.filter(pk__in=self.set_aside).values_list("pk", "fiche_count"))
        assert aside == self.set_aside, "what is set aside gained or lost fiches"

    def assert_numbers_and_passages_stay(self) -> None:
        numbers = set(PainPoint.objects.values_list("pk", flat=True))
        assert self.numbers <= numbers, "a pain point vanished"
        assert min(numbers - self.numbers, default=10**9) > max(self.numbers, default=0), "a number was used again"
        assert self.passages <= set(Segment.objects.values_list("pk", flat=True)), "a passage was lost"

    @initialize(texts=st.lists(st.sampled_from(TEXTS), min_size=8, max_size=16, unique=True))
    def some_fiches(self, texts) -> None:
        for rank, text in enumerate(texts):
            grouping.cut(submit_fiche(text=text, service=self.services[rank % 2]))
        self.machine(grouping.regroup)

    @rule(text=st.sampled_from(TEXTS), pick=PICK)
    def a_citizen_writes(self, text, pick) -> None:
        fiche = submit_fiche(text=text, service=self.services[pick % 2])
        self.machine(lambda: grouping.place(fiche))

    @rule()
    def the_night(self) -> None:
        self.machine(grouping.regroup)

    @rule(resolution=st.sampled_from(["", *Resolution.values]))
    def everything_by_command(self, resolution) -> None:
        self.machine(lambda: grouping.regroup(full=True, resolution=resolution))

    @rule(pick=PICK, resolution=st.sampled_from(Resolution))
    def a_proposal_is_accepted_whole(self, pick, resolution) -> None:
        proposal = regrouping.ask(self.services[pick % 2], resolution=resolution, by=self.owner)
        regrouping.run_part(proposal.run.parts.get().pk)
        positions = list(proposal.changes.values_list("position", flat=True))

        def accept():
            regrouping.accept(proposal, positions=positions, by=self.owner)
            regrouping.apply(proposal.pk)

        self.machine(accept)

    @rule(pick=PICK)
    def confirm(self, pick) -> None:
        self.with_one(pick, lambda one: triage.confirm(one, by=self.owner))

    @rule(pick=PICK, title=st.sampled_from(["Mon titre", "Le portail", "Trop de papiers"]))
    def rename(self, pick, title) -> None:
        self.with_one(pick, lambda one: triage.rename(one, title=title, by=self.owner))

    @rule(pick=PICK)
    def dismiss(self, pick) -> None:
        self.with_one(pick, lambda one: triage.dismiss(one, reason="Rien.", by=self.owner))

    @rule(pick=PICK)
    def restore(self, pick) -> None:
        self.with_one(pick, lambda one: triage.restore(one, by=self.owner))

    @rule(pick=PICK, other=PICK)
    def merge(self, pick, other) -> None:
        self.with_one(pick, lambda one: reshaping.merge(one, into=self.one(other), by=self.owner))

    @rule(pick=PICK, some=SOME)
    def split(self, pick, some) -> None:
        self.with_one(pick, lambda one: reshaping.split(one, segments=_of(one, some), title="À part", by=self.owner))

    @rule(pick=PICK, other=PICK, some=SOME)
    def move(self, pick, other, some) -> None:
        self.with_one(
            pick,
            lambda one: reshaping.move_passages(_of(one, some), from_=one, to=self.one(other), by=self.owner),
        )

    @rule(pick=PICK, some=SOME)
    def set_apart(self, pick, some) -> None:
        self.with_one(pick, lambda one: reshaping.set_apart(one, segments=_of(one, some), by=self.owner))

    @rule(pick=PICK, some=SOME)
    def attach(self, pick, some) -> None:
        self.with_one(pick, lambda one: reshaping.attach(_to_sort(some), to=one, by=self.owner))

    @rule(some=SOME)
    def found(self, some) -> None:
        self.person(lambda: reshaping.found(_to_sort(some), title="Fondé", by=self.owner))

    @rule(pick=PICK)
    def set_a_fiche_aside(self, pick) -> None:
        fiche = _picked(list(Fiche.objects.order_by("pk")), pick)
        self.person(lambda: sorting.dismiss_fiche(fiche, reason="Hors sujet, vraiment.", by=self.owner))

    def one(self, pick) -> PainPoint:
        return _picked(list(PainPoint.objects.order_by("pk")), pick)

    def with_one(self, pick, act) -> None:
        if PainPoint.objects.exists():
            self.person(lambda: act(self.one(pick)))

    @invariant()
    def no_exclusion_is_violated(self) -> None:
        assert not Membership.objects.filter(segment__rulings__pain_point=F("pain_point")).exists()

    @invariant()
    def what_is_merged_holds_nothing(self) -> None:
        assert not Membership.objects.filter(pain_point__state=PainPointState.MERGED).exists()

    @invariant()
    def counters_equal_a_recount(self) -> None:
        for one in PainPoint.objects.all():
            held = Fiche.objects.filter(segments__membership__pain_point=one).distinct().count()
            assert one.fiche_count == held, f"no. {one.pk}"

    @invariant()
    def every_passage_is_in_a_pain_point_or_to_sort(self) -> None:
        placed = set(Membership.objects.values_list("segment", flat=True))
        free = set(Segment.objects.unplaced().values_list("pk", flat=True))
        aside = set(Segment.objects.filter(fiche__state=FicheState.DISMISSED).values_list("pk", flat=True))
        assert placed | free | aside == set(Segment.objects.values_list("pk", flat=True))
        assert not placed & free


def _follow(number, merged):
    while number in merged:
        number = merged[number]
    return number


def _picked(items, pick):
    return items[pick % len(items)]


def _of(pain_point, some):
    held = list(Segment.objects.filter(membership__pain_point=pain_point).order_by("pk"))
    return list({_picked(held, pick) for pick in some}) if held else []


def _to_sort(some):
    free = list(Segment.objects.unplaced().order_by("pk"))
    return list({_picked(free, pick) for pick in some}) if free else []


def run(examples: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=16,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    run_state_machine_as_test(Board, settings=chosen)


def test_no_sequence_of_human_acts_and_regroupings_undoes_a_decision_or_loses_a_fiche():
    run(8)


def test_a_machine_that_forgets_what_people_decided_is_caught(monkeypatch):
    """The control: the same sequences, with a regrouping that asks nobody."""

    def forgetful(moves, part):
        Membership.objects.filter(segment__in=[segment.pk for segment, _, _ in moves]).delete()
        arriving = placing.still_true([(segment, into, 1.0) for segment, _, into in moves if into is not None])
        placing.attach(arriving, run=part.run)
        touched = set(PainPoint.objects.all())
        recount(touched)
        return touched, len(arriving)

    monkeypatch.setattr("feedback.grouping.links._is_kept", lambda *_: False)
    monkeypatch.setattr("feedback.grouping.rewriting._move", forgetful)
    with pytest.raises(AssertionError):
        run(8)
