"""What all groups of the opinion map say is told with the results: in a sentence, in a table and in its data."""

import csv
import io

import pytest
from django.urls import reverse

from consult.maps import drawing
from consult.models import Consultation, ConsultationPage
from moderation.models import Case
from tests.consult.map_world import mapped, two_camps
from tests.consult.test_map import words
from tests.consult.world import close

pytestmark = pytest.mark.django_db
NAME = "accord-des-groupes"


def at(name: str, asked: Consultation, *more: str) -> str:
    return reverse(f"consult:{name}", args=[asked.page.slug, *more])


@pytest.fixture
def asked() -> Consultation:
    found = mapped()
    two_camps(found)
    drawing.draw(found.pk)
    close(found)
    return found


def table(client, asked: Consultation) -> list[dict[str, str]]:
    answer = client.get(at("data_csv", asked, NAME))
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode().lstrip("\ufeff"))))


def test_results_tell_what_all_groups_say(client, asked):
    page = words(client.get(at("results", asked)))
    assert "Les 2 groupes de la carte des opinions donnent la même réponse à 1 affirmation." in page.replace(
        "\xa0", " "
    )
    said = page.split('id="consensus-title"')[1].split("</section>")[0]
    assert "Réparer d’abord les trottoirs." in said
    assert "<table" in said
    assert at("data_csv", asked, NAME) in said
    rows = table(client, asked)
    assert [(row["answer"], row["group"]) for row in rows] == [("agree", "A"), ("agree", "B")]
    # Everybody stands in one of the two camps: the people of the groups are those of the whole.
    assert sum(int(row["group_people"]) for row in rows) == int(rows[0]["people"])
    assert client.get(at("data_json", asked, NAME)).status_code == 200


def test_what_is_taken_out_is_said_no_more(client, asked):
    Case.objects.filter(statement__consultation=asked, statement__number=8).update(state="hidden", is_shown=False)
    page = words(client.get(at("results", asked)))
    assert "trottoirs" not in page
    assert "ne donnent la même réponse à aucune affirmation" in page
    assert table(client, asked) == []


@pytest.mark.parametrize("why", ["refused", "not drawn", "hidden until the end", "no map"])
def test_without_groups_that_may_be_told_results_are_those_of_the_votes(client, why):
    asked = mapped()
    two_camps(asked, many=49 if why == "refused" else 80)
    if why != "not drawn":
        drawing.draw(asked.pk)
    ConsultationPage.objects.filter(pk=asked.page_id).update(
        map_hides_results=why == "hidden until the end", has_map=why != "no map"
    )
    page = words(client.get(at("results", asked)))
    assert "donnent la même réponse" not in page
    assert at("data_csv", asked, NAME) not in page
    assert "Aucune proposition n’est dans ce cas" in page
    assert table(client, asked) == []
