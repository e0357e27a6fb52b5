"""Regroupings on real workers, killed -9 in the middle: finished once, nothing doubled, nothing half written."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from feedback import clock, grouping, tasks
from feedback.actions import regrouping
from feedback.choices import ChangeKind, PartState, ProposalState, Resolution
from feedback.grouping import leases, partition
from feedback.models import (
    Fiche,
    GroupingPart,
    GroupingRun,
    Membership,
    PainPoint,
    Proposal,
    ProposedChange,
    Segment,
)
from journal.models import Entry
from tests.factories import AdministrationFactory, ServiceFactory, UserFactory
from tests.feedback.scenes import file
from tests.letters.conftest import post  # noqa: F401  (a fixture that the worker asks for)
from tests.trust.test_crashes import (  # noqa: F401  (broker and start_worker are fixtures)
    broker,
    kill,
    somebody_waits_for_a_lock,
    start_worker,
    the_journal,
    wait_until,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LIFT = [
    "L’ascenseur de la station Gare est en panne depuis trois semaines.",
    "Ascenseur encore en panne à la station Gare, impossible avec une poussette.",
    "L’ascenseur en panne de la Gare oblige ma mère à prendre l’escalier.",
]


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def three(service):
    """Fiches that were looked at when they came, and held by nothing: only a regrouping sees them again."""
    fiches = [file(service, text) for text in LIFT]
    Fiche.objects.update(placed_at=Now())
    return fiches


def time_passes() -> None:
    GroupingPart.objects.update(rung_at=Now() - timedelta(minutes=5))


def resumed(start_worker) -> GroupingRun:  # noqa: F811  (the fixture, handed over)
    """Another worker, the clock, and the end."""
    time_passes()
    start_worker()
    clock.sweep.delay()
    wait_until(lambda: not GroupingRun.objects.filter(finished_at=None).exists())
    return GroupingRun.objects.get()


def test_a_worker_killed_while_it_thinks_is_seen_at_once_and_its_part_is_done_by_another(
    service,
    three,
    start_worker,  # noqa: F811  (a fixture taken from test_crashes)
    tmp_path,
):
    worker = start_worker(encoder="settings_of_the_worker.endless")
    regrouping.start_the_night()
    wait_until((tmp_path / "encoding").exists)
    part = GroupingPart.objects.get()
    assert (part.state, leases.held_now()) == (PartState.RUNNING, {part.pk})
    time_passes()
    assert grouping.to_ring(part.run) == [], "its worker lives: nobody else is called"
    kill(worker)
    wait_until(lambda: not leases.held_now())
    assert not Membership.objects.exists()
    run = resumed(start_worker)
    part.refresh_from_db()
    assert (part.state, part.attempt) == (PartState.DONE, 2)
    assert (PainPoint.objects.get().fiche_count, run.figures["new"]) == (3, 1)
    assert Entry.objects.filter(verb="regroup.done").count() == 1


def test_a_worker_killed_while_it_writes_leaves_nothing_half_written(service, three, start_worker):  # noqa: F811  (a fixture taken from test_crashes)
    worker = start_worker()
    (part,) = grouping.plan("add").parts.values_list("pk", flat=True)
    with the_journal():
        tasks.ring(regrouping.RUN_PART, part)
        wait_until(somebody_waits_for_a_lock)
        kill(worker)
    assert not PainPoint.objects.exists(), "killed too late: the test would prove nothing"
    resumed(start_worker)
    assert PainPoint.objects.get().fiche_count == Membership.objects.count() == 3


def test_a_worker_killed_while_it_prepares_a_proposal_proposes_each_change_once(
    service,
    three,
    start_worker,  # noqa: F811  (a fixture taken from test_crashes)
    tmp_path,
):
    worker = start_worker(encoder="settings_of_the_worker.endless")
    regrouping.ask(service, resolution=Resolution.MEDIUM, by=UserFactory(owns=[service]))
    wait_until((tmp_path / "encoding").exists)
    kill(worker)
    resumed(start_worker)
    proposal = Proposal.objects.get()
    assert proposal.state == ProposalState.READY
    assert [change.kind for change in proposal.changes.all()] == [ChangeKind.NEW]
    assert not PainPoint.objects.exists()


def test_a_worker_killed_while_it_applies_a_proposal_applies_each_change_once(service, three, start_worker):  # noqa: F811  (a fixture taken from test_crashes)
    owner = UserFactory(owns=[service])
    proposal = regrouping.ask(service, resolution=Resolution.MEDIUM, by=owner)
    regrouping.run_part(proposal.run.parts.get().pk)
    worker = start_worker()
    regrouping.accept(proposal, positions=[1], by=owner)
    with the_journal():
        tasks.ring(regrouping.APPLY, proposal.pk)
        wait_until(lambda: somebody_waits_for_a_lock() or ProposedChange.objects.get().done_at)
        kill(worker)
    start_worker()
    clock.sweep.delay()
    wait_until(lambda: Proposal.objects.get().state == ProposalState.APPLIED)
    assert PainPoint.objects.get().fiche_count == 3
    assert Entry.objects.filter(verb="regroup.applied").count() == 1


def test_two_workers_share_the_services_and_then_what_they_left(start_worker, monkeypatch):  # noqa: F811  (a fixture taken from test_crashes)
    """Each service says it once or twice: only together, in the last stages, is it a pain point."""
    monkeypatch.setattr(partition, "TOGETHER", 0)
    administrations = AdministrationFactory.create_batch(2)
    services = [ServiceFactory(administration=one) for one in administrations for _ in range(2)]
    for service, text in zip(services, [*LIFT, LIFT[0]], strict=True):
        file(service, text)
    Fiche.objects.update(placed_at=Now())
    start_worker()
    start_worker()
    regrouping.start_the_night()
    wait_until(lambda: not GroupingRun.objects.filter(finished_at=None).exists())
    parts = list(GroupingPart.objects.values_list("stage", "state", "attempt"))
    assert sorted(parts) == [(0, "done", 1)] * 4 + [(1, "done", 1)] * 2 + [(2, "done", 1)]
    pain_point = PainPoint.objects.get()
    assert pain_point.fiche_count == 4
    assert set(pain_point.services.all()) == set(services)
    assert not Segment.objects.unplaced().exists()
