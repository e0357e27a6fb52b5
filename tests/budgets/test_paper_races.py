"""Paper under attack by many at once: each defence, and the same attack without it."""

from threading import Barrier

import pytest
from django.db import connection, transaction

from consult.budgets.actions import batches, marking, registering
from consult.budgets.actions import counting as counts
from consult.budgets.errors import AlreadyVoted, BatchesOpen, BatchNotDone, BatchOver, MarkStays, SheetDone
from consult.budgets.models import Ballot, Count, Mark, PaperBatch, PaperSheet
from tests.budgets import paper, world
from tests.budgets.test_ballot_races import together
from tests.budgets.voting import cast, close, person

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_desk_and_the_web_at_once_are_one_vote():
    """The same person, in front of a clerk and on their telephone, twenty times."""
    asked, said, voter = paper.ballot(), paper.somebody(), person()
    registering.register(asked, said, by=voter)
    envelope = world.envelope_of(asked)
    works = [lambda: marking.mark(asked, envelope, said), lambda: cast(asked, voter, 1)] * 5
    done = together(*works)
    [mark] = Mark.objects.all()
    assert Ballot.objects.count() == (1 if mark.channel == "web" else 0)
    assert any(isinstance(one, AlreadyVoted) for one in done)


def test_two_desks_at_once_mark_one_person_once_and_count_them_once():
    asked, said = paper.ballot(), paper.somebody()
    done = together(*[lambda: marking.mark(asked, world.envelope_of(asked), said)] * 8)
    assert len([one for one in done if isinstance(one, AlreadyVoted)]) == 7
    assert marking.today(asked)[world.envelope_of(asked).pk].marks == Mark.objects.count() == 1


def test_clerks_keying_the_same_sheet_at_once_are_two_readings_and_no_more():
    asked, clerks = paper.ballot(), [paper.clerk() for _ in range(5)]
    batch = paper.batch(asked, 1)
    said = paper.read(batch, "1")
    done = together(*[lambda by=by: batches.key(batch, 1, said, by=by) for by in clerks])
    assert len([one for one in done if isinstance(one, SheetDone)]) == 3
    sheet = PaperSheet.objects.get()
    assert sheet.first_by_id != sheet.second_by_id
    assert sheet.second is not None


def test_one_clerk_in_two_windows_never_makes_both_readings():
    asked, by = paper.ballot(), paper.clerk()
    batch = paper.batch(asked, 1)
    together(*[lambda: batches.key(batch, 1, paper.read(batch, "1"), by=by)] * 6)
    assert PaperSheet.objects.get().second is None


def test_control_without_the_constraint_one_clerk_is_both_readings():
    asked, by = paper.ballot(), paper.clerk()
    batch = paper.batch(asked, 1)
    said = paper.read(batch, "1").as_json()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budgets_papersheet DROP CONSTRAINT a_sheet_is_keyed_by_two_people")
    PaperSheet.objects.create(batch=batch, rank=1, first=said, first_by=by, second=said, second_by=by)
    assert not batches.differs(PaperSheet.objects.get())


def test_a_batch_that_closes_while_a_sheet_is_typed_takes_it_or_refuses_it():
    """Announced again as one sheet less, closed, and keyed, all at once: nothing is half written."""
    asked, one, two = paper.ballot(), paper.clerk(), paper.clerk()
    paper.marked(asked, 3)
    batch = paper.batch(asked, 2)
    for by in (one, two):
        paper.keyed(batch, ["1", "2"], by=by)

    def more():
        batches.announce(batch, 3, by=one)
        return batches.key(batch, 3, paper.read(batch, "3"), by=one)

    typed, closed = together(more, lambda: batches.close(batch, by=two))
    kept = PaperBatch.objects.get()
    if isinstance(closed, BatchNotDone):
        assert (kept.state, PaperSheet.objects.count(), Ballot.objects.count()) == ("open", 3, 0)
    else:
        assert isinstance(typed, BatchOver)
        assert (kept.state, PaperSheet.objects.count(), Ballot.objects.count()) == ("closed", 0, 2)


def test_a_batch_closed_twice_at_once_is_in_the_box_once():
    asked, clerks = paper.ballot(), [paper.clerk(), paper.clerk()]
    paper.marked(asked, 6)
    batch = paper.batch(asked, 3)
    for by in clerks:
        paper.keyed(batch, ["1", "2", "3"], by=by)
    done = together(*[lambda: batches.close(batch, by=clerks[0])] * 4)
    assert len([one for one in done if isinstance(one, BatchOver)]) == 3
    assert Ballot.objects.count() == 3


def test_control_without_the_lock_a_batch_closed_twice_is_twice_in_the_box():
    """Read, judged, then written: each saw a batch that was open."""
    asked, by = paper.ballot(), paper.clerk()
    batch = paper.batch(asked, 1)
    both = Barrier(2)

    def shut():
        with transaction.atomic():
            is_open = PaperBatch.objects.get(pk=batch.pk).state == "open"
            both.wait(timeout=30)
            if is_open:
                envelope = world.envelope_of(asked)
                Ballot.objects.create(budget=asked, envelope=envelope, channel="paper", choices=[[1, 1]])

    batches.key(batch, 1, paper.read(batch, "1"), by=by)
    together(shut, shut)
    assert Ballot.objects.count() == 2


def test_two_batches_closing_at_once_are_not_more_than_the_people_marked():
    asked, clerks = paper.ballot(), [paper.clerk(), paper.clerk()]
    paper.marked(asked, 3)
    stacks = [paper.batch(asked, 2), paper.batch(asked, 2)]
    for stack in stacks:
        for by in clerks:
            paper.keyed(stack, ["1", "2"], by=by)
    together(*[lambda stack=stack: batches.close(stack, by=clerks[0]) for stack in stacks])
    assert sorted(PaperBatch.objects.values_list("state", flat=True)) == ["closed", "open"]
    assert Ballot.objects.count() == 2


def test_a_mark_cancelled_while_a_batch_opens_leaves_no_ballot_without_a_voter():
    asked, by = paper.ballot(), paper.clerk()
    [said] = paper.marked(asked, 1)
    envelope = world.envelope_of(asked)
    done = together(
        lambda: marking.cancel(asked, envelope, said, why="left", by=by),
        lambda: paper.batch(asked, 1, by=by),
    )
    cancelled = not isinstance(done[0], MarkStays)
    assert Mark.objects.count() == (0 if cancelled else 1)


def test_a_count_asked_for_while_a_batch_opens_waits_for_it_or_comes_before_it():
    asked, by = paper.ballot(), paper.clerk()
    paper.boxed(asked, ["1"])
    close(asked)
    count, opened = together(lambda: counts.ask(asked, by=by), lambda: paper.batch(asked, 1, by=by))
    assert isinstance(opened, PaperBatch)
    assert isinstance(count, BatchesOpen) == (not Count.objects.exists())
