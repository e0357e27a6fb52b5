"""One person, one ballot an envelope; changed and taken back until it closes; paper and web know one another."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consult.budgets import phases, receipts, rolls
from consult.budgets.actions import closing, drafting, registering, voting
from consult.budgets.actions.registering import Declared
from consult.budgets.choices import BudgetAct, BudgetPhaseKind
from consult.budgets.errors import (
    AlreadyVoted,
    BallotMoved,
    MayNotVote,
    NothingCast,
    NotRegistered,
    PaperRefused,
    RollFileWrong,
    SomebodyElse,
    TerritoryTaken,
)
from consult.budgets.models import Ballot, BallotDraft, BudgetPhase, Condition, Envelope, Mark, RollEntry
from consult.budgets.rolls import Civil
from consult.errors import NotForYou, PhaseClosed
from consult.personal_data import copy_for, erase
from letters.models import Letter
from letters.renderers import render
from tests.budgets import world
from tests.budgets.voting import KEY, cast, chosen, close, counts, person

pytestmark = pytest.mark.django_db
LEA = Civil("Le Goff", "Léa, Marie", date(1990, 2, 3))


CODES = st.text(receipts.ALPHABET, min_size=receipts.LENGTH, max_size=receipts.LENGTH)
CHOICES = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 9)).map(list), max_size=4, unique_by=lambda one: one[0])


@given(CODES, CODES, CHOICES, CHOICES)
def test_a_receipt_is_read_as_people_copy_it_and_stands_for_one_ballot(code, other, choices, elsewhere):
    copied = receipts.shown(code).lower().replace("0", "o").replace("1", "l")
    assert receipts.read(copied) == receipts.read(f" {copied.replace('-', ' ')}.") == code
    assert receipts.read(code[1:]) == receipts.read(f"{code}7") == receipts.read(code[1:] + "U") == ""
    same = (code, choices) == (other, elsewhere)
    assert (receipts.hashed(code, choices) == receipts.hashed(other, elsewhere)) is same


def districts(**rules):
    """The whole town, and two districts with a project each: numbers 1, 2 and 3."""
    asked = world.budget(BudgetPhaseKind.BALLOT, rules=world.ballot_rules(**rules))
    places = [world.envelope_of(asked)]
    for name in ("Nord", "Sud"):
        places.append(Envelope.objects.create(page=asked.page, title=name, kind="territory", amount=20_000_000))
    for envelope in places:
        world.project(asked, envelope=envelope)
    world.freeze(asked)
    return asked, places


def test_a_ballot_is_cast_changed_and_taken_back():
    asked, voter = world.ballot(), person()
    envelope = world.envelope_of(asked)
    drafting.choose(asked, envelope, 1, by=voter)
    first = cast(asked, voter, 1, 3)
    old = Ballot.objects.get()
    assert (first.is_change, old.choices, BallotDraft.objects.count()) == (False, [[1, 1], [3, 1]], 0)
    voting.begin_change(asked, envelope, by=voter)
    assert drafting.read(BallotDraft.objects.get()) == chosen(1, 3)
    assert voting.standing(rolls.entry_of(asked, voter), envelope).in_box == [[1, 1], [3, 1]]
    second = cast(asked, voter, 2)
    new = Ballot.objects.get()
    assert (second.is_change, new.choices) == (True, [[2, 1]])
    assert new.pk != old.pk
    assert new.receipt != old.receipt
    assert first.code != second.code
    voting.withdraw(asked, envelope, by=voter)
    assert counts(asked) == (0, 0)
    with pytest.raises(NothingCast):
        voting.withdraw(asked, envelope, by=voter)
    cast(asked, voter, 1)
    assert counts(asked) == (1, 1)


def test_the_same_form_again_changes_nothing_and_gives_the_same_receipt():
    asked, voter = world.ballot(), person()
    first, again = cast(asked, voter, 1, key=KEY), cast(asked, voter, 1, key=KEY, was="")
    assert (again.code, again.again, counts(asked)) == (first.code, True, (1, 1))
    cast(asked, voter, 2)
    with pytest.raises(BallotMoved):  # the old page, sent again: what is in the box since stays
        cast(asked, voter, 1, key=KEY, was="")
    assert Ballot.objects.get().choices == [[2, 1]]


def test_a_draft_counts_for_nothing_and_keeps_what_was_typed():
    asked, voter = world.ballot(), person()
    drafting.keep_draft(asked, world.envelope_of(asked), [("1", "douze"), ("99", "")], by=voter)
    assert counts(asked) == (0, 0)
    assert drafting.read(BallotDraft.objects.get()) == [("1", "douze"), ("99", "")]
    drafting.keep_draft(asked, world.envelope_of(asked), [], by=voter)
    assert BallotDraft.objects.count() == 0


def test_a_project_that_no_longer_fits_is_not_added():
    asked, voter = world.ballot(400_000, 200_000, 1), person()
    envelope = world.envelope_of(asked)
    for number in (1, 2, 2):
        drafting.choose(asked, envelope, number, by=voter)
    with pytest.raises(PaperRefused):
        drafting.choose(asked, envelope, 3, by=voter)
    drafting.drop(asked, envelope, 2, by=voter)
    drafting.choose(asked, envelope, 3, by=voter)
    assert drafting.read(BallotDraft.objects.get()) == chosen(1, 3)


def test_a_vote_in_a_district_never_blocks_the_one_for_the_whole_town():
    asked, [town, north, south] = districts(envelopes="one_territory")
    voter = person()
    cast(asked, voter, 2, envelope=north)
    with pytest.raises(TerritoryTaken):
        cast(asked, voter, 3, envelope=south)
    cast(asked, voter, 1, envelope=town)
    assert counts(asked) == (2, 2)
    voting.withdraw(asked, north, by=voter)
    cast(asked, voter, 3, envelope=south)
    with pytest.raises(PaperRefused):
        cast(asked, voter, 1, envelope=south)


def test_where_every_envelope_is_open_one_votes_on_each():
    asked, envelopes = districts()
    voter = person()
    for number, envelope in enumerate(envelopes, start=1):
        cast(asked, voter, number, envelope=envelope)
    assert counts(asked) == (3, 3)


def test_nobody_votes_before_they_said_what_is_asked_nor_if_they_do_not_meet_it():
    asked = world.ballot(frozen=False)
    Condition.objects.create(page=asked.page, kind="age", value=16)
    world.freeze(asked)
    voter = person()
    with pytest.raises(NotRegistered):
        cast(asked, voter, 1)
    with pytest.raises(MayNotVote):
        registering.register(asked, Declared(born_on=date(2020, 1, 1)), by=voter)
    registering.register(asked, Declared(born_on=date(1980, 1, 1)), by=voter)
    cast(asked, voter, 1)


def test_verified_accounts_only_where_the_phase_says_so():
    asked, voter = world.ballot(), person()
    BudgetPhase.objects.filter(page=asked.page, kind="ballot").update(level="verified")
    with pytest.raises(NotForYou):
        cast(asked, voter, 1)


def by_name(**given):
    asked = world.ballot(rules=world.ballot_rules(identity="civil"), **given)
    return asked, world.envelope_of(asked)


def test_one_person_is_one_line_whatever_the_way():
    asked, envelope = by_name()
    online, other = person(), person()
    registering.register(asked, Declared(civil=LEA), by=online)
    counter = rolls.entry_by_civil(asked, Civil("LE GOFF", "lea", date(1990, 2, 3)))
    assert counter == rolls.entry_of(asked, online)
    with pytest.raises(SomebodyElse):
        registering.register(asked, Declared(civil=LEA), by=other)
    voting.mark_on_paper(asked, envelope, counter)
    with pytest.raises(AlreadyVoted, match="papier"):
        cast(asked, online, 1)
    with pytest.raises(AlreadyVoted):
        voting.mark_on_paper(asked, envelope, counter)


def test_who_voted_online_does_not_vote_on_paper():
    asked, envelope = by_name()
    online = person()
    registering.register(asked, Declared(civil=LEA), by=online)
    cast(asked, online, 1)
    with pytest.raises(AlreadyVoted):
        voting.mark_on_paper(asked, envelope, rolls.entry_by_civil(asked, LEA))
    assert counts(asked) == (1, 1)


def test_a_roll_lets_in_those_it_names_and_keeps_no_name():
    asked = world.ballot(frozen=False)
    Condition.objects.create(page=asked.page, kind="roll")
    world.freeze(asked)
    brought = (
        "\ufeffNom de naissance;Prénoms;Date de naissance\nLe Goff;Léa;03/02/1990\nDUPONT;Jean-Pierre;1951-01-09\n"
    )
    assert registering.bring_roll(asked, brought) == registering.bring_roll(asked, brought) == 2
    assert RollEntry.objects.count() == 2
    with pytest.raises(MayNotVote):
        registering.register(asked, Declared(civil=Civil("Dupont", "Jean", date(1951, 9, 1))), by=person())
    mine = registering.register(asked, Declared(civil=LEA), by=person())
    assert mine.listed
    with pytest.raises(RollFileWrong) as wrong:
        registering.bring_roll(asked, "Numéro;Naissance\n12;1990-02-03\n;hier\n")
    assert wrong.value.lines == [3]


def test_a_roll_by_number_knows_people_by_number():
    asked, _envelope = by_name()
    registering.bring_roll(asked, "N°;Naissance\n00123;03/02/1990\n".replace("N°", "Numero"))
    assert rolls.listed(asked, Civil("", "", date(1990, 2, 3), "123"))
    assert rolls.listed(asked, LEA) is None


def test_a_closed_account_leaves_its_ballot_and_no_way_to_it():
    asked, voter = world.ballot(), person()
    user = voter.user
    cast(asked, voter, 1)
    assert copy_for(user)["budgets_voted"][0]["voted_by"] == "web"
    entry = rolls.entry_of(asked, voter)
    erase(user)
    entry.refresh_from_db()
    assert entry.participant is None
    assert Mark.objects.get().pointer == ""
    assert counts(asked) == (1, 1)
    # Coming back with the same address is the same person, who has voted.
    voter.refresh_from_db()
    from consult.people import participant_of

    with pytest.raises(AlreadyVoted):
        cast(asked, participant_of(user), 2)


def test_letters_say_that_one_voted_and_never_what(django_capture_on_commit_callbacks):
    asked, voter = world.ballot(), person()
    with django_capture_on_commit_callbacks(execute=True):
        done = cast(asked, voter, 1)
        cast(asked, voter, 2)
        voting.withdraw(asked, world.envelope_of(asked), by=voter)
    told = [render(letter) for letter in Letter.objects.order_by("pk")]
    assert len(told) == len({one.subject for one in told}) == 3
    for one in told:
        assert done.code not in one.text.replace("-", "")
        assert "Projet 1" not in one.text


def test_a_receipt_finds_its_ballot_once_it_is_closed_and_no_other():
    asked, voter = world.ballot(), person()
    code = cast(asked, voter, 1, 3).code
    cast(asked, person(), 1, 3)
    assert receipts.check(code, asked) is None
    assert receipts.published(asked) == []
    close(asked)
    with pytest.raises(PhaseClosed):
        voting.withdraw(asked, world.envelope_of(asked), by=voter)
    assert closing.close(asked)
    assert closing.close(asked)
    found = receipts.check(f" {receipts.shown(code).lower()} ", asked)
    assert found.choices == [[1, 1], [3, 1]]
    assert len(receipts.published(asked)) == 2
    assert receipts.check("V9QK-27TM-XE4D", asked) is None
    assert receipts.check("pas un code", asked) is None


def test_a_ballot_that_closes_on_the_night_of_a_clock_change_closes_once():
    """25 October 2026, Paris: 2:30 comes twice. The one that was frozen closes, and the hour before it does not."""
    asked = world.ballot()
    paris = ZoneInfo("Europe/Paris")
    first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=paris) for fold in (0, 1))
    BudgetPhase.objects.filter(page=asked.page).exclude(kind="ballot").delete()
    ballot = asked.page.phases.get(kind="ballot")
    ballot.opens_at, ballot.closes_at = first - world.DAY, second
    ballot.save()
    stored = [BudgetPhase.objects.get(pk=ballot.pk)]
    tenth = timedelta(seconds=0.1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    for at, is_open in ((first, True), (second.astimezone(UTC) - tenth, True), (second.astimezone(UTC), False)):
        assert (phases.current(stored, BudgetAct.VOTE, at=at.astimezone(UTC)) is not None) is is_open
    with timezone.override(paris):
        assert "25 octobre 2026 à 2 h 30" in str(phases.closed(stored, BudgetAct.VOTE, at=second)).replace("\xa0", " ")
