"""Paper ballots: marked at a desk, keyed twice, settled by a third act, counted and told with the others."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from consult.budgets import papers, rolls, sheets
from consult.budgets.actions import batches, marking, registering, voting
from consult.budgets.actions import counting as counts
from consult.budgets.choices import CancelledBecause, SheetKind
from consult.budgets.errors import (
    AlreadyVoted,
    AnnouncedTooFew,
    BallotsMoved,
    BatchesOpen,
    BatchNotDone,
    BatchOver,
    CountSigned,
    IdentityNotAsked,
    MarkStays,
    MayNotVote,
    MoreBallotsThanMarks,
    NoSuchSheet,
    NothingToSettle,
    NotMarkedHere,
    PaperRefused,
    SettledByWhoKeyed,
    SheetDone,
)
from consult.budgets.models import Ballot, BallotOption, Condition, DeskDay, Mark, PaperBatch, PaperSheet
from consult.budgets.phases import clock
from consult.errors import PhaseClosed
from journal.models import Entry
from tally.budgets import Regulation
from tests.budgets import box, paper, world
from tests.budgets.voting import cast, close, person

pytestmark = pytest.mark.django_db


# --- marked at a desk ---------------------------------------------------------------------------------------------


def online(asked, said):
    """The same person, with an account."""
    voter = person()
    registering.register(asked, said, by=voter)
    return voter


def test_who_is_marked_on_paper_no_longer_votes_online_and_the_reverse():
    asked = paper.ballot()
    envelope = world.envelope_of(asked)
    first, second = paper.somebody(), paper.somebody()
    marking.mark(asked, envelope, first)
    with pytest.raises(AlreadyVoted):
        cast(asked, online(asked, first), 1)
    voter = online(asked, second)
    cast(asked, voter, 1)
    assert marking.look(asked, second).marks == {envelope.pk: "web"}
    with pytest.raises(AlreadyVoted):
        marking.mark(asked, envelope, second)
    voting.withdraw(asked, envelope, by=voter)  # control: the ballot taken back, paper is open again
    marking.mark(asked, envelope, second)
    assert DeskDay.objects.get().marks == 2


def test_a_desk_keeps_neither_name_nor_hour_and_journals_no_mark():
    asked = paper.ballot()
    before = Entry.objects.count()
    paper.marked(asked)
    assert Entry.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text || row_to_json(r)::text FROM budgets_mark m, budgets_rollentry r")
        [[kept]] = cursor.fetchall()
    assert "goff" not in kept.lower()
    assert "195" not in kept.replace(str(Mark.objects.get().pk), "").split('"person_key"')[0]


def test_a_desk_judges_by_the_conditions_and_the_roll():
    asked = world.budget(world.BudgetPhaseKind.BALLOT, rules=world.ballot_rules())
    Condition.objects.create(page=asked.page, kind="roll")
    world.project(asked)
    world.freeze(asked)
    registering.bring_roll(asked, "nom;prénom;naissance\nLe Goff;Ana;01/01/1950\n")
    listed = registering.Declared(paper.date(1950, 1, 1), civil=rolls.Civil("LE GOFF", "Ana", paper.date(1950, 1, 1)))
    marking.mark(asked, world.envelope_of(asked), listed)
    stranger = paper.somebody()
    stranger = registering.Declared(paper.date(2001, 2, 3), civil=rolls.Civil("Dupont", "Léa", paper.date(2001, 2, 3)))
    assert marking.look(asked, stranger).lacks
    with pytest.raises(MayNotVote):
        marking.mark(asked, world.envelope_of(asked), stranger)
    assert Mark.objects.count() == 1


def test_a_budget_of_accounts_alone_takes_no_paper_and_a_closed_one_no_mark():
    asked = world.ballot()
    with pytest.raises(IdentityNotAsked):
        marking.mark(asked, world.envelope_of(asked), paper.somebody())
    with pytest.raises(IdentityNotAsked):
        paper.batch(asked, 1)
    over = paper.ballot()
    close(over)
    with pytest.raises(PhaseClosed):
        marking.mark(over, world.envelope_of(over), paper.somebody())


def test_a_mark_typed_by_mistake_is_cancelled_with_a_reason_and_without_a_name():
    asked = paper.ballot()
    envelope, by = world.envelope_of(asked), paper.clerk()
    right, wrong = paper.marked(asked, 2)
    marking.cancel(asked, envelope, wrong, why=CancelledBecause.MISTYPED, by=by)
    assert marking.on_paper(envelope) == 1
    line = Entry.objects.get(verb="budget.mark_cancelled")
    assert line.details == {"envelope": envelope.pk, "why": "mistyped"}
    cast(asked, online(asked, wrong), 1)  # they may vote again
    for nobody in (wrong, paper.somebody()):
        with pytest.raises(NotMarkedHere):
            marking.cancel(asked, envelope, nobody, why=CancelledBecause.LEFT, by=by)
    batch = paper.batch(asked, 1)
    with pytest.raises(MarkStays):
        marking.cancel(asked, envelope, right, why=CancelledBecause.LEFT, by=by)
    batches.give_up(batch, reason="Une autre pile.", by=by)  # control
    marking.cancel(asked, envelope, right, why=CancelledBecause.LEFT, by=by)


# --- what a clerk types -------------------------------------------------------------------------------------------

MENTIONS = {
    "mentions": ("Très bien", "Bien", "Non"),
    "count": Regulation(rule="majority_judgment", unmarked=2, ties=("lower_cost",)),
}
TYPED = [
    ("knapsack", {}, "4  2,5", [[2, 1], [4, 1], [5, 1]], "2 4 5"),
    ("approval", {}, "3;1", [[1, 1], [3, 1]], "1 3"),
    ("points", {"points": 10}, "3*5 1=2", [[1, 2], [3, 5]], "1*2 3*5"),
    ("ranking", {"at_most": 3}, "5 1 3", [[5, 1], [1, 1], [3, 1]], "5 1 3"),
    ("judgment", MENTIONS, "1*1 2*3", [[1, 0], [2, 2]], "1*1 2*3"),
]


@pytest.mark.parametrize(("kind", "rules", "typed", "choices", "again"), TYPED)
def test_a_line_says_a_sheet_of_every_kind(kind, rules, typed, choices, again):
    asked = paper.ballot(10, 10, 10, 10, 10, kind=kind, **rules)
    printed = papers.sheet(asked, world.envelope_of(asked))
    reading = sheets.read(printed, typed)
    assert (reading.kind, reading.choices) == (SheetKind.VALID, choices)
    assert sheets.typed(printed, reading) == again
    assert len(sheets.said(printed, reading)) == len(choices)
    assert sheets.Reading.of(reading.as_json()) == reading
    assert sheets.read(printed, "b").kind == SheetKind.BLANK
    assert sheets.read(printed, "n2").why == "2"
    for wrong in ("", "n", "n9", "99", "trois", "1 1", "1*9 1*9"):
        with pytest.raises(PaperRefused):
            sheets.read(printed, wrong)


def test_a_ballot_over_its_ceiling_is_refused_and_a_withdrawn_project_is_read_as_printed():
    asked = paper.ballot(400_000, 300_000, 10)
    printed = papers.sheet(asked, world.envelope_of(asked))
    with pytest.raises(PaperRefused) as refused:
        sheets.read(printed, "1 2")
    assert len(refused.value.reasons) == 1
    BallotOption.objects.filter(budget=asked, number=3).update(withdrawn_at=clock(), withdrawn_reason="Vendu.")
    printed = papers.sheet(asked, world.envelope_of(asked))
    assert sheets.read(printed, "1 3").choices == [[1, 1], [3, 1]]


# --- keyed twice --------------------------------------------------------------------------------------------------


def test_from_the_stack_to_the_box():
    asked, one, two, third = paper.ballot(), paper.clerk(), paper.clerk(), paper.clerk()
    paper.marked(asked, 5)
    batch = paper.batch(asked, 4, by=one)
    paper.keyed(batch, ["1 2", "b", "n1", "3"], by=one)
    batches.key(batch, 1, paper.read(batch, "2"), by=one)  # corrected, as long as nobody else read it
    with pytest.raises(BatchNotDone):
        batches.close(batch, by=one)
    paper.keyed(batch, ["2", "b", "n2", "3 4"], by=two)
    for again in (one, two, third):
        with pytest.raises(SheetDone):
            batches.key(batch, 1, paper.read(batch, "2"), by=again)
    assert [sheet.rank for sheet in batch.sheets.all() if batches.differs(sheet)] == [4]
    with pytest.raises(BatchNotDone):
        batches.close(batch, by=two)
    with pytest.raises(NothingToSettle):
        batches.settle(batch, 1, paper.read(batch, "3"), by=third)
    with pytest.raises(SettledByWhoKeyed):
        batches.settle(batch, 4, paper.read(batch, "3"), by=one)
    batches.settle(batch, 4, paper.read(batch, "3 4"), by=third)
    done = batches.close(batch, by=two)
    assert (done.valid, done.blank, done.spoiled, done.settled, done.settled_together) == (2, 1, 1, 1, 0)
    assert sorted(Ballot.objects.values_list("choices", flat=True)) == [[[2, 1]], [[3, 1], [4, 1]]]
    assert set(Ballot.objects.values_list("channel", "receipt")) == {("paper", "")}
    assert not PaperSheet.objects.exists()
    for act in (
        lambda: batches.key(batch, 1, paper.read(batch, "1"), by=one),
        lambda: batches.close(batch, by=one),
        lambda: batches.give_up(batch, reason="x", by=one),
    ):
        with pytest.raises(BatchOver):
            act()


def test_two_people_alone_settle_together_and_the_batch_tells_it():
    asked, one, two = paper.ballot(), paper.clerk(), paper.clerk()
    paper.marked(asked)
    batch = paper.batch(asked, 1)
    batches.key(batch, 1, paper.read(batch, "1"), by=one)
    batches.key(batch, 1, paper.read(batch, "2"), by=two)
    batches.settle(batch, 1, paper.read(batch, "1"), together=True, by=two)
    assert batches.close(batch, by=one).settled_together == 1


def test_the_number_announced_follows_the_stack():
    asked, by = paper.ballot(), paper.clerk()
    batch = paper.batch(asked, 3)
    with pytest.raises(NoSuchSheet):
        batches.key(batch, 4, paper.read(batch, "1"), by=by)
    paper.keyed(batch, ["1", "2"], by=by)
    with pytest.raises(AnnouncedTooFew):
        batches.announce(batch, 1, by=by)
    batches.announce(batch, 2, by=by)
    assert batches.next_rank(PaperBatch.objects.get(), PaperSheet.objects.all(), by=by) is None
    assert batches.next_rank(PaperBatch.objects.get(), PaperSheet.objects.all(), by=paper.clerk()) == 1


def test_more_ballots_than_people_marked_are_refused_or_explained_by_who_runs_the_budget():
    asked, by = paper.ballot(), paper.clerk()
    paper.marked(asked, 1)
    batch = paper.batch(asked, 2)
    for one in (by, paper.clerk()):
        paper.keyed(batch, ["1", "b"], by=one)
    said = {"explanation": "Une personne n’a pas été émargée.", "signatory": "Rose Daumier, première adjointe"}
    for given in ({}, said):  # a clerk explains nothing
        with pytest.raises(MoreBallotsThanMarks) as refused:
            batches.close(batch, by=by, **given)
    assert refused.value.over == 1
    Role.objects.create(user=by, kind="editor")
    batches.close(batch, by=by, **said)
    close(asked)
    [count] = box.counted(asked)
    assert count.figures["paper"]["explained"] == [list(said.values())]
    assert count.figures["marks_differ"]


# --- the count waits, and tells -----------------------------------------------------------------------------------


def test_nothing_is_counted_beside_an_open_batch_and_none_opens_after_the_signature():
    asked, by = paper.ballot(), paper.clerk()
    paper.boxed(asked, ["1", "2"])
    batch = paper.batch(asked, 1)
    close(asked)
    with pytest.raises(BatchesOpen):
        counts.ask(asked, by=by)
    batches.give_up(batch, reason="Pile déjà saisie.", by=by)
    done = box.counted(asked, by=by)
    late = paper.batch(asked, 1)  # found afterwards: the trial is not what would be signed
    with pytest.raises(BatchesOpen):
        counts.sign(asked, number=1, read=counts.seen(done), signatory="Rose", by=by)
    for one in (by, paper.clerk()):
        batches.key(late, 1, paper.read(late, "b"), by=one)
    Role.objects.create(user=by, kind="editor")
    batches.close(late, by=by, explanation="Retrouvé dans l’urne.", signatory="Rose")
    with pytest.raises(BallotsMoved):
        counts.sign(asked, number=1, read=counts.seen(done), signatory="Rose", by=by)
    box.signed(asked, by=by)
    with pytest.raises(CountSigned):
        paper.batch(asked, 1)


def test_incident_paper_voters_are_in_the_turnout_and_their_ballots_in_the_open_data(client):
    """Twice seen elsewhere: paper counted but absent from the files; turnout that knew of online voters alone."""
    asked = paper.ballot()
    for _each in range(7):
        cast(asked, online(asked, paper.somebody()), 1)
    paper.boxed(asked, ["1 2", "2", "2", "2", "3", "6", "b", "n2", "2"], marks=10)
    close(asked)
    box.signed(asked)
    slug, pk = asked.page.slug, world.envelope_of(asked).pk
    pb = client.get(f"/budgets/{slug}/depouillement/{pk}/bulletins.pb").content.decode()
    assert (pb.count(";paper\n"), pb.count(";web\n")) == (7, 7)
    told = client.get(f"/budgets/{slug}/resultats/participation/").content.decode().replace("\xa0", " ")
    assert "17 personnes ont voté" in told
    table = told.split("Votants par canal")[1].split("</table>")[0]
    assert ">10</td>" in table
    assert ">7</td>" in table
    assert "9 bulletins papier" in told
    assert "7 valables, 1 blanc, 1 nul" in told
    assert "17 personnes ont réparti" in client.get(f"/budgets/{slug}/resultats/").content.decode()


def test_few_paper_ballots_are_told_with_others_and_without_their_detail(client):
    asked = paper.ballot()
    for _each in range(7):
        cast(asked, online(asked, paper.somebody()), 1)
    paper.boxed(asked, ["1", "b", "n1"])
    close(asked)
    box.signed(asked)
    told = client.get(f"/budgets/{asked.page.slug}/resultats/participation/").content.decode()
    assert "1 blanc" not in told
    assert "3 bulletins papier" not in told.replace("\xa0", " ")


# --- what the database never lets be false ------------------------------------------------------------------------


def test_the_database_keeps_two_people_a_third_act_and_nothing_after_closing():
    asked, one, two = paper.ballot(), paper.clerk(), paper.clerk()
    closed = paper.boxed(asked, ["1"])
    batch = paper.batch(asked, 2)
    said = paper.read(batch, "1").as_json()
    sheet = PaperSheet.objects.create(batch=batch, rank=1, first=said, first_by=one)
    two_readings = {"batch": batch, "rank": 2, "first": said, "first_by": one, "second": said, "second_by": two}
    forbidden = [
        lambda: PaperSheet.objects.filter(pk=sheet.pk).update(second=said, second_by=one),
        lambda: PaperSheet.objects.filter(pk=sheet.pk).update(settled=said, settled_by=two),
        lambda: PaperSheet.objects.create(**two_readings, settled=said, settled_by=one),
        lambda: PaperSheet.objects.create(batch=batch, rank=1, first=said, first_by=two),
        lambda: PaperSheet.objects.create(batch=batch, rank=3, first=said, first_by=two),
        lambda: PaperSheet.objects.create(batch=closed, rank=1, first=said, first_by=two),
        lambda: PaperBatch.objects.filter(pk=batch.pk).update(state="closed", valid=2, blank=0, spoiled=0),
        lambda: PaperBatch.objects.filter(pk=batch.pk).update(announced=0),
        lambda: PaperBatch.objects.filter(pk=closed.pk).update(valid=0, blank=1),
        lambda: PaperBatch.objects.filter(pk=closed.pk).update(state="open"),
        lambda: PaperBatch.objects.filter(pk=closed.pk).delete(),
    ]
    for act in forbidden:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    PaperSheet.objects.filter(pk=sheet.pk).update(second=said, second_by=two)  # control
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSheet.objects.filter(pk=sheet.pk).update(second=paper.read(batch, "2").as_json())
    with pytest.raises(IntegrityError), transaction.atomic():  # three sums that are not told
        PaperBatch.objects.create(
            budget=asked, envelope=batch.envelope, number=9, place="x", announced=1, state="closed", settled=0,
            settled_together=0,
        )  # fmt: skip
