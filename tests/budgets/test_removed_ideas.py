"""What moderators remove from a budget leaves a tombstone, and stands in its public basket with the reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.actions import decide
from moderation.choices import Outcome, Rule
from tests.budgets import world
from tests.budgets.ideas import TITLE, idea
from tests.budgets.test_idea_pages import address
from tests.consult.test_page import words
from tests.moderation.world import FACTS, moderator, remove

pytestmark = pytest.mark.django_db


def test_a_removed_idea_leaves_a_tombstone_and_its_reason_in_the_basket(client):
    asked = world.budget()
    basket = f"/budgets/{asked.page.slug}/corbeille/"
    assert "Aucune idée de ce budget" in words(client.get(basket))
    removed, hidden, harmful = idea(asked), idea(asked, "Une idée cachée"), idea(asked, "Titre nuisible")
    remove(removed.case, by=moderator())
    decide(hidden.case, outcome=Outcome.HIDE, rule=Rule.INSULT, facts=FACTS, after=None, by=moderator())
    remove(harmful.case, by=moderator(), rule=Rule.PERSONAL_DATA)
    answer = client.get(address(asked, "1/"))
    assert answer.status_code == 410
    page = words(answer)
    for said in ("Idée n° 1", "accuse quelqu’un sans preuve", FACTS, basket):
        assert said in page, said
    assert client.get(address(asked, "2/")).status_code == 404
    assert client.get(address(asked, "987654/")).status_code == 404
    gone = words(client.get(address(asked, "3/")))
    page = words(client.get(basket))
    for told in (gone, page):
        assert "nuisible" not in told
    assert "Une idée cachée" not in page
    assert TITLE in page
    assert basket in words(client.get(address(asked)))
    assert TITLE not in words(client.get(address(asked)))


def test_the_basket_asks_as_many_questions_for_two_ideas_as_for_twelve(client):
    asked, person = world.budget(), moderator()
    basket = f"/budgets/{asked.page.slug}/corbeille/"
    asked_for = []
    for more in (2, 10):
        for _each in range(more):
            remove(idea(asked).case, by=person)
        client.get(basket)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(basket)
        asked_for.append(len(found))
    assert asked_for[0] == asked_for[1]
