"""The regulation: typed with plain errors, told in sentences, tried on invented ballots, frozen and kept."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.budgets import dry_runs, late_freezing, plain_words
from consult.budgets.actions import freezing, regulating
from consult.budgets.choices import BallotKind, BudgetPhaseKind
from consult.budgets.errors import RegulationFrozen
from consult.budgets.forms import presets
from consult.budgets.forms.regulating import RegulationForm, initial_of
from consult.budgets.models import BudgetPhase, Envelope, FrozenRegulation, Project
from consult.budgets.rules import Rules
from journal.models import Entry
from letters.models import Letter
from tally.budgets import Regulation
from tests.budgets import world
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def somebody(kind: RoleKind):
    user = UserFactory()
    accounts.grant(user, kind, by=None)
    return user


def typed(rules: Rules, **changes):
    """What a browser sends of a form filled with these rules."""
    values = {name: value for name, value in initial_of(rules).items() if value not in (None, False)}
    with translation.override("fr"):
        shown = {name: RegulationForm.base_fields[name].prepare_value(value) for name, value in values.items()}
    sent = {name: "on" if value is True else value for name, value in shown.items()} | changes
    return {name: value for name, value in sent.items() if value is not None}


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda one: one.name)
def test_a_preset_goes_through_the_form_and_back(preset):
    with translation.override("fr"):
        form = RegulationForm(typed(preset.rules))
        assert form.is_valid(), form.errors
        assert form.rules == preset.rules


EVERYTHING = Rules(
    kind=BallotKind.RANKING,
    at_least=2,
    at_most=5,
    count=Regulation(
        rule="greedy",
        order="score_per_cost",
        on_overflow="tolerance",
        tolerance="80",
        threshold_kind="percent_of_ballots",
        threshold="5/2",
        ties=("lower_cost", "drawn_lots"),
        seed="12 24 31 40 45",
        channel_weights={"paper": "3/2"},
        ceilings={"theme:Sport": 100_000_00, "territory:Nord": 250_000_50},
        at_most={"territory:Nord": 2},
        one_each=True,
        exclusive=True,
        ranking_length=5,
    ),
)


def test_every_choice_goes_through_the_form_and_back():
    with translation.override("fr"):
        form = RegulationForm(typed(EVERYTHING))
        assert form.is_valid(), form.errors
        assert form.rules == EVERYTHING


REFUSED = {
    "mentions counted by votes": ({"kind": "judgment", "mentions": "Bien\nMal"}, "rule"),
    "votes counted as mentions": ({"rule": "majority_judgment"}, "rule"),
    "a ranking without length": ({"kind": "ranking", "at_most": ""}, "at_most"),
    "no point to share": ({"kind": "points", "points": ""}, "points"),
    "more points than one has": ({"kind": "points", "points": "5", "points_each": "6"}, "points_each"),
    "the least above the most": ({"at_least": "6"}, "at_most"),
    "points that nobody gives": ({"rule": "equal_shares", "utility": "points"}, "utility"),
    "no number of winners": ({"rule": "top_n"}, "n"),
    "a threshold above all": ({"threshold_kind": "percent_of_ballots", "threshold": "120"}, "threshold"),
    "a threshold of nothing": ({"threshold_kind": "absolute", "threshold": ""}, "threshold"),
    "lots without a number": ({"tie_3": "drawn_lots"}, "seed"),
    "lots before another way": ({"tie_1": "drawn_lots", "seed": "1"}, "tie_2"),
    "the same way twice": ({"tie_2": "more_supporters"}, "tie_2"),
    "a ballot that weighs nothing": ({"weight_paper": "0"}, "weight_paper"),
    "a territory that is not there": ({"envelopes": "one_territory"}, "envelopes"),
    "a ceiling without figure": ({"ceiling_theme": "Sport"}, "ceiling_theme"),
    "one mention": ({"kind": "judgment", "rule": "majority_judgment", "mentions": "Bien"}, "mentions"),
    "silence as the best": (
        {"kind": "judgment", "rule": "majority_judgment", "mentions": "Bien\nMal", "unmarked": "Bien"},
        "unmarked",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_go_together_is_told_at_its_field(case):
    changes, field = REFUSED[case]
    with translation.override("fr"):
        form = RegulationForm(typed(presets.named("choisis").rules, **changes))
        assert not form.is_valid()
        assert field in form.errors
        assert form.rules is None


@pytest.mark.parametrize("preset", [*presets.PRESETS, None], ids=lambda one: one.name if one else "everything")
def test_a_regulation_is_told_and_tried(preset):
    rules = preset.rules if preset else EVERYTHING
    told = plain_words.sentences(rules)
    assert len(told) >= 5
    assert len(set(told)) == len(told)
    envelope = Envelope(pk=1, title="Toute la ville", kind="whole", amount=600_000_00)
    first, again = (dry_runs.try_out(rules, [envelope], []) for _each in range(2))
    assert first == again  # invented once and for all
    assert first[0].is_invented
    assert any(line.is_funded for line in first[0].lines)
    assert all(line.words for line in first[0].lines)


def test_a_try_warns_of_what_would_go_wrong():
    envelope = Envelope(pk=1, title="Toute la ville", kind="whole", amount=100_000_00)
    dear = Project(number=1, title="Piscine", cost=310_000_00, envelope=envelope)
    small = Project(number=2, title="Bancs", cost=5_000_00, envelope=envelope)
    rules = Rules(kind="approval", count=Regulation(exclusive=True, ceilings={"theme:Sprot": 1}, ties=("lower_cost",)))
    tried = dry_runs.try_out(rules, [envelope], [dear, small])[0]
    assert [line.is_funded for line in tried.lines] == [True, False]
    assert len(tried.warnings) == 4  # too dear, no site, no such theme, money left


def test_a_tie_that_nothing_settles_stops_the_try():
    envelope = Envelope(pk=1, title="Toute la ville", kind="whole", amount=100_000_00)
    twins = [Project(number=n, title=f"Projet {n}", cost=60_000_00, envelope=envelope) for n in (1, 2)]
    tried = dry_runs.try_out(Rules(at_most=2, at_least=2), [envelope], twins)[0]
    assert "Projet 1" in tried.stopped
    assert not tried.lines


# --- the doors ---


@pytest.fixture
def editor(client):
    person = somebody(RoleKind.EDITOR)
    client.force_login(person)
    return person


def test_an_editor_writes_tries_and_freezes(client, editor):
    asked = world.ballot(50_000, 70_000, frozen=False)
    at = f"/admin/budgets/{asked.pk}"
    page = client.get(f"{at}/reglement/?modele=parts").content.decode()
    assert "Une part égale pour chacun" in page
    sent = typed(presets.named("choisis").rules)
    told = client.post(f"{at}/reglement/", sent).content.decode()
    assert "Ce que vous avez saisi veut dire" in told
    assert "Pas encore enregistré" in told
    wrong = client.post(f"{at}/reglement/", sent | {"tie_3": "drawn_lots", "keep": "1"})
    assert wrong.status_code == 422
    assert client.post(f"{at}/reglement/", sent | {"keep": "try"}).url == f"{at}/essai/"
    assert "Projet 1" in client.get(f"{at}/essai/").content.decode()
    asked.page.refresh_from_db()
    assert Rules.from_json(asked.page.rules) == presets.named("choisis").rules
    assert "Figer pour de bon" in client.get(f"{at}/figer/").content.decode()
    assert client.post(f"{at}/figer/").status_code == 302
    frozen = FrozenRegulation.objects.get(budget=asked)
    assert frozen.hash in client.get(f"{at}/figer/").content.decode()
    assert frozen.hash in client.get(asked.page.get_absolute_url() + "regles/").content.decode()


def test_the_regulation_no_longer_changes_and_the_journal_says_who_tried(client, editor):
    asked = world.ballot(50_000)
    before = asked.page.rules
    refused = client.post(
        f"/admin/budgets/{asked.pk}/reglement/", typed(presets.named("choisis").rules) | {"keep": "1"}
    )
    assert refused.status_code == 409
    with pytest.raises(RegulationFrozen):
        regulating.regulate(asked, presets.named("panier").rules, by=editor)
    asked.page.refresh_from_db()
    assert asked.page.rules == before
    tried = Entry.objects.filter(verb="budget.change_refused")
    assert [(one.actor_key, one.details["parts"]) for one in tried] == [(editor.pk, ["rules"])] * 2


@pytest.mark.parametrize("tail", ["reglement/", "essai/", "figer/", "prolonger/"])
def test_only_those_who_run_budgets_come_in(client, tail):
    asked = world.ballot(50_000)
    at = f"/admin/budgets/{asked.pk}/{tail}"
    assert client.get(at).status_code == 302
    client.force_login(somebody(RoleKind.MODERATOR))
    assert client.get(at).status_code in (302, 404)


# --- the clock ---


def test_the_clock_freezes_what_opens():
    asked = world.ballot(50_000, frozen=False)
    later = world.budget(BudgetPhaseKind.STUDY)
    assert freezing.freeze_due() == 1
    assert freezing.freeze_due() == 0
    frozen = FrozenRegulation.objects.get()
    assert (frozen.budget, frozen.frozen_by) == (asked, None)
    assert not FrozenRegulation.objects.filter(budget=later).exists()


def test_what_is_missing_at_the_opening_hour_is_told_once():
    somebody(RoleKind.EDITOR)
    somebody(RoleKind.ADMINISTRATOR)
    asked = world.ballot(700_000, frozen=False)  # dearer than its envelope
    for _minute in range(2):
        assert freezing.freeze_due() == 0
    letters = Letter.objects.filter(kind=late_freezing.KIND)
    assert letters.count() == 2
    with translation.override("fr"):
        assert "Projet 1" in late_freezing.render(letters.first()).text
    Project.objects.update(cost=50_000_00)
    assert freezing.freeze_due() == 1
    assert FrozenRegulation.objects.get().budget == asked


def test_a_project_of_another_district_is_not_put_to_the_vote():
    asked = world.ballot(50_000, frozen=False)
    Envelope.objects.create(page=asked.page, title="Nord", kind="territory", amount=100_000_00)
    north = Envelope.objects.get(title="Nord")
    lost = world.project(asked, cost=10_000, envelope=north, territory="Sud")
    with pytest.raises(freezing.NotReadyToFreeze) as refused:
        freezing.freeze(asked)
    assert len(refused.value.missing) == 1
    Project.objects.filter(pk=lost.pk).update(territory="Nord")
    assert freezing.freeze(asked).content["projects"][1][4] == "Nord"


def test_a_ballot_is_prolonged_by_a_signed_act_that_everybody_reads(client, editor):
    asked = world.ballot(50_000)
    ballot = BudgetPhase.objects.get(page=asked.page, kind="ballot")
    at, noon = f"/admin/budgets/{asked.pk}/prolonger/", {"hour": 12, "minute": 0}  # no clock changes at noon
    closes_at = timezone.localtime(ballot.closes_at, asked.page.zone).replace(second=0, microsecond=0)
    later = (closes_at + timedelta(days=1)).replace(**noon)
    earlier = f"{(closes_at - timedelta(days=1)).replace(**noon):%Y-%m-%d %H:%M}"
    wall = f"{later:%Y-%m-%d %H:%M}"
    sent = {"closes_at": wall, "reason": "Le site n’a pas répondu.", "signed": "on"}
    for wrong in ({"signed": ""}, {"reason": " "}, {"closes_at": earlier}):
        assert client.post(at, sent | wrong).status_code == 422
    assert client.post(at, sent).status_code == 302
    ballot.refresh_from_db()
    assert ballot.closes_at == later
    page = client.get(asked.page.get_absolute_url()).content.decode()
    assert "Le site n’a pas répondu" in page
    assert editor.name in page
    assert Entry.objects.filter(verb="budget.prolonged").count() == 1
