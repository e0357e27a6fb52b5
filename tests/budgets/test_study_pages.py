"""The pages of those who study: their list, a study from the first line to the signature, the publication."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consult.budgets.actions import studying
from consult.budgets.choices import BudgetPhaseKind, ProjectState
from consult.budgets.errors import PaperRefused
from consult.budgets.models import Ballot, CostLine, ProjectOrigin, Study
from tests.budgets import studied, world
from tests.budgets.ideas import idea
from tests.budgets.voting import cast, person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page_of(study: Study) -> str:
    project = study.project
    return f"/etudes/{project.budget.page.slug}/projets/{project.number}/"


def read(client, url: str) -> str:
    return client.get(url).content.decode()


def test_an_evaluator_goes_from_the_list_to_the_signature_without_a_script(client):
    asked = world.budget(BudgetPhaseKind.IDEAS)
    late = timezone.localdate() - timedelta(days=3)
    study = studied.being_studied(asked=asked, title="Des tilleuls", due_on=late)
    ProjectOrigin.objects.create(project=study.project, suggestion=idea(asked, "Un arbre par enfant"))
    client.force_login(study.evaluator)
    assert "Des tilleuls" in (listed := read(client, "/etudes/"))
    assert "en retard de 3 jours" in listed
    url = page_of(study)
    assert "Un arbre par enfant" in read(client, url)
    client.post(url, {"act": "line", "label": "Plantation", "kind": "invest", "amount": "112 000"})
    client.post(url, {"act": "line", "label": "Arrosage", "kind": "running", "amount": "900"})
    assert "112\xa0000\xa0€" in read(client, url)
    client.post(url, {"act": "verdict", "verdict": "feasible", "reason": studied.REASON})
    seen = client.get(url).context["sign_form"].initial["seen"]
    assert client.post(url, {"act": "sign", "seen": seen}).status_code == 302
    assert study.signatures.get().by == study.evaluator
    assert "Des tilleuls" not in read(client, "/etudes/")
    assert "Des tilleuls" in read(client, "/etudes/?vue=traites")


def test_325_typed_for_325_000_is_asked_about_then_kept_when_it_is_meant(client):
    study = studied.being_studied()
    client.force_login(study.evaluator)
    typed = {"act": "line", "label": "Aire de jeux", "kind": "invest", "amount": "325"}
    asked = client.post(page_of(study), typed)
    assert asked.status_code == 422
    assert "325\xa0000\xa0€" in asked.content.decode()
    assert not CostLine.objects.exists()
    client.post(page_of(study), {**typed, "meant": "on"})
    assert CostLine.objects.get().amount == 325_00
    client.post(page_of(study), {"act": "verdict", "verdict": "feasible", "reason": "Oui."})
    seen = client.get(page_of(study)).context["sign_form"].initial["seen"]
    assert client.post(page_of(study), {"act": "sign", "seen": seen}).status_code == 422
    assert client.post(page_of(study), {"act": "sign", "seen": seen, "meant": "on"}).status_code == 302


def test_a_cost_above_its_envelope_is_asked_about_with_what_the_envelope_has(client):
    study = studied.being_studied()
    client.force_login(study.evaluator)
    typed = {"act": "line", "label": "Passerelle", "kind": "invest", "amount": "900000"}
    asked = client.post(page_of(study), typed)
    assert asked.status_code == 422
    assert "600\xa0000\xa0€" in asked.content.decode()
    assert not CostLine.objects.exists()
    assert client.post(page_of(study), {**typed, "amount": "112000"}).status_code == 302  # control


@pytest.mark.parametrize("who", ["an evaluator of another project", "a citizen"])
def test_who_was_not_entrusted_meets_a_404(client, who):
    study = studied.being_studied()
    client.force_login(studied.evaluator() if who.startswith("an") else UserFactory())
    assert client.get(page_of(study)).status_code == 404
    assert client.post(page_of(study), {"act": "note", "note": "x"}).status_code == 404
    assert client.get(page_of(study).replace("projets/1", "projets/999")).status_code == 404


def test_only_who_runs_the_budget_entrusts_and_a_second_person_signs(client):
    study = studied.being_studied(signatures=2)
    second = studied.evaluator()
    given = {"act": "assign", "evaluator": study.evaluator.pk, "second": second.pk, "due_on": "2026-12-12"}
    client.force_login(study.evaluator)
    assert client.post(page_of(study), given).status_code == 404
    client.force_login(studied.editor())
    assert client.post(page_of(study), {**given, "second": study.evaluator.pk}).status_code == 422
    assert client.post(page_of(study), given).status_code == 302
    client.force_login(second)
    assert client.get(page_of(study)).status_code == 200


def test_nothing_is_public_before_everything_is_published(client, django_user_model):
    study = studied.signed(studied.concluded(studied.being_studied()))
    studying.note(study, "Le riverain est procédurier.", by=study.evaluator)
    public = f"/budgets/{study.project.budget.page.slug}/projets/1/"
    assert studied.REASON not in read(client, public)
    client.force_login(studied.editor())
    url = f"/etudes/{study.project.budget.page.slug}/publier/"
    confirmed = client.get(url)
    assert studied.REASON in confirmed.content.decode()
    assert client.post(url, {"act": "now", "seen": "x"}).status_code == 422
    assert client.post(url, {"act": "now", "seen": confirmed.context["seen"]}).status_code == 302
    client.logout()
    said = read(client, public)
    assert studied.REASON in said
    assert "procédurier" not in said


def test_an_hour_is_planned_and_called_off(client):
    study = studied.signed(studied.concluded(studied.being_studied()))
    client.force_login(studied.editor())
    url = f"/etudes/{study.project.budget.page.slug}/publier/"
    assert client.post(url, {"act": "plan", "at": "2020-01-01T10:00"}).status_code == 422
    assert client.post(url, {"act": "plan", "at": "2099-12-03T10:00"}).status_code == 302
    assert "3 décembre 2099" in read(client, url)
    client.post(url, {"act": "call_off"})
    assert "2099" not in read(client, url)


def test_a_project_of_another_district_is_withdrawn_during_the_vote(client):
    asked, early, late = world.ballot(50_000, 70_000), person(), person()
    project = asked.projects.first()
    cast(asked, early, project.number)
    client.force_login(studied.editor())
    url = f"/etudes/{asked.page.slug}/projets/{project.number}/retrait/"
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Ce terrain est dans un autre quartier."}).status_code == 302
    project.refresh_from_db()
    assert project.state == ProjectState.WITHDRAWN
    assert project.option.withdrawn_reason == project.reason == "Ce terrain est dans un autre quartier."
    assert client.get(url).status_code == 404
    client.logout()
    assert "autre quartier" in read(client, project.get_absolute_url())
    with pytest.raises(PaperRefused):
        cast(asked, late, project.number)
    assert Ballot.objects.get().choices == [[project.number, 1]]


@pytest.mark.parametrize("many", [2, 12])
def test_lists_ask_the_same_queries_whatever_their_length(client, django_assert_max_num_queries, many):
    asked = world.budget(BudgetPhaseKind.STUDY)
    for _each in range(many):
        studied.signed(studied.concluded(studied.being_studied(asked=asked)))
    client.force_login(studied.editor())
    for url, most in (
        ("/etudes/?vue=toutes", 18),
        (f"/etudes/{asked.page.slug}/", 24),
        (f"/etudes/{asked.page.slug}/publier/", 20),
    ):
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
