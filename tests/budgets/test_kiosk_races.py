"""A shared tablet under attack by many at once, each with its control; and what its tables say of a ballot: nothing."""

from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from consult.budgets import papers, rolls
from consult.budgets.actions import closing, drafting, registering, voting
from consult.budgets.actions import kiosks as acts
from consult.budgets.errors import AlreadyVoted, CodeWrong, SessionOver
from consult.budgets.models import Ballot, Kiosk, KioskDraft, KioskPass, Mark
from consult.errors import PhaseClosed
from tests.budgets import world
from tests.budgets.test_ballot_races import together
from tests.budgets.test_kiosk import Screen
from tests.budgets.voting import cast, chosen, close, counts, person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WHO = registering.Declared(civil=rolls.Civil("Benali", "Nadia", date(1989, 7, 14)))


def ballot():
    return world.ballot(rules=world.ballot_rules(identity="civil"))


def tablet(asked):
    return acts.open_tablet(asked, place="Accueil", by=UserFactory())[0]


def refusals(done, error):
    return sorted(isinstance(one, error) for one in done)


def test_one_code_typed_on_two_tablets_at_once_opens_one():
    asked = ballot()
    tablets = [tablet(asked) for _each in range(4)]
    code = acts.let_in(asked, WHO)
    done = together(*[lambda one=one: acts.sit_down(one, code) for one in tablets])
    assert refusals(done, CodeWrong) == [False, True, True, True], done
    assert KioskPass.objects.get().kiosk in tablets


def test_control_a_code_that_is_read_then_used_opens_both():
    asked = ballot()
    acts.let_in(asked, WHO)
    both = Barrier(2)

    def sit_down():
        found = KioskPass.objects.exclude(code="").first()
        both.wait(timeout=30)
        return found is not None

    assert together(sit_down, sit_down) == [True, True]


def test_tablet_web_and_paper_at_once_are_one_vote():
    asked, voter = ballot(), person()
    registering.register(asked, WHO, by=voter)
    kiosk, envelope = tablet(asked), world.envelope_of(asked)
    seat = acts.sit_down(kiosk, acts.let_in(asked, WHO))
    done = together(
        lambda: cast(asked, voter, 1),
        lambda: acts.cast(kiosk, seat, envelope, chosen(2), key=uuid4()),
        lambda: voting.mark_on_paper(asked, envelope, seat.entry),
    )
    assert refusals(done, AlreadyVoted) == [False, True, True], done
    way = Mark.objects.get().channel
    assert [one.channel for one in Ballot.objects.all()] == ([] if way == "paper" else [way])


def test_control_who_asks_before_writing_votes_by_each_way():
    asked = ballot()
    acts.let_in(asked, WHO)
    both = Barrier(2)

    def vote(way):
        free = not Mark.objects.exists()
        both.wait(timeout=30)
        return way if free else None

    assert together(lambda: vote("web"), lambda: vote("kiosk")) == ["web", "kiosk"]


def test_the_same_form_twenty_times_at_once_is_one_ballot_and_one_receipt():
    asked = ballot()
    screen = Screen(asked)
    screen.type_code(acts.let_in(asked, WHO))
    said = {"pair": ["1:", "3:"], "key": str(uuid4())}
    browsers = [Client() for _each in range(20)]
    for browser in browsers:
        browser.cookies.update(screen.browser.cookies)
    screens = [Screen(asked, browser) for browser in browsers]
    answers = together(*[lambda one=one: one.post("verifier/", **said) for one in screens])
    pages = {one.content.decode().partition('id="recepisse">')[2][:14] for one in answers}
    assert (len(pages), counts(asked)) == (1, (1, 1)), pages


def test_the_closing_second_lets_end_who_was_let_in_and_nobody_after(monkeypatch):
    asked = ballot()
    kiosk, late = tablet(asked), tablet(asked)
    seat = acts.sit_down(kiosk, acts.let_in(asked, WHO))
    acts.change_draft(kiosk, seat, world.envelope_of(asked), lambda paper, kept: drafting.one_more(paper, kept, 1))
    inside, over, sheet = Barrier(2), Barrier(2), papers.sheet

    def slow(*given):
        inside.wait(timeout=60)
        over.wait(timeout=60)
        return sheet(*given)

    def shut():
        inside.wait(timeout=60)
        close(asked)
        over.wait(timeout=60)
        return closing.close(asked)

    monkeypatch.setattr(voting.papers, "sheet", slow)
    done, closed = together(lambda: acts.cast(kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4()), shut)
    monkeypatch.undo()
    assert (done.choices, closed, counts(asked)) == ([[1, 1]], True, (1, 1))
    assert not KioskPass.objects.exists()
    assert not KioskDraft.objects.exists()
    with pytest.raises(PhaseClosed):
        acts.sit_down(late, "123456")


def test_a_new_code_while_they_cast_ends_the_session_or_comes_too_late():
    asked = ballot()
    kiosk = tablet(asked)
    seat = acts.sit_down(kiosk, acts.let_in(asked, WHO))
    done = together(
        lambda: acts.cast(kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4()),
        lambda: acts.let_in(asked, WHO),
        lambda: acts.get_up(kiosk),
    )
    was_cast = not isinstance(done[0], SessionOver)
    assert counts(asked) == ((1, 1) if was_cast else (0, 0)), done


# --- what the tables say ------------------------------------------------------------------------------------------


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_the_tables_of_tablets_share_nothing_with_the_box():
    ours = {field.column for model in (Kiosk, KioskPass) for field in model._meta.concrete_fields}
    box = {field.column for model in (Ballot, Mark) for field in model._meta.concrete_fields}
    # A tablet is of one budget, a pass of one line of the roll: neither says which ballot, nor by which tablet.
    assert ours & box == {"id", "budget_id", "entry_id"}
    assert {field.column for field in KioskDraft._meta.concrete_fields} & box == {"id", "envelope_id", "choices"}
    tables = "'budgets_kiosk'::regclass, 'budgets_kioskpass'::regclass, 'budgets_kioskdraft'::regclass"
    boxes = "'budgets_ballot'::regclass, 'budgets_mark'::regclass"
    links = rows(
        f"SELECT 1 FROM pg_constraint WHERE contype = 'f' AND (conrelid IN ({tables}) AND confrelid IN ({boxes})"
        f" OR conrelid IN ({boxes}) AND confrelid IN ({tables}))"
    )
    assert links == []
    for model in (KioskPass, KioskDraft):
        assert model._meta.pk.get_internal_type() == "UUIDField"  # a sequence would say who came first


def test_after_somebody_voted_and_left_a_dump_knows_a_mark_and_a_ballot_apart():
    asked = ballot()
    kiosk = tablet(asked)
    seat = acts.sit_down(kiosk, acts.let_in(asked, WHO))
    acts.change_draft(kiosk, seat, world.envelope_of(asked), lambda paper, kept: drafting.one_more(paper, kept, 1))
    [[kept]] = rows("SELECT choices FROM budgets_kioskdraft")
    assert '"1"' not in kept  # encrypted
    acts.cast(kiosk, seat, world.envelope_of(asked), chosen(1), key=uuid4())
    acts.get_up(kiosk)
    assert rows("SELECT 1 FROM budgets_kioskpass UNION ALL SELECT 1 FROM budgets_kioskdraft") == []
    [[mark, ballot_row]] = rows("SELECT to_jsonb(m)::text, to_jsonb(b)::text FROM budgets_mark m, budgets_ballot b")
    for one in (mark, ballot_row):
        assert str(kiosk.pk) not in one
        assert str(seat.pk) not in one
    assert str(seat.entry_id) not in ballot_row
