"""One person, one vote; counters that are exact; a phase that closes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from consult import counting, phases
from consult.actions.votes import vote, withdraw_vote
from consult.choices import Act, Opinion, PhaseKind, VoteWidget
from consult.errors import NotAllowedNow, NotForYou, NotTaken, PhaseClosed
from consult.models import Consultation, Participant, Phase, Proposition, Section, Vote, Voter
from consult.people import participant_of
from tests.consult.test_page import propositions
from tests.consult.world import close, consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def people(many: int) -> list[Participant]:
    return [participant_of(UserFactory()) for _ in range(many)]


def together(work, given: list) -> list:
    """Run ``work`` on each, all at once, each on its own connection, open before; what it gave or raised."""
    ready = Barrier(len(given))

    def one(argument):
        try:
            connection.ensure_connection()
            ready.wait(timeout=30)
            return work(argument)
        except Exception as error:  # noqa: BLE001  (told to the test, which looks at it)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(one, given))


def counts(asked: Consultation, number: int = 1) -> tuple[int, int, int]:
    one = Proposition.objects.get(consultation=asked, number=number)
    return one.agree_count, one.mixed_count, one.disagree_count


def test_a_vote_is_counted_changed_and_withdrawn():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 2)
    [someone] = people(1)
    vote(asked, 1, Opinion.AGREE, by=someone)
    vote(asked, 1, Opinion.AGREE, by=someone)
    vote(asked, 2, Opinion.MIXED, by=someone)
    assert counts(asked) == (1, 0, 0)
    vote(asked, 1, Opinion.DISAGREE, by=someone)
    assert counts(asked) == (0, 0, 1)
    asked.refresh_from_db()
    assert (asked.vote_count, asked.voter_count) == (2, 1)
    withdraw_vote(asked, 1, by=someone)
    withdraw_vote(asked, 1, by=someone)
    withdraw_vote(asked, 2, by=someone)
    asked.refresh_from_db()
    assert (counts(asked), asked.vote_count, asked.voter_count) == ((0, 0, 0), 0, 0)
    vote(asked, 1, Opinion.AGREE, by=someone)
    asked.refresh_from_db()
    assert (asked.vote_count, asked.voter_count) == (1, 1)
    assert counting.differences(asked) == []


def test_more_voices_weigh_more_than_a_perfect_share():
    asked = consultation(PhaseKind.VOTE)
    few, many = propositions(asked, 2)
    Proposition.objects.filter(pk=few.pk).update(agree_count=2)
    Proposition.objects.filter(pk=many.pk).update(agree_count=90, disagree_count=10)
    few.refresh_from_db()
    many.refresh_from_db()
    # Wilson (1927), 95 %: 2 of 2 gives .342; 90 of 100 gives .826.
    assert (round(few.score, 3), round(many.score, 3)) == (0.342, 0.826)


def test_the_threshold_is_reached_once_and_its_date_stays():
    asked = consultation(PhaseKind.VOTE, threshold=2)
    propositions(asked, 1)
    one, two, three = people(3)
    vote(asked, 1, Opinion.AGREE, by=one)
    vote(asked, 1, Opinion.DISAGREE, by=three)
    assert Proposition.objects.get(consultation=asked).threshold_reached_at is None
    vote(asked, 1, Opinion.AGREE, by=two)
    reached = Proposition.objects.get(consultation=asked).threshold_reached_at
    assert reached is not None
    withdraw_vote(asked, 1, by=two)
    vote(asked, 1, Opinion.AGREE, by=three)
    assert Proposition.objects.get(consultation=asked).threshold_reached_at == reached


def test_only_what_the_section_asks_may_be_said():
    asked = consultation(PhaseKind.VOTE, vote=VoteWidget.AGREE)
    propositions(asked, 1)
    [someone] = people(1)
    with pytest.raises(NotTaken):
        vote(asked, 1, Opinion.DISAGREE, by=someone)
    Section.objects.filter(pk=section_of(asked).pk).update(vote=VoteWidget.NONE)
    with pytest.raises(NotTaken):
        vote(asked, 1, Opinion.AGREE, by=someone)


def test_who_is_not_of_the_level_is_told_what_to_do():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 1)
    Phase.objects.filter(page=asked.page).update(level="verified")
    [someone] = people(1)
    with pytest.raises(NotForYou) as refused:
        vote(asked, 1, Opinion.AGREE, by=someone)
    assert refused.value.level == "verified"


def test_nobody_votes_for_what_was_withdrawn_nor_once_it_is_closed():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 2)
    [someone] = people(1)
    vote(asked, 2, Opinion.AGREE, by=someone)
    Proposition.objects.filter(consultation=asked, number=1).update(state="withdrawn")
    with pytest.raises(NotAllowedNow):
        vote(asked, 1, Opinion.AGREE, by=someone)
    close(asked)
    with pytest.raises(PhaseClosed):
        vote(asked, 2, Opinion.MIXED, by=someone)
    with pytest.raises(PhaseClosed):
        withdraw_vote(asked, 2, by=someone)


@committed
def test_fifty_clicks_at_once_are_one_vote():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 1)
    [someone] = people(1)
    done = together(lambda _n: vote(asked, 1, Opinion.AGREE, by=someone), list(range(50)))
    assert all(isinstance(one, Proposition) for one in done), done
    assert Vote.objects.count() == 1
    assert counts(asked) == (1, 0, 0)
    assert counting.differences(asked) == []


@committed
def test_without_the_constraint_fifty_clicks_would_be_more():
    """The control: the same fifty, read then written, on a table that lost its constraint."""
    asked = consultation(PhaseKind.VOTE)
    [voted] = propositions(asked, 1)
    [someone] = people(1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_vote DROP CONSTRAINT one_person_one_vote")
        cursor.execute("ALTER TABLE consult_vote DROP CONSTRAINT a_vote_that_moved_is_counted_once")
    try:

        def click(_n: int) -> None:
            if not Vote.objects.filter(proposition=voted, participant=someone).exists():
                sleep(0.05)
                Vote.objects.create(proposition=voted, participant=someone, opinion=Opinion.AGREE)

        together(click, list(range(50)))
        assert Vote.objects.count() > 1
    finally:
        Vote.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE consult_vote ADD CONSTRAINT one_person_one_vote UNIQUE (proposition_id, participant_id),"
                " ADD CONSTRAINT a_vote_that_moved_is_counted_once UNIQUE (participant_id, given_on)"
            )


@committed
def test_many_people_at_once_are_all_counted():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 2)
    crowd = people(24)

    def acts(place: int) -> None:
        person = crowd[place]
        for number, opinion in ((1, Opinion.AGREE), (2, Opinion.MIXED), (1, Opinion.DISAGREE)):
            vote(asked, number, opinion, by=person)
        if place % 3 == 0:
            withdraw_vote(asked, 2, by=person)

    assert together(acts, list(range(24))) == [None] * 24
    asked.refresh_from_db()
    assert counts(asked, 1) == (0, 0, 24)
    assert counts(asked, 2) == (0, 16, 0)
    assert (asked.vote_count, asked.voter_count) == (40, 24)
    assert counting.differences(asked) == []


@committed
def test_counting_by_reading_then_writing_would_lose_votes():
    """The control: the same crowd, counted without holding the row."""
    asked = consultation(PhaseKind.VOTE)
    [voted] = propositions(asked, 1)

    def count(_n: int) -> None:
        read = Proposition.objects.get(pk=voted.pk).agree_count
        sleep(0.02)
        Proposition.objects.filter(pk=voted.pk).update(agree_count=read + 1)

    together(count, list(range(24)))
    assert counts(asked)[0] < 24
    assert [wrong.counter for wrong in counting.differences(asked)] == ["agree_count"]
    assert [wrong.true for wrong in counting.recount(asked)] == [0]
    assert counting.differences(asked) == []


@committed
def test_a_vote_that_was_let_in_before_the_hour_counts_and_the_next_one_does_not():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 1)
    early, late = people(2)
    Phase.objects.filter(page=asked.page).update(closes_at=phases.clock() + timedelta(seconds=0.5))

    def in_time(_n: int) -> None:
        with transaction.atomic():
            vote(asked, 1, Opinion.AGREE, by=early)
            sleep(1.2)

    def too_late(_n: int) -> None:
        sleep(0.8)
        vote(asked, 1, Opinion.AGREE, by=late)

    done = together(lambda work: work(0), [in_time, too_late])
    assert done[0] is None
    assert isinstance(done[1], PhaseClosed)
    assert counts(asked) == (1, 0, 0)


@committed
def test_dates_do_not_move_under_a_vote_and_nobody_votes_while_they_do():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 1)
    [someone] = people(1)

    def close_now(_n: int) -> None:
        with transaction.atomic():
            phases.alone(asked)
            sleep(0.5)
            Phase.objects.filter(page=asked.page).update(closes_at=phases.clock())

    def voting(_n: int) -> None:
        sleep(0.2)
        vote(asked, 1, Opinion.AGREE, by=someone)

    done = together(lambda work: work(0), [close_now, voting])
    assert done[0] is None
    assert isinstance(done[1], PhaseClosed)
    assert not Vote.objects.exists()


def test_the_act_asks_few_questions(django_assert_max_num_queries):
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 1)
    [someone] = people(1)
    with django_assert_max_num_queries(6):  # four, and the savepoint of a test
        vote(asked, 1, Opinion.AGREE, by=someone)
    assert phases.admit(asked, Act.VOTE)


def test_a_voter_is_never_counted_below_nothing():
    asked = consultation(PhaseKind.VOTE)
    [someone] = people(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voter.objects.create(consultation=asked, participant=someone, vote_count=-1)


def test_the_recount_tells_and_repairs():
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 1)
    Proposition.objects.update(agree_count=7)
    told = StringIO()
    with pytest.raises(CommandError, match="1 counters"):
        call_command("recount_consultation", stdout=told)
    assert "agree_count: 7 kept, 0 true" in told.getvalue()
    call_command("recount_consultation", asked.page.slug, repair=True, stdout=told)
    call_command("recount_consultation", stdout=told)
    with pytest.raises(CommandError):
        call_command("recount_consultation", "nulle-part")
