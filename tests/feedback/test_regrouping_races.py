"""Two owners decide on one proposal at once, two ask at once, two workers compute at once: one wins. With controls."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from feedback import grouping
from feedback.actions import regrouping
from feedback.choices import ChangeKind, ProposalState, Resolution
from feedback.errors import RuleBroken
from feedback.grouping import adding, leases, partition, placing, running
from feedback.models import GroupingPart, GroupingRun, Membership, PainPoint, Proposal, ProposedChange, Segment
from journal.models import Entry
from tests.factories import AdministrationFactory, ServiceFactory, UserFactory
from tests.feedback.scenes import file

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
def owners(service):
    return [UserFactory(owns=[service]), UserFactory(owns=[service])]


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr("feedback.tasks.ring", lambda *_: None)


def at_once(*acts):
    """Each act on its own connection; what each met: « done » or the name of the rule."""
    met: list[str] = []

    def run(act):
        try:
            act()
            met.append("done")
        except RuleBroken as broken:
            met.append(type(broken).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(met)


@pytest.fixture
def proposal(service, owners):
    """To read: one new pain point of three fiches."""
    fiches = [file(service, text) for text in LIFT]
    asked = regrouping.ask(service, resolution=Resolution.MEDIUM, by=owners[0])
    Proposal.objects.update(state=ProposalState.READY)
    segments = list(Segment.objects.filter(fiche__in=fiches).values_list("pk", flat=True))
    ProposedChange.objects.create(proposal=asked, kind=ChangeKind.NEW, position=1, title="Ascenseur", segments=segments)
    asked.refresh_from_db()
    return asked


def acceptances(proposal, owners):
    return [lambda by=by: regrouping.accept(proposal, positions=[1], by=by) for by in owners]


def accepted():
    return Entry.objects.filter(verb="regroup.accepted").count()


def test_two_owners_accepting_at_once_accept_once_and_the_second_is_told(proposal, owners, meeting):
    meeting(regrouping, "_lock")
    assert at_once(*acceptances(proposal, owners)) == ["NotAllowedNow", "done"]
    assert accepted() == 1
    at_once(lambda: regrouping.apply(proposal.pk), lambda: regrouping.apply(proposal.pk))
    assert PainPoint.objects.get().fiche_count == 3


def test_without_the_lock_both_would_have_accepted(proposal, owners, meeting, monkeypatch):
    monkeypatch.setattr(regrouping, "_lock", lambda proposal, _target: Proposal.objects.get(pk=proposal.pk))
    meeting(regrouping, "_lock")
    assert at_once(*acceptances(proposal, owners)) == ["done", "done"]
    assert accepted() == 2


def test_one_accepts_while_the_other_leaves_it_aside(proposal, owners, meeting):
    meeting(regrouping, "_lock")
    first, second = owners
    met = at_once(
        lambda: regrouping.accept(proposal, positions=[1], by=first),
        lambda: regrouping.discard(proposal, by=second),
    )
    assert met == ["NotAllowedNow", "done"]


def test_two_owners_asking_at_once_make_one_proposal(service, owners, meeting):
    meeting(grouping, "plan")
    asks = [lambda by=by: regrouping.ask(service, resolution=Resolution.FINE, by=by) for by in owners]
    assert at_once(*asks) == ["AlreadyProposed", "done"]
    assert Proposal.objects.count() == GroupingRun.objects.count() == 1


@pytest.fixture
def counted(monkeypatch):
    """How many times the heavy work is done."""
    done = []
    real = adding.add

    def slow(part, *, say):
        done.append(part.pk)
        threading.Event().wait(0.5)  # long enough for the other worker to come
        return real(part, say=say)

    monkeypatch.setitem(running._WORK, "add", slow)
    return done


def part_of_three(service) -> GroupingPart:
    for text in LIFT:
        file(service, text)
    return grouping.plan("add", service=service).parts.get()


def test_two_workers_with_the_same_part_do_it_once(service, counted):
    part = part_of_three(service)
    at_once(lambda: regrouping.run_part(part.pk), lambda: regrouping.run_part(part.pk))
    assert counted == [part.pk]
    part.refresh_from_db()
    assert (part.state, part.attempt) == ("done", 1)
    assert Entry.objects.filter(verb="regroup.done").count() == 1


def test_without_the_lease_the_work_is_done_twice(service, counted, monkeypatch):
    monkeypatch.setattr(leases, "_ask", lambda *_: True)
    part = part_of_three(service)
    at_once(lambda: regrouping.run_part(part.pk), lambda: regrouping.run_part(part.pk))
    assert counted == [part.pk, part.pk]


def test_a_worker_that_lost_its_part_writes_nothing(service):
    """It was taken for dead (its connection fell), another took the part up: only the second one's results count."""
    part = part_of_three(service)
    with leases.taken(part.pk) as first:
        GroupingPart.objects.filter(pk=part.pk).update(attempt=2)
        with pytest.raises(leases.TakenOver):
            adding.add(first, say=lambda *_: None)
    assert not Membership.objects.exists()


@pytest.fixture
def thinking(service, monkeypatch):
    """A regroup that thinks until the citizen has been placed, or has waited two seconds for its turn."""
    begun, go_on = threading.Event(), threading.Event()
    real = adding.foundings_among

    def long(*args, **kwargs):
        begun.set()
        go_on.wait(timeout=30)
        return real(*args, **kwargs)

    monkeypatch.setattr(adding, "foundings_among", long)
    for text in LIFT:
        file(service, text)
    newcomer = file(service, "Le car passe trop tôt le matin.")
    waited = []

    def citizen():
        begun.wait(timeout=30)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            placing.place(newcomer)
        except OperationalError as error:
            waited.append(str(error))
        finally:
            go_on.set()

    def check(regroup):
        at_once(regroup, citizen)
        newcomer.refresh_from_db()
        return waited, newcomer

    return check


def test_a_citizen_is_placed_while_a_regroup_thinks(service, thinking):
    waited, newcomer = thinking(lambda: grouping.regroup(service=service))
    assert (waited, bool(newcomer.placed_at)) == ([], True)
    assert PainPoint.objects.get().fiche_count == 3


def test_a_regroup_that_thought_under_the_lock_would_keep_the_citizen_waiting(service, thinking):
    @transaction.atomic
    def locked():
        placing.lock_grouping()
        grouping.regroup(service=service)

    waited, _newcomer = thinking(locked)
    assert "lock timeout" in waited[0]


def the_same_thing_said_to_two_services_grouped_at_once(monkeypatch, meeting):
    """Each worker has thought before the other has written."""
    monkeypatch.setattr(partition, "TOGETHER", 0)
    services = [ServiceFactory(administration=one) for one in AdministrationFactory.create_batch(2)]
    for service in services:
        for text in LIFT:
            file(service, text)
    meeting(adding, "foundings_among")
    run = grouping.plan("add")
    at_once(*(lambda pk=pk: regrouping.run_part(pk) for pk in partition.ready(run)))
    return services


def test_two_workers_that_group_two_services_at_once_do_not_split_a_pain_point(monkeypatch, meeting):
    services = the_same_thing_said_to_two_services_grouped_at_once(monkeypatch, meeting)
    pain_point = PainPoint.objects.get()
    assert pain_point.fiche_count == 2 * len(LIFT)
    assert set(pain_point.services.all()) == set(services)
    assert not Segment.objects.unplaced().exists()


def test_without_looking_again_under_the_lock_they_split_it(monkeypatch, meeting):
    monkeypatch.setattr(adding, "_born", lambda _: set())
    the_same_thing_said_to_two_services_grouped_at_once(monkeypatch, meeting)
    assert PainPoint.objects.count() == 2
