"""Arguments for and against: written once, numbered, answered, found useful, folded, taken back."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from consult import counting, folding, threads
from consult.actions import arguments as acts
from consult.choices import ArgumentOrder, PhaseKind, Side
from consult.errors import NotAllowedNow, NotTaken, NotYourOwn, PhaseClosed
from consult.models import Argument, Consultation, Proposition, Section
from consult.people import participant_of
from moderation.choices import CaseState, Timing
from moderation.models import Case
from tests.consult.test_page import propositions
from tests.consult.test_votes import committed, people, together
from tests.consult.world import close, consultation, section_of
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

BIKES = "J’habite rue Haute. Le dimanche, mes enfants n’ont nulle part où faire du vélo."
SHOPS = "Le dimanche matin fait un quart de nos ventes, sans voitures les clients ne viendront plus."
BUSES = "Le bus 5 passera par la rue Haute, ce qui fait du bruit dès sept heures."


def asked_with_one() -> Consultation:
    asked = consultation(PhaseKind.ARGUE)
    propositions(asked, 1)
    return asked


def argue(asked: Consultation, side: Side = Side.FOR, text: str = BIKES, **kwargs) -> Argument:
    by = kwargs.pop("by", None) or people(1)[0]
    return acts.argue(asked, 1, side, text, by=by, **kwargs)


def counted(asked: Consultation) -> tuple[int, int]:
    one = Proposition.objects.get(consultation=asked, number=1)
    asked.refresh_from_db()
    assert (one.for_count, one.against_count) == (asked.for_count, asked.against_count)
    return one.for_count, one.against_count


def test_arguments_are_numbered_and_counted():
    asked = asked_with_one()
    numbers = [argue(asked, side).number for side in (Side.FOR, Side.AGAINST, Side.FOR)]
    assert numbers == [1, 2, 3]
    assert counted(asked) == (2, 1)
    assert counting.differences(asked) == []


def test_a_form_sent_twice_is_one_argument():
    asked, [someone], key = asked_with_one(), people(1), uuid4()
    first = argue(asked, by=someone, key=key)
    assert argue(asked, by=someone, key=key) == first
    assert Argument.objects.count() == 1


@committed
def test_a_form_sent_ten_times_at_once_is_one_argument_and_numbers_have_no_double():
    asked, [someone], key = asked_with_one(), people(1), uuid4()
    done = together(lambda _n: argue(asked, by=someone, key=key).number, list(range(10)))
    assert done == [1] * 10
    crowd = people(10)
    done = together(lambda n: argue(asked, Side.AGAINST, by=crowd[n]).number, list(range(10)))
    assert sorted(done) == list(range(2, 12))
    assert counted(asked) == (1, 10)
    assert counting.differences(asked) == []


def test_withdrawn_it_no_longer_counts_and_its_number_is_not_given_again():
    asked, [someone] = asked_with_one(), people(1)
    written = argue(asked, by=someone)
    acts.withdraw_argument(asked, written, by=someone)
    acts.withdraw_argument(asked, written, by=someone)
    assert counted(asked) == (0, 0)
    assert argue(asked).number == 2
    with pytest.raises(NotAllowedNow):
        acts.reply(asked, written, "Non.", by=someone)
    with pytest.raises(Argument.DoesNotExist):
        acts.withdraw_argument(asked, argue(asked), by=someone)


def test_what_moderators_take_out_no_longer_counts():
    asked = asked_with_one()
    written = argue(asked)
    Case.objects.filter(pk=written.case_id).update(state=CaseState.REMOVED, is_shown=False)
    assert counted(asked) == (0, 0)
    Case.objects.filter(pk=written.case_id).update(state=CaseState.SHOWN, is_shown=True)
    assert counted(asked) == (1, 0)


def test_read_before_it_is_published_it_does_not_count_yet():
    asked = consultation(PhaseKind.ARGUE, timing=Timing.BEFORE)
    propositions(asked, 1)
    assert not argue(asked).is_shown
    assert counted(asked) == (0, 0)


def test_every_door_is_closed_with_the_phase():
    asked, [someone, other] = asked_with_one(), people(2)
    written = argue(asked, by=someone)
    close(asked)
    for act in (
        lambda: argue(asked),
        lambda: acts.reply(asked, written, "Oui.", by=other),
        lambda: acts.find_useful(asked, written, by=other, useful=True),
        lambda: acts.withdraw_argument(asked, written, by=someone),
    ):
        with pytest.raises(PhaseClosed):
            act()


def test_a_section_without_arguments_takes_none():
    asked = asked_with_one()
    written = argue(asked)
    Section.objects.filter(pk=section_of(asked).pk).update(takes_arguments=False)
    with pytest.raises(NotTaken):
        argue(asked)
    with pytest.raises(NotTaken):
        acts.find_useful(asked, written, by=people(1)[0], useful=True)


def test_useful_is_said_once_by_others_and_taken_back():
    asked, [someone, other] = asked_with_one(), people(2)
    written = argue(asked, by=someone)
    for useful, count in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        acts.find_useful(asked, written, by=other, useful=useful)
        written.refresh_from_db()
        assert written.useful_count == count
    with pytest.raises(NotYourOwn):
        acts.find_useful(asked, written, by=someone, useful=True)
    assert counting.differences(asked) == []


def test_usefulness_is_a_share_of_those_who_could_see_it():
    asked, crowd = asked_with_one(), people(10)
    old = argue(asked)
    for one in crowd[:6]:
        acts.find_useful(asked, old, by=one, useful=True)
    new = argue(asked, text=SHOPS)
    for one in crowd[6:]:
        acts.find_useful(asked, new, by=one, useful=True)
    # In one transaction every row has the same moment: the marks are put where the story says.
    argued = new.proposition_id
    Argument.objects.filter(pk=old.pk).update(created_at="2026-11-01T10:00Z")
    old.usefuls.update(created_at="2026-11-02T10:00Z")
    Argument.objects.filter(pk=new.pk).update(created_at="2026-11-03T10:00Z")
    new.usefuls.update(created_at="2026-11-04T10:00Z")
    folding.rank(argued)
    old.refresh_from_db()
    new.refresh_from_db()
    # 6 of the 10 who marked something since; 4 of the 4 who came once it was there (Wilson, 95 %).
    assert (round(old.useful_score, 3), round(new.useful_score, 3)) == (0.313, 0.510)


def test_arguments_that_say_nearly_the_same_are_folded_within_a_side():
    asked = asked_with_one()
    first, second = argue(asked), argue(asked, text=BIKES + " Merci.")
    other, against = argue(asked, text=BUSES), argue(asked, Side.AGAINST, BIKES)
    folding.fold(first.proposition_id)
    assert folding.fold(first.proposition_id) == 0
    found = {one.pk: one.fold_id for one in Argument.objects.all()}
    assert found == {first.pk: None, second.pk: first.pk, other.pk: None, against.pk: None}
    acts.withdraw_argument(asked, first, by=first.author)
    shown = threads.columns(first.proposition, order=ArgumentOrder.OLDEST, seed="", many=5, reader=AnonymousUser())
    assert [one.argument.pk for one in shown[Side.FOR].said] == [second.pk, other.pk]


@pytest.mark.parametrize("order", list(ArgumentOrder))
def test_page_after_page_everything_is_read_once(order):
    asked = asked_with_one()
    for n in range(7):
        argue(asked, text=f"{n} {SHOPS if n % 2 else BUSES}")
    one = Proposition.objects.get(consultation=asked)
    Argument.objects.filter(number__in=(2, 5)).update(useful_score=0.4)
    Argument.objects.filter(number=3).update(reply_count=2)
    read, after, has_more = [], 0, True
    while has_more:
        said, has_more = threads.one_side(
            one, Side.FOR, order=order, seed="a", many=3, reader=AnonymousUser(), after=after
        )
        read += [each.argument.number for each in said]
        after = read[-1]
    assert sorted(read) == list(range(1, 8))
    if order == ArgumentOrder.USEFUL:
        assert read[:2] == [5, 2]
    if order == ArgumentOrder.DISCUSS:
        assert read[-1] == 3


def test_the_drawn_order_changes_with_the_seed_and_not_with_the_hour():
    asked = asked_with_one()
    for n in range(12):
        argue(asked, text=f"Argument {n}")
    one = Proposition.objects.get(consultation=asked)

    def drawn(seed: str) -> list[int]:
        said, _more = threads.one_side(
            one, Side.FOR, order=ArgumentOrder.LOT, seed=seed, many=12, reader=AnonymousUser()
        )
        return [each.argument.number for each in said]

    assert drawn("a") == drawn("a")
    assert drawn("a") != drawn("b")
    # Nobody is always first: over many visitors each leads about as often.
    leaders = [drawn(f"visitor {n}")[0] for n in range(240)]
    assert set(leaders) == set(range(1, 13))
    assert max(map(leaders.count, set(leaders))) < 45


def test_a_service_answers_in_its_name():
    asked, service = asked_with_one(), ServiceFactory(name="Guichet Mobilités")
    written = argue(asked)
    acts.reply(asked, written, "Nous mesurerons le bruit.", by=participant_of(UserFactory()), service=service)
    written.refresh_from_db()
    assert written.reply_count == 1
    assert threads.one(written).replies[0].service == service
