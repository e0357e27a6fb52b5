"""The ground of budgets: phases by the database's clock, and a regulation that never changes once it is frozen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from consult.budgets import phases
from consult.budgets.actions.freezing import freeze
from consult.budgets.choices import BallotKind, BudgetAct, BudgetPhaseKind
from consult.budgets.errors import BallotNotReady, NotReadyToFreeze, RegulationFrozen
from consult.budgets.models import BallotOption, BudgetPhase, Envelope, FrozenRegulation
from consult.budgets.rules import Rules, digest
from consult.errors import PhaseClosed
from tally.budgets import BadRegulation, Regulation
from tests.budgets import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("now", "act", "let_in"),
    [
        (BudgetPhaseKind.IDEAS, BudgetAct.SUGGEST, True),
        (BudgetPhaseKind.IDEAS, BudgetAct.VOTE, False),
        (BudgetPhaseKind.MERGE, BudgetAct.SUGGEST, False),
        (BudgetPhaseKind.MERGE, BudgetAct.SUPPORT, True),
        (BudgetPhaseKind.COUNT, BudgetAct.VOTE, False),
    ],
)
def test_each_act_has_its_phase(now, act, let_in):
    asked = world.budget(now)
    if let_in:
        assert phases.admit(asked, act).kind == now
    else:
        with pytest.raises(PhaseClosed):
            phases.admit(asked, act)


def test_whoever_comes_too_late_reads_the_hour_of_the_budget():
    asked = world.budget(BudgetPhaseKind.MERGE, time_zone="Indian/Reunion")
    # Seven in the evening in Paris, ten there.
    closed_at = datetime(2026, 1, 5, 18, tzinfo=UTC)
    BudgetPhase.objects.filter(page=asked.page_id, kind=BudgetPhaseKind.IDEAS).update(
        opens_at=closed_at - timedelta(days=2), closes_at=closed_at
    )
    with pytest.raises(PhaseClosed, match="5 janvier 2026 à 22\N{NO-BREAK SPACE}h"):
        phases.admit(asked, BudgetAct.SUGGEST)


def test_nobody_votes_before_the_regulation_is_frozen():
    asked = world.ballot(50_000, frozen=False)
    with pytest.raises(BallotNotReady):
        phases.admit(asked, BudgetAct.VOTE)
    freeze(asked)
    assert phases.admit(asked, BudgetAct.VOTE).kind == BudgetPhaseKind.BALLOT


def test_what_is_frozen_is_what_was_promised():
    asked = world.ballot(50_000, 70_000, frozen=False)
    frozen = freeze(asked)
    assert frozen.hash == digest(frozen.content)
    assert frozen.content["envelopes"][0][1:] == ["Toute la ville", "whole", 600_000 * 100]
    assert [project[3] for project in frozen.content["projects"]] == [50_000_00, 70_000_00]
    assert Rules.from_json(frozen.content["rules"]).kind == BallotKind.KNAPSACK
    with pytest.raises(RegulationFrozen):
        freeze(asked)


def test_a_budget_without_projects_is_not_made_ready():
    with pytest.raises(NotReadyToFreeze) as refused:
        freeze(world.budget(BudgetPhaseKind.BALLOT))
    assert len(refused.value.missing) == 1


ATTACKS = {
    "the hash": lambda asked: FrozenRegulation.objects.update(hash="0" * 64),
    "its end": lambda asked: FrozenRegulation.objects.all().delete(),
    "a cost": lambda asked: BallotOption.objects.update(cost=1),
    "a project less": lambda asked: BallotOption.objects.first().delete(),
    "the money": lambda asked: Envelope.objects.update(amount=1),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_frozen_changes_even_by_hand(attack):
    asked = world.ballot(50_000, 70_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        ATTACKS[attack](asked)


@pytest.mark.parametrize("attack", ["a cost", "the money"])
def test_control_before_it_is_frozen_it_changes(attack):
    ATTACKS[attack](world.ballot(50_000, frozen=False))


def test_an_option_is_withdrawn_once_with_its_reason():
    world.ballot(50_000, 70_000)
    option = BallotOption.objects.first()
    now = phases.clock()
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotOption.objects.filter(pk=option.pk).update(withdrawn_at=now)
    BallotOption.objects.filter(pk=option.pk).update(withdrawn_at=now, withdrawn_reason="Le terrain est vendu.")
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotOption.objects.filter(pk=option.pk).update(withdrawn_at=None, withdrawn_reason="")


def test_a_phase_of_each_kind_and_no_idea_during_the_ballot():
    page = world.budget().page
    ideas, ballot = (page.phases.get(kind=kind) for kind in (BudgetPhaseKind.IDEAS, BudgetPhaseKind.BALLOT))
    again = BudgetPhase(page=page, kind="ideas", opens_at=ballot.closes_at, closes_at=ballot.closes_at + world.DAY)
    _refused(again.save)
    _refused(lambda: BudgetPhase.objects.filter(pk=ideas.pk).update(closes_at=ballot.closes_at))


def _refused(write):
    """By a constraint that is judged when everything is written."""

    def written():
        with transaction.atomic():
            write()
            transaction.get_connection().check_constraints()

    with pytest.raises(IntegrityError):
        written()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dice"},
        {"kind": "points"},
        {"kind": "ranking"},
        {"kind": "judgment"},
        {"at_least": 3, "at_most": 2},
        {"envelopes": "mine"},
        {"count": Regulation(rule="majority_judgment")},
        {"nothing": "known"},
    ],
)
def test_rules_that_cannot_be_kept_are_refused(wrong):
    with pytest.raises(BadRegulation):
        Rules.from_json({**wrong, "count": wrong.get("count", Regulation()).as_json()})


def test_rules_go_to_json_and_back():
    rules = world.ballot_rules(BallotKind.APPROVAL, at_most=5)
    assert Rules.from_json(rules.as_json()) == rules


def test_pages_are_read(client):
    asked = world.budget(lead="600 000 € à répartir.")
    assert asked.page.title in client.get("/budgets/").content.decode()
    assert "600 000 €" in client.get(asked.page.get_absolute_url()).content.decode()
    asked.page.unpublish()
    assert client.get(asked.page.get_absolute_url()).status_code == 404
