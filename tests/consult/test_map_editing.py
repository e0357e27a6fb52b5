"""An editor gives a consultation its opinion map: one statement a line, and rules that stay once people answered."""

import pytest
from django.test import Client

from accounts.choices import RoleKind
from consult.actions import statements as acts
from consult.choices import Stance
from consult.models import Consultation, ConsultationPage, Phase, Statement
from moderation.models import Case
from tests.consult.map_world import SEEDS, crowd, mapped
from tests.consult.test_editing import create, edit, entering, form, phase, rows, section, the_page
from tests.consult.test_map import carte, words
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

RULES = {"has_map": "on", "map_question": "Le quai de demain ?", "map_takes_statements": "on"}


@pytest.fixture
def administrator() -> Client:
    return entering(RoleKind.ADMINISTRATOR)


def given(*lines: str, **more: str) -> dict:
    return form(**{**RULES, "map_seeds": "\n".join(lines or SEEDS), **more})


def again(page: ConsultationPage, *lines: str, **more: str) -> dict:
    """The same form sent once more: its sections and phases are those that exist."""
    kept = {"sections": rows(page, "sections", [section()]), "phases": rows(page, "phases", [phase()])}
    return form(**kept, **{**RULES, "map_seeds": "\n".join(lines), **more})


def test_publishing_writes_the_statements_in_their_order(administrator, client):
    create(administrator, given())
    page = the_page()
    assert page.live
    assert list(Statement.objects.values_list("number", "text")) == list(enumerate(SEEDS, start=1))
    assert not Consultation.objects.get().opens_answers
    assert "Le quai de demain" in words(client.get("/consultations/quai/carte/"))


def test_a_draft_writes_nothing(administrator):
    create(administrator, given(), action="")
    assert not Statement.objects.exists()


def test_fewer_than_seven_statements_do_not_open(administrator):
    refused = words(create(administrator, given(*SEEDS[:6])))
    assert "sept affirmations" in refused
    assert not ConsultationPage.objects.filter(live=True).exists()


def test_a_line_too_long_is_told(administrator):
    assert "140 caractères au plus" in words(create(administrator, given(*SEEDS, "a" * 141)))


def test_once_people_answered_lines_and_promise_stay(administrator):
    create(administrator, given())
    asked = Consultation.objects.select_related("page").get()
    Phase.objects.filter(page=asked.page).update(opens_at="2020-01-01 00:00+00", level="visitor")
    acts.answer(asked, 2, Stance.AGREE, by=crowd(1)[0])
    Phase.objects.filter(page=asked.page).update(opens_at="2049-03-01 07:00+00", level="account")
    lost = words(edit(administrator, asked.page, again(asked.page, *SEEDS[2:])))
    assert "affirmation 2" in lost
    promised = words(edit(administrator, asked.page, again(asked.page, *SEEDS, map_opens_answers="on")))
    assert "cela ne change plus" in promised
    edit(administrator, asked.page, again(asked.page, *SEEDS[1:], "Une ligne de plus."))
    standing = Statement.objects.filter(withdrawn_at=None).values_list("number", flat=True)
    assert list(standing) == [*range(2, 11), 11]


def test_a_map_that_people_answered_is_not_deleted(administrator):
    asked = mapped()
    acts.answer(asked, 1, Stance.AGREE, by=crowd(1)[0])
    administrator.post(f"/admin/pages/{asked.page_id}/delete/")
    assert ConsultationPage.objects.filter(pk=asked.page_id).exists()


def test_a_map_that_nobody_answered_leaves_nothing(administrator):
    asked = mapped()
    administrator.post(f"/admin/pages/{asked.page_id}/delete/")
    assert not ConsultationPage.objects.filter(pk=asked.page_id).exists()
    assert not Statement.objects.exists()
    assert not Case.objects.filter(kind="statement").exists()


def test_whoever_leaves_takes_their_answers_in_a_copy_and_stays_in_the_count(client):
    from consult.people import participant_of
    from consult.personal_data import copy_for, erase

    asked, user = mapped(), UserFactory()
    acts.answer(asked, 1, Stance.DISAGREE, by=participant_of(user))
    acts.propose(asked, "Installer une fontaine.", by=participant_of(user))
    copied = copy_for(user)
    assert [row["stance"] for row in copied["answers_to_statements"]] == [-1]
    assert [row["text"] for row in copied["statements"]] == ["Installer une fontaine."]
    erase(user)
    assert Statement.objects.get(number=1).disagree_count == 1
    assert user.name not in words(client.get(carte(asked, "11/")))
