"""Meetings, questionnaires and panels told to programs and in the open data: what everybody may read, and no more."""

import json
import zipfile
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consult import archives
from consult.actions import meetings, surveys
from consult.actions.propositions import Written
from consult.choices import PhaseKind
from consult.models import SurveyPage
from tests.consult.surveying import said, somebody, survey
from tests.consult.test_lots import drawn, panel
from tests.consult.test_meetings import meeting
from tests.consult.world import consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def told(asked, kind: str) -> list[dict]:
    answer = Client().get(f"/api/v1/consultations/{asked.page.slug}/{kind}")
    assert answer.status_code == 200
    return answer.json()


def test_programs_read_meetings_questionnaires_and_panels(settings, tmp_path) -> None:
    settings.OPEN_DATA_ROOT = tmp_path
    asked = consultation(PhaseKind.CONTRIBUTE)
    found = meeting(asked, link="https://visio.exemple.fr/quai", minutes="<p>On a parlé des tilleuls.</p>")
    title = Written(title="Planter des tilleuls", body="Il n’y a pas d’ombre.")
    meetings.key_in_proposition(found, section_of(asked), title, speaker="", key=uuid4(), by=UserFactory())
    asks, lots = survey(asked), panel(asked)
    result = drawn(lots)
    [one] = told(asked, "meetings")
    assert (one["propositions"], one["minutes"]) == ([1], "On a parlé des tilleuls.")
    assert "visio.exemple.fr" not in json.dumps(one), "the link is for those who registered"
    [drawn_one] = told(asked, "panels")
    assert drawn_one["draw"]["fingerprint"] == result.fingerprint
    assert drawn_one["draw"]["chosen"] == result.chosen
    for _n in range(4):
        surveys.send(asks, said(), by=somebody())
    assert told(asked, "surveys")[0]["responses"] is None, "under five, nothing is told"
    with zipfile.ZipFile(archives.make(asked)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("questionnaire")]
        assert "On a parlé des tilleuls." in archive.read("rencontres.csv").decode()
    surveys.send(asks, said(), by=somebody())
    [one] = told(asked, "surveys")
    assert one["responses"] == 5
    table = "/consultations" + one["tables"][0].partition("/consultations")[2]
    assert Client().get(table).status_code == 200
    with zipfile.ZipFile(archives.make(asked)) as archive:
        assert f"questionnaire-{asks.slug}-reponses.json" in archive.namelist()
    SurveyPage.objects.filter(pk=asks.pk).update(live=False)
    assert told(asked, "surveys") == []


def test_a_questionnaire_whose_results_are_hidden_is_told_to_nobody_before_the_end(settings, tmp_path) -> None:
    settings.OPEN_DATA_ROOT = tmp_path
    asked = consultation(PhaseKind.CONTRIBUTE)
    asks = survey(asked, hides_results=True)
    for _n in range(6):
        surveys.send(asks, said(), by=somebody())
    [one] = told(asked, "surveys")
    assert (one["responses"], one["tables"]) == (None, [])
    with zipfile.ZipFile(archives.make(asked)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("questionnaire")]


@pytest.mark.parametrize("kind", ["meetings", "surveys", "panels"])
def test_as_many_questions_to_the_database_with_one_as_with_four(kind: str) -> None:
    counts = []
    for many in (1, 4):
        asked = consultation(PhaseKind.CONTRIBUTE)
        for _n in range(many):
            meeting(asked)
            panel(asked)
        survey(asked)
        told(asked, kind)
        with CaptureQueriesContext(connection) as asked_of_it:
            told(asked, kind)
        counts.append(len(asked_of_it))
    assert counts[0] == counts[1] <= 8
