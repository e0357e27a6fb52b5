"""What people say about passages outlives every regrouping."""

import random

import pytest

from feedback import grouping
from feedback.actions import reshaping
from feedback.actions.intake import submit_fiche
from feedback.choices import PainPointState, Source
from feedback.errors import NotAllowedNow, WrongPassages
from feedback.models import Membership, PainPoint, Segment
from journal.models import Entry
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


def passages(service, count, text="Le guichet ferme trop tôt, fiche numéro"):
    """Passages of as many fiches, cut and waiting in « à trier »."""
    fiches = [submit_fiche(text=f"{text} {n}.", service=service) for n in range(count)]
    return [grouping.cut(fiche)[0] for fiche in fiches]


@pytest.fixture
def closing(service, owner):
    return reshaping.found(passages(service, 4), title="Guichet fermé trop tôt", by=owner)


@pytest.fixture
def payment(service, owner):
    return reshaping.found(passages(service, 3, "Le paiement est refusé, fiche"), title="Paiement refusé", by=owner)


def held(pain_point):
    return list(Segment.objects.filter(membership__pain_point=pain_point).order_by("pk"))


def test_a_pain_point_founded_by_a_person_is_confirmed_and_keeps_its_title(closing):
    assert closing.state == PainPointState.CONFIRMED
    grouping.describe([closing])
    closing.refresh_from_db()
    assert closing.title == "Guichet fermé trop tôt"
    assert closing.fiche_count == 4


def test_merging_moves_everything_and_the_emptied_number_says_where_it_went(closing, payment, owner):
    closing.memberships.update(source=Source.MACHINE, confirmed_by=None)
    reshaping.merge(payment, into=closing, by=owner)
    payment.refresh_from_db()
    closing.refresh_from_db()
    assert (payment.state, payment.merged_into, payment.fiche_count) == (PainPointState.MERGED, closing, 0)
    assert closing.fiche_count == 7
    assert set(closing.memberships.values_list("source", flat=True)) == {Source.PERSON}


def test_merging_twice_is_refused_and_into_itself_too(closing, payment, owner):
    reshaping.merge(payment, into=closing, by=owner)
    with pytest.raises(NotAllowedNow):
        reshaping.merge(payment, into=closing, by=owner)
    with pytest.raises(WrongPassages):
        reshaping.merge(closing, into=closing, by=owner)


def test_splitting_makes_a_new_number_that_says_where_it_comes_from(closing, owner):
    some = held(closing)[:2]
    new = reshaping.split(closing, segments=some, title="Guichet fermé le midi", by=owner)
    assert new.number != closing.number
    assert new.split_from == closing
    assert held(new) == some
    closing.refresh_from_db()
    assert closing.fiche_count == 2


def test_a_split_leaves_something_behind(closing, owner):
    with pytest.raises(WrongPassages):
        reshaping.split(closing, segments=held(closing), title="Tout", by=owner)


def test_passages_of_another_pain_point_cannot_be_split_off(closing, payment, owner):
    with pytest.raises(WrongPassages):
        reshaping.split(closing, segments=held(payment)[:1], title="Pas à moi", by=owner)
    assert len(held(payment)) == 3


def test_moving_a_passage_forbids_its_return(closing, payment, owner):
    moved = held(closing)[0]
    reshaping.move_passages([moved], from_=closing, to=payment, by=owner)
    assert moved in held(payment)
    grouping.regroup(full=True)
    assert moved in held(payment)


def test_what_was_set_apart_from_one_is_not_taken_by_the_one_that_absorbs_it(closing, payment, owner):
    apart = held(closing)[0]
    reshaping.set_apart(closing, segments=[apart], by=owner)
    reshaping.merge(closing, into=payment, by=owner)
    grouping.regroup(full=True)
    assert apart not in held(payment)


def test_each_act_writes_one_line_with_its_author(closing, payment, owner):
    before = Entry.objects.count()
    reshaping.merge(payment, into=closing, by=owner)
    line = Entry.objects.order_by("-pk").first()
    assert Entry.objects.count() == before + 1
    assert (line.verb, line.actor_key, line.details) == ("pain_point.merged", owner.pk, {"into": closing.pk})


def test_regrouping_keeps_the_numbers(service, closing, payment):
    before = {p.pk: held(p) for p in (closing, payment)}
    passages(service, 3, "La borne d’accueil est en panne, passage")
    for full in (False, True, True):
        grouping.regroup(full=full)
        assert {p.pk: held(p)[: len(before[p.pk])] for p in (closing, payment)} == before


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_and_the_machine_do_no_decision_is_undone_no_number_reused_no_fiche_lost(service, owner, seed):
    chance = random.Random(seed)
    texts = ["Le guichet ferme trop tôt", "Le paiement est refusé", "Il faut redonner le justificatif"]
    everything = [p for text in texts for p in passages(service, 4, text)]
    reshaping.found(everything[:3], title="Premier", by=owner)
    decided, numbers = {}, set()
    for _ in range(12):
        _act(chance, owner, decided)
        numbers_now = set(PainPoint.objects.values_list("pk", flat=True))
        assert numbers <= numbers_now
        numbers = numbers_now
        for segment, (pain_point, belongs) in decided.items():
            final = _followed(PainPoint.objects.get(pk=pain_point))
            attached = Membership.objects.filter(segment=segment, pain_point=final).exists()
            assert attached == belongs
    assert Segment.objects.count() == len(everything)


def _act(chance, owner, decided):
    """One random act of a person, or a regrouping; notes what was decided about which passage."""
    living = list(PainPoint.objects.living().filter(fiche_count__gt=1))
    free = list(Segment.objects.unplaced())
    act = chance.choice(["regroup", "full", "move", "apart", "attach", "split"])
    if act in {"regroup", "full"} or not living:
        grouping.regroup(full=act == "full")
    elif act == "attach" and free:
        segment, target = chance.choice(free), chance.choice(living)
        reshaping.attach([segment], to=target, by=owner)
        decided[segment.pk] = (target.pk, True)
    elif act == "move" and len(living) > 1:
        source, target = chance.sample(living, 2)
        segment = chance.choice(held(source))
        reshaping.move_passages([segment], from_=source, to=target, by=owner)
        decided[segment.pk] = (target.pk, True)
    elif act == "apart":
        source = chance.choice(living)
        segment = chance.choice(held(source))
        reshaping.set_apart(source, segments=[segment], by=owner)
        decided[segment.pk] = (source.pk, False)
    elif act == "split":
        source = chance.choice(living)
        segment = chance.choice(held(source))
        if len(held(source)) > 1:
            new = reshaping.split(source, segments=[segment], title="Séparé", by=owner)
            decided[segment.pk] = (new.pk, True)


def _followed(pain_point):
    while pain_point.merged_into:
        pain_point = pain_point.merged_into
    return pain_point
