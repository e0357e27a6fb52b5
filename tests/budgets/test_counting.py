"""Counting: never while people vote, the same twice, stopped by a tie, kept for good once it is done."""

import pytest
from django.db import IntegrityError, transaction

from consult.budgets import counting, results
from consult.budgets.actions import counting as acts
from consult.budgets.actions.departing import depart
from consult.budgets.choices import BallotKind, CountState, ProjectState
from consult.budgets.errors import BallotsMoved, CountChanged, CountSigned, NoTie, StillVoting
from consult.budgets.models import Ballot, ByDecision, Count, Mark, Project
from tally.budgets import Regulation
from tests.budgets import box, studied, world
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

BY = "Rose Daumier, première adjointe"


def test_nothing_is_counted_while_people_vote():
    asked = world.ballot()
    with pytest.raises(StillVoting):
        acts.ask(asked, by=None)
    envelope, rules = world.envelope_of(asked), Regulation()
    row = Count(budget=asked, envelope=envelope, number=1, regulation=rules.as_json(), regulation_hash=rules.hash)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    box.close(asked)
    row.save()  # control: once it is over, the database lets it in


def test_what_is_counted_is_what_was_cast():
    asked = box.filled(paper=["12", "2", "26", "6", "6"])
    (done,) = box.counted(asked)
    assert done.state == CountState.DONE, done.error
    assert done.outcome["ballots"] == 24 == done.figures["served"][0]
    assert done.figures["by_channel"] == [[["web"], 19], [["paper"], 5]]
    assert done.outcome["reasons"]["1"]["supporters"] == sum("1" in one for one in [*box.CHOSEN, "12"])
    again = counting.election(done.envelope, at=done.asked_at)
    assert counting.fingerprint(again) == done.input_hash
    other = Count.objects.get(kind="what_if")
    assert (other.regulation["rule"], other.input_hash) == ("greedy", done.input_hash)


def test_a_count_run_twice_or_taken_up_again_is_one_count():
    asked = box.filled()
    assert acts.ask(asked, by=None) == acts.ask(asked, by=None) == 1
    count = Count.objects.get()
    Count.objects.update(state=CountState.WORKING, step="counting")  # the worker died there
    assert list(counting.to_take_up()) == [count.pk]
    assert counting.run(count.pk).state == CountState.DONE
    assert counting.run(count.pk) is None
    assert (Count.objects.count(), acts.ask(asked, by=None)) == (2, 2)


ATTACKS = {
    "its outcome": lambda count: Count.objects.filter(pk=count.pk).update(outcome_hash="0" * 64),
    "its end": lambda count: count.delete(),
    "a second one": lambda count: Count.objects.filter(number=2, kind="trial").update(
        kind="official", signed_at=count.signed_at, signatory=BY
    ),
    "its signature": lambda count: Count.objects.filter(pk=count.pk).update(signatory="Quelqu’un"),
    "a ballot more": lambda count: Ballot(budget=count.budget, envelope=count.envelope, choices=[[1, 1]]).save(),
    "a ballot less": lambda count: Ballot.objects.first().delete(),
    "another choice": lambda count: Ballot.objects.update(choices=[[1, 1]]),
}


def _officially_counted():
    asked = box.filled()
    box.counted(asked)
    box.counted(asked)
    by = UserFactory()
    first = list(Count.objects.filter(number=1, kind="trial"))
    acts.sign(asked, number=1, read=acts.seen(first), signatory=BY, by=by)
    return Count.objects.get(kind="official")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_official_count_never_changes_nor_do_its_ballots(attack):
    official = _officially_counted()
    with pytest.raises(IntegrityError), transaction.atomic():
        ATTACKS[attack](official)


def test_control_ballots_change_before_the_count_is_signed_and_that_count_is_no_longer_signed():
    asked = box.filled()
    done = box.counted(asked)
    Ballot.objects.filter(choices=[[6, 1]]).update(choices=[[1, 1]])
    with pytest.raises(BallotsMoved):
        acts.sign(asked, number=1, read=acts.seen(done), signatory=BY, by=UserFactory())
    with pytest.raises(CountChanged):
        acts.sign(asked, number=1, read="autre chose", signatory=BY, by=UserFactory())


def test_signing_moves_the_projects_and_opens_the_result_once():
    asked = box.filled()
    assert not results.official(asked)
    (official,) = box.signed(asked)
    (found,) = results.official(asked)
    won = set(official.outcome["winners"])
    states = dict(Project.objects.filter(budget=asked).values_list("number", "state"))
    assert won
    assert states == {
        number: ProjectState.FUNDED if str(number) in won else ProjectState.NOT_FUNDED for number in states
    }
    assert found.spent == sum(found.options[number].cost for number in won)
    with pytest.raises(CountSigned):
        box.signed(asked)


def test_the_editor_who_signed_may_leave():
    by = UserFactory()
    (official,) = box.signed(box.filled(), by=by)
    by.delete()
    official.refresh_from_db()
    assert (official.signed_by, official.signatory) == (None, BY)


def test_a_tie_stops_the_count_and_a_public_drawing_settles_it():
    rules = world.ballot_rules(BallotKind.APPROVAL, count=Regulation(rule="greedy", ties=()))
    asked = box.filled(400_000, 400_000, chosen=["1", "2"], rules=rules)
    (stopped,) = box.counted(asked)
    assert (stopped.state, stopped.figures["tied"]) == (CountState.FAILED, ["1", "2"])
    assert "1" in stopped.error
    drawn = {"seed": "4271", "story": "Dé lancé en conseil.", "signatory": BY, "by": UserFactory()}
    acts.draw_lots(stopped.envelope, **drawn)
    (done,) = box.counted(asked)
    assert done.state == CountState.DONE
    assert (done.regulation["ties"], done.regulation["seed"]) == (["drawn_lots"], "4271")
    assert len(done.outcome["winners"]) == 1
    with pytest.raises(NoTie):
        acts.draw_lots(stopped.envelope, **drawn)


def test_a_box_that_does_not_agree_with_the_roll_is_not_counted():
    asked = box.filled()
    Mark.objects.filter(channel="web").first().delete()
    (stopped,) = box.counted(asked)
    assert stopped.state == CountState.FAILED
    assert "19" in stopped.error
    assert "18" in stopped.error


def test_departing_from_the_count_is_signed_beside_it_once():
    asked = box.filled()
    (official,) = box.signed(asked)
    lost = Project.objects.filter(budget=asked, state=ProjectState.NOT_FUNDED).first()
    depart(lost, reason="La région paie le reste.", signatory=BY, by=UserFactory())
    (found,) = results.official(asked)
    assert found.is_funded(str(lost.number))
    assert str(lost.number) not in found.outcome["winners"]
    official.refresh_from_db()
    assert official.outcome_hash == found.outcome["hash"]
    with pytest.raises(IntegrityError), transaction.atomic():
        depart(lost, reason="Non.", signatory=BY, by=UserFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        ByDecision.objects.update(reason="Autre chose.")


def test_a_project_withdrawn_after_the_vote_keeps_its_ballots_and_cannot_win(client):
    asked = box.filled()
    (before,) = box.counted(asked)
    client.force_login(studied.editor())
    address = f"/etudes/{asked.page.slug}/projets/1/retrait/"
    assert client.post(address, {"reason": "Le terrain est vendu."}).status_code == 302
    (done,) = box.counted(asked)
    assert ("1" in before.outcome["winners"], "1" in done.outcome["winners"]) == (True, False)
    assert done.outcome["reasons"]["1"]["reason"] == "withdrawn"
    assert done.outcome["reasons"]["1"]["supporters"] == before.outcome["reasons"]["1"]["supporters"] == 9
    assert done.outcome["ballots"] == before.outcome["ballots"]


def test_a_free_project_wins_and_two_of_one_site_do_not():
    rules = world.ballot_rules(count=Regulation(rule="greedy", ties=("lower_cost",), exclusive=True))
    asked = world.budget(world.BudgetPhaseKind.BALLOT, rules=rules)
    for cost, site in ((0, ""), (50_000, "Place du Marché"), (60_000, "Place du Marché")):
        world.project(asked, cost=cost, site=site)
    world.freeze(asked)
    box.cast(asked, world.envelope_of(asked), [[[1, 1], [3, 1]], [[2, 1], [3, 1]], [[3, 1]], [[2, 1]]])
    box.close(asked)
    (done,) = box.counted(asked)
    assert done.outcome["winners"] == ["3", "1"]
    assert done.outcome["reasons"]["2"]["reason"] == "same_site"


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"web": 900, "paper": 40}, {"web": "web", "paper": "paper"}),
        ({"web": 900, "paper": 40, "kiosk": 2}, {"web": "web", "paper": "kiosk+paper", "kiosk": "kiosk+paper"}),
        ({"web": 3, "paper": 1}, {"web": "paper+web", "paper": "paper+web"}),
        ({"web": 900, "paper": 4, "kiosk": 3}, {"web": "web", "paper": "kiosk+paper", "kiosk": "kiosk+paper"}),
        ({"web": 3}, {"web": "web"}),
        ({}, {}),
    ],
)
def test_a_channel_of_few_ballots_is_told_with_another(counts, told):
    assert counting.pools(counts, Regulation()) == told
