"""Lines and arguments are drawn once and kept: nobody meets in them what is another's, hidden, or gone."""

import pytest
from django.test import Client

from consult.actions import arguments as acts
from consult.actions.votes import vote
from consult.choices import Opinion, PhaseKind
from consult.models import Argument, Participant, Proposition, Section
from consult.people import participant_of
from consult.views import rows, said
from moderation.models import Case
from tests.consult.test_arguments import argue
from tests.consult.test_debate_pages import open_one, page
from tests.consult.test_page import propositions, url, words
from tests.consult.test_votes import people
from tests.consult.world import consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def entering(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pressed(client: Client, asked) -> bool:
    shown = client.get(page(asked)).content.decode().split('id="argument-1"')[1].split("</article>")[0]
    return 'aria-pressed="true"' in shown


def test_what_one_found_useful_is_pressed_for_them_alone():
    asked, reader, other = open_one(), UserFactory(), UserFactory()
    written = argue(asked)
    acts.find_useful(asked, written, by=participant_of(reader), useful=True)
    one, two, nobody = entering(reader), entering(other), Client()
    for _time in range(2):
        assert pressed(one, asked)
        assert not pressed(two, asked)
        assert not pressed(nobody, asked)
    assert said._html.cache_info().hits > 0, "nothing was kept: this proves nothing"


def test_no_token_of_anybody_is_kept_in_what_is_drawn():
    asked = open_one()
    argue(asked)
    client = entering(UserFactory())
    shown = client.get(page(asked)).content.decode()
    token = shown.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    article = shown.split('id="argument-1"')[1].split("</article>")[0]
    assert token not in article
    assert "csrf" not in article


def test_a_name_that_is_erased_and_an_answer_that_is_hidden_go_at_once(client):
    asked = open_one()
    written = argue(asked)
    by = participant_of(UserFactory(name="Zoé Effacée"))
    acts.reply(asked, written, "Réponse qui sera masquée", by=by)
    Participant.objects.filter(pk=written.author_id).update(name="Yves Oublié")
    shown = words(client.get(page(asked)))
    assert "Yves Oublié" in shown
    assert "Réponse qui sera masquée" in shown
    Participant.objects.filter(pk=written.author_id).update(name="")
    Case.objects.filter(pk=written.replies.get().case_id).update(state="hidden", is_shown=False)
    shown = words(client.get(page(asked)))
    assert "Yves Oublié" not in shown
    assert "Réponse qui sera masquée" not in shown
    Case.objects.filter(pk=Argument.objects.get().case_id).update(state="hidden", is_shown=False)
    assert 'id="argument-1"' not in client.get(page(asked)).content.decode()


def test_votes_that_become_hidden_leave_the_lines_that_were_drawn(client):
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 2)
    for someone in people(3):
        vote(asked, 1, Opinion.AGREE, by=someone)
    assert "3 votes" in words(client.get(url(asked)))
    Section.objects.update(hides_counts=True)
    shown = words(client.get(url(asked)))
    assert "3 votes" not in shown
    assert "c-mini" not in shown
    assert rows._html.cache_info().currsize > 0


def test_a_proposition_that_is_hidden_leaves_a_page_that_was_drawn(client):
    asked = consultation(PhaseKind.VOTE)
    first, second = propositions(asked, 2)
    assert f"#{second.number}" in words(client.get(url(asked)))
    Case.objects.filter(pk=second.case_id).update(state="hidden", is_shown=False)
    Proposition.objects.filter(pk=first.pk).update(title="Titre changé")
    shown = words(client.get(url(asked)))
    assert second.get_absolute_url() not in shown
    assert "Titre changé" in shown
