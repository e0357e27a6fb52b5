"""A service asks for a new grouping, reads what would change, accepts some of it; people's decisions stand."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback import clock, grouping
from feedback.actions import regrouping, reshaping, triage
from feedback.choices import ChangeKind, PainPointState, ProposalState, Resolution, Source
from feedback.errors import NotAllowedNow
from feedback.grouping.adding import lonely
from feedback.models import (
    GroupingChoice,
    GroupingPart,
    Membership,
    PainPoint,
    Proposal,
    ProposedChange,
    Ruling,
    Segment,
)
from journal.models import Entry
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db

PROOF = [
    "On me redemande un justificatif de domicile alors que je l’ai déjà donné en juin pour l’école.",
    "Encore une fois il faut fournir le justificatif de domicile, je n’ai pas déménagé.",
    "Pourquoi redonner un justificatif de domicile chaque année, l’adresse est la même.",
    "Le justificatif de domicile, encore, pour la cantine comme pour l’école.",
]
LIFT = [
    "L’ascenseur de la station Gare est en panne depuis trois semaines.",
    "Ascenseur encore en panne à la station Gare, impossible avec une poussette.",
    "L’ascenseur en panne de la Gare oblige ma mère à prendre l’escalier.",
    "Quand sera réparé l’ascenseur de la station Gare, en panne tout le mois.",
]


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine scolaire")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


def prepared(service, owner, resolution=Resolution.MEDIUM) -> Proposal:
    proposal = regrouping.ask(service, resolution=resolution, by=owner)
    for part in proposal.run.parts.all():
        regrouping.run_part(part.pk)
    proposal.refresh_from_db()
    return proposal


def applied(proposal, owner, *, positions=None, **details) -> Proposal:
    chosen = [one.position for one in proposal.changes.all()] if positions is None else positions
    regrouping.accept(proposal, positions=chosen, by=owner, **details)
    regrouping.apply(proposal.pk)
    proposal.refresh_from_db()
    return proposal


def picture():
    """Everything on the board."""
    return (
        list(PainPoint.objects.order_by("pk").values_list("pk", "title", "state", "fiche_count", "merged_into")),
        list(Membership.objects.order_by("segment").values_list("segment", "pain_point", "source", "confirmed_by")),
        list(Ruling.objects.order_by("pk").values_list("segment", "pain_point")),
    )


def change(proposal, kind, **fields) -> ProposedChange:
    """A change written by hand: what the machine proposes depends on the words, what is done with it does not."""
    position = proposal.changes.count() + 1
    return ProposedChange.objects.create(proposal=proposal, kind=kind, position=position, **fields)


def segments_of(*fiches) -> list[int]:
    return list(Segment.objects.filter(fiche__in=fiches).order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def ready(service, owner):
    """A proposal to read, without any change yet."""
    proposal = regrouping.ask(service, resolution=Resolution.FINE, by=owner)
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.READY)
    GroupingPart.objects.filter(run=proposal.run).delete()
    proposal.refresh_from_db()
    return proposal


def test_nothing_changes_on_the_board_before_somebody_accepts(service, owner):
    for text in PROOF + LIFT:
        file(service, text)
    before = picture()
    proposal = prepared(service, owner)
    assert proposal.state == ProposalState.READY
    assert [one.kind for one in proposal.changes.all()] == [ChangeKind.NEW] * 2
    assert picture() == before
    assert not GroupingChoice.objects.exists()
    regrouping.discard(proposal, by=owner)
    assert picture() == before


def test_less_is_asked_of_a_few_passages_than_of_many_before_they_are_proposed():
    scores = np.array([0.1, 0.4, 0.5, 0.6])
    assert 0 < lonely(scores) < scores[0]
    assert scores[0] < lonely(np.tile(scores, 25)) == lonely(np.tile(scores, 250)) < scores[1]
    assert lonely(np.array([])) == 0


def test_what_is_accepted_is_founded_under_the_name_and_the_title_the_owner_gave(service, owner):
    for text in PROOF + LIFT:
        file(service, text)
    proposal = prepared(service, owner)
    first, second = proposal.changes.all()
    assert first.fiches_after == len(first.segments) == 4
    assert len(first.central) == 3
    applied(proposal, owner, positions=[first.position], titles={first.position: "  La pièce  redemandée "})
    pain_point = PainPoint.objects.get()
    assert (pain_point.title, pain_point.state) == ("La pièce  redemandée", PainPointState.CONFIRMED)
    assert pain_point.fiche_count == 4
    assert Entry.objects.get(verb="pain_point.confirmed").actor_key == owner.pk
    held = Membership.objects.filter(pain_point=pain_point)
    assert set(held.values_list("source", "confirmed_by", "run")) == {(Source.MACHINE, owner.pk, proposal.run_id)}
    second.refresh_from_db()
    assert second.done_at is None
    assert proposal.state == ProposalState.APPLIED


def test_the_setting_is_kept_once_a_proposal_made_with_it_is_accepted_and_used_by_the_night(service, owner):
    for text in PROOF:
        file(service, text)
    proposal = prepared(service, owner, Resolution.FINE)
    assert regrouping.resolution_of(service) == Resolution.MEDIUM
    applied(proposal, owner)
    assert regrouping.resolution_of(service) == Resolution.FINE
    file(service, LIFT[0])
    run = grouping.regroup()
    assert run.parts.get(service=service).resolution == Resolution.FINE


def test_newcomers_are_proposed_to_the_pain_point_that_exists(service, owner):
    pain_point = gather(service, *[file(service, text) for text in PROOF[:3]], by=owner)
    for text in LIFT:
        file(service, text)
    file(service, PROOF[3])
    proposal = prepared(service, owner)
    grown = proposal.changes.get(kind=ChangeKind.GROWN)
    assert (grown.pain_point, grown.fiches_before, grown.fiches_after) == (pain_point, 3, 4)
    applied(proposal, owner, positions=[grown.position])
    pain_point.refresh_from_db()
    assert pain_point.fiche_count == 4


def test_each_change_is_done_by_the_act_that_people_use(service, owner, ready):
    first = gather(service, *[file(service, text) for text in PROOF], by=owner)
    twin = gather(service, *[file(service, text) for text in PROOF[:2]], by=owner, title="Encore la pièce")
    mixed = gather(service, *[file(service, text) for text in PROOF + LIFT], by=owner, title="Un peu de tout")
    Membership.objects.filter(pain_point=mixed).update(source=Source.MACHINE, confirmed_by=None)
    lift = list(Segment.objects.filter(membership__pain_point=mixed, text__icontains="ascenseur").order_by("pk"))
    others = list(Segment.objects.filter(membership__pain_point=mixed).exclude(pk__in=[s.pk for s in lift]))
    split = change(ready, ChangeKind.SPLIT, pain_point=mixed, title="Ascenseur", segments=[s.pk for s in lift])
    change(ready, ChangeKind.MERGE, pain_point=twin, other=first)
    change(ready, ChangeKind.MOVE, pain_point=mixed, other=first, segments=[others[0].pk])
    change(ready, ChangeKind.LEAVE, pain_point=mixed, segments=[others[1].pk])
    applied(ready, owner)
    split.refresh_from_db()
    assert split.made.split_from == mixed
    assert set(Segment.objects.filter(membership__pain_point=split.made)) == set(lift)
    twin.refresh_from_db()
    assert (twin.state, twin.merged_into) == (PainPointState.MERGED, first)
    assert others[0].membership.pain_point == first
    assert not Membership.objects.filter(segment=others[1]).exists()
    assert Ruling.objects.filter(segment=others[1], pain_point=mixed).exists()
    verbs = set(Entry.objects.filter(actor_key=owner.pk).values_list("verb", flat=True))
    assert {"pain_point.split", "pain_point.merged", "pain_point.moved_passage", "regroup.accepted"} <= verbs


def test_what_changed_since_is_left_and_said(service, owner, ready):
    pain_point = gather(service, *[file(service, text) for text in PROOF], by=owner)
    free = [file(service, text) for text in LIFT]
    new = change(ready, ChangeKind.NEW, title="Ascenseur", segments=segments_of(*free))
    grown = change(ready, ChangeKind.GROWN, pain_point=pain_point, segments=segments_of(*free[:1]))
    taken = gather(service, free[0], by=owner, title="Ascenseur seul")
    applied(ready, owner)
    new.refresh_from_db()
    grown.refresh_from_db()
    assert (new.is_skipped, new.left_out, new.made.fiche_count) == (False, 1, 3)
    assert (grown.is_skipped, grown.made) == (True, None)
    assert free[0].segments.get().membership.pain_point == taken


def test_a_passage_that_a_person_put_or_ruled_out_is_not_moved_by_an_acceptance(service, owner, ready):
    pain_point = gather(service, *[file(service, text) for text in PROOF], by=owner)
    other = gather(service, *[file(service, text) for text in LIFT], by=owner, title="Ascenseur")
    put = Segment.objects.filter(membership__pain_point=other).first()
    excluded = file(service, "Un passage que personne ne veut ici.")
    reshaping.attach(list(excluded.segments.all()), to=pain_point, by=owner)
    reshaping.set_apart(pain_point, segments=list(excluded.segments.all()), by=owner)
    change(ready, ChangeKind.MOVE, pain_point=other, other=pain_point, segments=[put.pk])
    change(ready, ChangeKind.GROWN, pain_point=pain_point, segments=segments_of(excluded))
    before = picture()
    applied(ready, owner)
    assert picture() == before
    assert all(ready.changes.values_list("is_skipped", flat=True))


def test_a_merge_is_not_done_for_who_no_longer_answers_for_one_of_the_two(service, owner, ready):
    elsewhere = ServiceFactory()
    theirs = gather(elsewhere, file(elsewhere), title="Chez eux")
    ours = gather(service, file(service), by=owner)
    change(ready, ChangeKind.MERGE, pain_point=ours, other=theirs)
    applied(ready, owner)
    ours.refresh_from_db()
    assert ours.state == PainPointState.CONFIRMED
    assert ready.changes.get().is_skipped


def test_a_service_has_one_living_proposal(service, owner, ready):
    with pytest.raises(regrouping.AlreadyProposed):
        regrouping.ask(service, resolution=Resolution.MEDIUM, by=owner)
    assert Proposal.objects.count() == 1
    run = grouping.plan("propose", service=service)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(service=service, run=run, expires_at=timezone.now())
    regrouping.discard(ready, by=owner)
    assert regrouping.ask(service, resolution=Resolution.MEDIUM, by=owner).state == ProposalState.COMPUTING


def test_nothing_ticked_is_not_accepted(service, owner, ready):
    change(ready, ChangeKind.NEW, title="Rien", segments=[])
    with pytest.raises(regrouping.NothingTicked):
        regrouping.accept(ready, positions=[], by=owner)


def test_a_proposal_nobody_reads_expires_and_is_not_accepted_any_more(service, owner, ready):
    change(ready, ChangeKind.NEW, title="Vieux", segments=[])
    Proposal.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotAllowedNow):
        regrouping.accept(ready, positions=[1], by=owner)
    clock.sweep()
    ready.refresh_from_db()
    assert ready.state == ProposalState.EXPIRED
    assert regrouping.ask(service, resolution=Resolution.MEDIUM, by=owner).pk != ready.pk


def test_applying_twice_applies_once(service, owner, ready):
    free = [file(service, text) for text in LIFT]
    change(ready, ChangeKind.NEW, title="Ascenseur", segments=segments_of(*free))
    applied(ready, owner)
    before = picture()
    regrouping.apply(ready.pk)
    assert picture() == before
    assert Entry.objects.filter(verb="regroup.applied").count() == 1


def test_what_was_accepted_among_many_may_be_moved_by_a_later_proposal_and_what_one_decides_may_not(service, owner):
    for text in PROOF + LIFT:
        file(service, text)
    applied(prepared(service, owner), owner)
    machine = Membership.objects.filter(source=Source.MACHINE)
    assert machine.count() == Membership.objects.count() == 8
    triage.rename(PainPoint.objects.first(), title="Mon titre", by=owner)
    assert prepared(service, owner, Resolution.COARSE).state == ProposalState.READY


def test_an_error_is_tried_again_and_after_three_times_the_proposal_says_that_it_stopped(service, owner, monkeypatch):
    def broken(*_, **__):
        raise ValueError("a model that fails")

    monkeypatch.setattr("feedback.grouping.proposing.grouped", broken)
    file(service, PROOF[0])
    proposal = prepared(service, owner)
    part = proposal.run.parts.get()
    assert (proposal.state, part.state) == (ProposalState.COMPUTING, "running")
    for _ in range(2):
        regrouping.run_part(part.pk)
    proposal.refresh_from_db()
    part.refresh_from_db()
    assert (proposal.state, part.state, part.problem) == (ProposalState.FAILED, "failed", "broke")
    monkeypatch.undo()
    assert prepared(service, owner).state == ProposalState.READY
