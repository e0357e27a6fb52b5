"""Studies: private until they are published together; what is signed and changes loses its signatures."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from consult.budgets import clock, studies
from consult.budgets.actions import publishing_studies, studying, supports
from consult.budgets.actions.studying import Concluded
from consult.budgets.choices import BudgetPhaseKind, CostKind, ProjectState, StudyVerdict
from consult.budgets.errors import (
    CostAboveEnvelope,
    HourPassed,
    NoStudyReady,
    StudyChanged,
    StudyIncomplete,
    StudyOver,
)
from consult.budgets.models import BudgetTold, CostLine, ProjectOrigin, Study, StudyPublication, StudySignature
from consult.budgets.phases import clock as hour
from consult.budgets.tasks import tell_late, tell_studies
from consult.people import participant_of
from journal.models import Entry
from letters.models import Letter
from letters.renderers import render
from tests.budgets import studied, world
from tests.budgets.ideas import idea
from tests.consult.test_votes import committed, together
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_study_is_costed_concluded_signed_and_published():
    study = studied.signed(studied.concluded(studied.being_studied()))
    studied.publish(study.project.budget)
    project = study.project
    project.refresh_from_db()
    assert (project.state, project.cost, project.reason) == (ProjectState.RETAINED, 112_000_00, studied.REASON)
    assert [move.state for move in project.moves.all()] == ["studied", "retained"]
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"study.assigned", "study.cost_added", "study.verdict_written", "study.signed"} <= verbs
    assert {"studies.published", "project.moved"} <= verbs


def test_with_changes_the_new_words_and_not_feasible_the_reason():
    changed = studied.being_studied(title="Un pont")
    words = Concluded(StudyVerdict.CHANGED, "Sur la rive nord seulement.", revised_title="Une passerelle")
    with pytest.raises(StudyIncomplete):
        studied.signed(changed)
    studied.concluded(changed)
    studied.signed(studying.conclude(changed, words, by=changed.evaluator))
    asked = changed.project.budget
    refused = studied.signed(
        studied.concluded(studied.being_studied(asked=asked), cost=None, verdict=StudyVerdict.NOT_FEASIBLE)
    )
    studied.publish(asked)
    for study in (changed, refused):
        study.project.refresh_from_db()
    assert (changed.project.title, changed.project.state) == ("Une passerelle", ProjectState.RETAINED)
    assert (refused.project.state, refused.project.reason) == (ProjectState.NOT_RETAINED, studied.REASON)


@pytest.mark.parametrize("change", ["a line more", "a line less", "another reason", "a cost by hand"])
def test_a_change_takes_the_signatures_back(change):
    study = studied.signed(studied.concluded(studied.being_studied()))
    by = study.evaluator
    acts = {
        "a line more": lambda: studying.add_line(study, label="Clôture", kind=CostKind.RUNNING, amount=1, by=by),
        "a line less": lambda: studying.remove_line(study.lines.get(), by=by),
        "another reason": lambda: studying.conclude(study, Concluded(StudyVerdict.FEASIBLE, "Autre."), by=by),
        "a cost by hand": lambda: CostLine.objects.update(amount=325_00),
    }
    acts[change]()
    assert not StudySignature.objects.exists()
    with pytest.raises(NoStudyReady):
        studied.publish(study.project.budget)


def test_control_what_is_not_signed_leaves_the_signatures():
    study = studied.signed(studied.concluded(studied.being_studied()))
    studying.note(study, "Attendre le devis.", by=study.evaluator)
    studying.assign(study.project, by=studied.editor(), evaluator=studied.evaluator())
    assert StudySignature.objects.count() == 1


def test_two_signatures_are_of_two_people():
    study = studied.concluded(studied.being_studied(signatures=2))
    studied.signed(study, study.evaluator)
    with pytest.raises(NoStudyReady):
        studied.publish(study.project.budget)
    publication = StudyPublication.objects.create(budget=study.project.budget, by=study.evaluator, published_at=Now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Study.objects.update(publication=publication)
    studied.signed(study, studied.evaluator())
    studied.publish(study.project.budget)


def test_nobody_signs_what_they_did_not_read():
    study = studied.concluded(studied.being_studied())
    seen = studies.fingerprint(study)
    studying.add_line(study, label="Clôture", kind=CostKind.INVEST, amount=100_00, by=study.evaluator)
    with pytest.raises(StudyChanged):
        studying.sign(study, seen=seen, by=study.evaluator)


ATTACKS = {
    "its verdict": lambda study: Study.objects.update(verdict="not_feasible"),
    "its publication": lambda study: Study.objects.update(publication=None),
    "its end": lambda study: Study.objects.filter(pk=study.pk).delete(),
    "a cost": lambda study: CostLine.objects.update(amount=1),
    "a line more": lambda study: CostLine.objects.create(study=study, label="x", amount=1),
    "when it was published": lambda study: StudyPublication.objects.update(published_at=Now()),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_public_study_never_changes_even_by_hand(attack):
    study = studied.signed(studied.concluded(studied.being_studied()))
    studied.publish(study.project.budget)
    with pytest.raises(IntegrityError), transaction.atomic():
        ATTACKS[attack](study)
    with pytest.raises(StudyOver):
        studying.conclude(study, Concluded(StudyVerdict.FEASIBLE, "Non."), by=study.evaluator)


@pytest.mark.parametrize(
    ("typed", "doubts"), [(325, 1), (999, 1), (1_000, 0), (325_000, 0), (600_000, 0), (600_001, 1), (325_000_000, 1)]
)
def test_a_cost_typed_325_is_asked_about_and_one_above_the_envelope_too(typed, doubts):
    study = studied.being_studied()
    assert len(studies.doubts_about_line(study, CostKind.INVEST, typed * world.EUROS)) == doubts
    assert studies.doubts_about_line(study, CostKind.RUNNING, typed * world.EUROS) == []


def test_a_total_far_below_the_estimate_or_the_peers_is_asked_about():
    asked = world.budget(BudgetPhaseKind.IDEAS)
    origin = idea(asked, cost=800_000_00)
    study = studied.being_studied(asked=asked)
    ProjectOrigin.objects.create(project=study.project, suggestion=origin)
    studied.concluded(study, cost=1_300)
    [about_estimate] = studies.doubts_about_total(study)
    assert "800" in about_estimate
    studied.concluded(studied.being_studied(asked=asked), cost=700_000)
    assert len(studies.doubts_about_total(study)) == 2


def test_a_cost_above_its_envelope_is_refused_when_published():
    study = studied.signed(studied.concluded(studied.being_studied(title="Un stade"), cost=600_001))
    with pytest.raises(CostAboveEnvelope, match="Un stade"):
        studied.publish(study.project.budget)
    study.project.refresh_from_db()
    assert study.project.state == ProjectState.STUDIED


def _two_ideas_of_one_author():
    """Two projects, two ideas of the same person, both supported by another one."""
    asked = world.budget(BudgetPhaseKind.IDEAS)
    author, friend = UserFactory(), UserFactory()
    for rank in range(2):
        study = studied.being_studied(asked=asked)
        origin = idea(asked, f"Idée {rank}", by=author)
        ProjectOrigin.objects.create(project=study.project, suggestion=origin)
        supports.support(asked, origin.number, by=participant_of(friend))
        studied.signed(studied.concluded(study))
    return asked, author, friend


def test_each_person_is_told_once_by_one_letter_whatever_rings():
    asked, author, friend = _two_ideas_of_one_author()
    publication = studied.publish(asked)
    for _twice in range(2):
        tell_studies(publication.pk)
        tell_late()
    letters = Letter.objects.filter(kind="budgets.studies")
    assert sorted(letters.values_list("address", flat=True)) == sorted([author.email, friend.email])
    said = {letter.address: render(letter) for letter in letters}
    assert said[author.email].text.count(studied.REASON) == 2
    assert "/budgets/" in said[friend.email].text
    assert said[author.email].subject != said[friend.email].subject


def test_nothing_leaves_before_the_hour_and_everything_at_it():
    study = studied.signed(studied.concluded(studied.being_studied()))
    asked, by = study.project.budget, studied.editor()
    with pytest.raises(HourPassed):
        publishing_studies.plan(asked, at=hour() - timedelta(minutes=1), by=by)
    publishing_studies.plan(asked, at=hour() + timedelta(days=1), by=by)
    clock.publish_planned_studies()
    assert not Study.objects.public().exists()
    StudyPublication.objects.update(planned_for=hour() - timedelta(minutes=1))
    clock.publish_planned_studies()
    assert Study.objects.public().count() == 1
    clock.publish_planned_studies()
    assert StudyPublication.objects.count() == 1


def test_an_hour_that_comes_too_early_is_taken_back_and_said():
    study = studied.concluded(studied.being_studied())
    asked = study.project.budget
    publishing_studies.plan(asked, at=hour() + timedelta(days=1), by=studied.editor())
    StudyPublication.objects.update(planned_for=hour() - timedelta(minutes=1))
    clock.publish_planned_studies()
    assert not StudyPublication.objects.exists()
    assert Entry.objects.filter(verb="studies.held_up").count() == 1


@committed
@pytest.mark.parametrize("guarded", [True, False])
def test_published_twice_at_once_they_are_told_once(monkeypatch, guarded):
    """Control: without the lock both meet the same studies, and the database alone refuses the second."""
    asked, _author, _friend = _two_ideas_of_one_author()
    if not guarded:
        both = Barrier(2, timeout=20)
        held = publishing_studies._held

        def unguarded(budget):
            rows = studies.ready(budget)
            both.wait()
            return rows

        monkeypatch.setattr(publishing_studies.phases, "alone", lambda budget: None)
        monkeypatch.setattr(publishing_studies, "_held", unguarded)
        assert held is not unguarded
    seen, by = studies.batch_fingerprint(studies.ready(asked)), studied.editor()
    done = together(lambda _one: publishing_studies.publish(asked, seen=seen, by=by), [1, 2])
    refused = [type(one) for one in done if isinstance(one, Exception)]
    assert refused == [NoStudyReady if guarded else IntegrityError]
    assert BudgetTold.objects.count() == 2
