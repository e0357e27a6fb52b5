"""The ballot box under attack by many at once: each defence, and the same attack without it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from consult.budgets import papers
from consult.budgets.actions import closing, drafting, voting
from consult.budgets.errors import AlreadyVoted, PaperRefused, TerritoryTaken
from consult.budgets.models import Ballot, BallotDraft, Envelope, Mark, RollEntry
from consult.errors import PhaseClosed
from tests.budgets import world
from tests.budgets.test_ballot_pages import page
from tests.budgets.voting import KEY, cast, close, counts, person

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works):
    """Run them at the same moment, each on its own connection, open before; what each gave or raised."""
    ready = Barrier(len(works))

    def one(work):
        try:
            connection.ensure_connection()
            ready.wait(timeout=30)
            return work()
        except Exception as error:  # noqa: BLE001  (told to the test, which looks at it)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_the_same_ballot_fifty_times_at_once_is_one_ballot_and_one_receipt():
    asked, voter = world.ballot(), person()
    browsers = [Client() for _ in range(20)]
    for browser in browsers:
        browser.force_login(voter.user)
    sent = {"key": str(KEY), "was": "", "pair": ["1:", "3:"]}

    def post(browser):
        return browser.post(page(asked, "verifier/"), sent)

    doors = [lambda browser=browser: post(browser).status_code for browser in browsers]
    acts = [lambda: cast(asked, voter, 1, 3, key=KEY, was="").code for _ in range(30)]
    answers = together(*doors, *acts)
    assert answers[:20] == [200] * 20
    assert len(set(answers[20:])) == 1, answers[20:]
    assert counts(asked) == (1, 1)


def test_fifty_different_ballots_of_one_person_at_once_leave_one():
    asked, voter = world.ballot(), person()
    cast(asked, voter, 2)

    def change():
        return cast(asked, voter, 1, 3)

    together(*[change] * 25)
    assert counts(asked) == (1, 1)
    assert Mark.objects.get().pointer == str(Ballot.objects.get().pk)


def test_control_without_the_constraint_one_person_votes_several_times():
    """The same, asked then written, on a table that lost its constraint."""
    asked, voter = world.ballot(), person()
    entry = RollEntry.objects.create(budget=asked, person_key="x", participant=voter)
    envelope = world.envelope_of(asked)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budgets_mark DROP CONSTRAINT one_person_one_ballot_an_envelope")

    def vote():
        with transaction.atomic():
            if not Mark.objects.filter(entry=entry, envelope=envelope).exists():
                sleep(0.05)
                Ballot.objects.create(budget=asked, envelope=envelope, channel="web", choices=[[1, 1]])
                Mark.objects.create(entry=entry, envelope=envelope, channel="web")

    try:
        together(*[vote] * 10)
        assert counts(asked)[0] > 1
    finally:
        Mark.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE budgets_mark"
                " ADD CONSTRAINT one_person_one_ballot_an_envelope UNIQUE (entry_id, envelope_id)"
            )


def test_the_last_euro_raced_by_two_windows_is_given_once():
    asked, voter = world.ballot(400_000, 200_000, 200_000), person()
    envelope = world.envelope_of(asked)
    drafting.choose(asked, envelope, 1, by=voter)
    done = together(*[lambda n=n: drafting.choose(asked, envelope, n, by=voter) for n in (2, 3)])
    assert sorted(isinstance(one, PaperRefused) for one in done) == [False, True]
    kept = drafting.read(BallotDraft.objects.get())
    assert len(kept) == 2


def test_control_without_the_lock_both_windows_spend_the_last_euro():
    """Read, judged, then written: each window saw room for its project."""
    asked, voter = world.ballot(400_000, 200_000, 200_000), person()
    drafting.choose(asked, world.envelope_of(asked), 1, by=voter)
    both = Barrier(2)

    def add(number):
        spent = 400_000 + 200_000 * (len(drafting.read(BallotDraft.objects.get())) - 1)
        both.wait(timeout=30)
        if spent + 200_000 <= 600_000:
            return number
        return None

    assert together(lambda: add(2), lambda: add(3)) == [2, 3]


def test_one_territory_is_taken_by_two_windows_at_once():
    asked = world.budget(world.BudgetPhaseKind.BALLOT, rules=world.ballot_rules(envelopes="one_territory"))
    places = [
        Envelope.objects.create(page=asked.page, title=name, kind="territory", amount=20_000_000)
        for name in ("Nord", "Sud")
    ]
    for envelope in [world.envelope_of(asked), *places]:
        world.project(asked, envelope=envelope)
    world.freeze(asked)
    voter = person()
    done = together(*[lambda n=n, e=e: cast(asked, voter, n, envelope=e) for n, e in enumerate(places, start=2)])
    assert sorted(isinstance(one, TerritoryTaken) for one in done) == [False, True]
    assert counts(asked) == (1, 1)


def test_paper_and_web_at_once_are_one_vote():
    asked, voter = world.ballot(), person()
    envelope = world.envelope_of(asked)
    drafting.choose(asked, envelope, 1, by=voter)
    entry = RollEntry.objects.get(participant=voter)
    done = together(
        lambda: cast(asked, voter, 1),
        lambda: voting.mark_on_paper(asked, envelope, entry),
    )
    assert sorted(isinstance(one, AlreadyVoted) for one in done) == [False, True], done
    assert Mark.objects.count() == 1
    assert Ballot.objects.count() == (1 if Mark.objects.get().channel == "web" else 0)


def test_a_ballot_let_in_before_the_hour_counts_and_closing_waits_for_it(monkeypatch):
    """Begun a tenth of a second before closing, written after: it is in the box, and sealed with the others."""
    asked, early, late = world.ballot(), person(), person()
    inside, over, sheet = Barrier(2), Barrier(2), papers.sheet

    def slow(*given):
        inside.wait(timeout=60)  # let in
        over.wait(timeout=60)  # and the hour has passed since
        return sheet(*given)

    def shut():
        inside.wait(timeout=60)
        close(asked)
        over.wait(timeout=60)
        return closing.close(asked)

    monkeypatch.setattr(voting.papers, "sheet", slow)
    done, closed = together(lambda: cast(asked, early, 1), shut)
    monkeypatch.undo()
    assert (done.choices, closed, counts(asked)) == ([[1, 1]], True, (1, 1))
    assert Mark.objects.get().pointer == ""
    with pytest.raises(PhaseClosed):
        cast(asked, late, 1)


def test_changing_while_it_closes_leaves_one_ballot_and_no_way_to_it():
    asked = world.ballot()
    voters = [person() for _ in range(6)]
    changed = Barrier(7)

    def change(voter):
        cast(asked, voter, 1)
        changed.wait(timeout=60)
        for number in range(10_000):
            try:
                cast(asked, voter, 1 + number % 3)
            except PhaseClosed:
                return "closed"
        return "never"

    def shut():
        changed.wait(timeout=60)
        close(asked)
        return closing.close(asked), closing.close(asked)

    done = together(*[lambda voter=voter: change(voter) for voter in voters], shut)
    assert done == ["closed"] * 6 + [(True, True)]
    assert counts(asked) == (6, 6)
    assert not Mark.objects.exclude(pointer="").exists()
    assert not BallotDraft.objects.exists()


def test_mixing_while_people_vote_loses_nobody():
    asked = world.ballot()
    voters = [person() for _ in range(10)]

    def vote(voter):
        cast(asked, voter, 1)
        cast(asked, voter, 2)

    def mix():
        for _each in range(6):
            closing.mix(asked)

    assert together(*[lambda voter=voter: vote(voter) for voter in voters], mix) == [None] * 11
    assert counts(asked) == (10, 10)
    close(asked)
    assert closing.close(asked)
