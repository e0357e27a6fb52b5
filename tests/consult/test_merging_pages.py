"""Putting propositions together through the door: the board, the letter's page, both propositions, open data."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import asking
from consult.actions import merging
from consult.actions.arguments import argue
from consult.choices import MergeState, Side
from consult.models import Merge, MergeVoice, Proposition, Section
from tests.consult.test_deciding_pages import at, said
from tests.consult.test_merging import REASON, agree, asked_with, joined, plan, somebody, voice_of
from tests.consult.world import close
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = UserFactory()
    accounts.grant(user, RoleKind.EDITOR, by=None)
    client.force_login(user)
    return user


def wait_for_answers() -> None:
    Merge.objects.update(answers_until=timezone.now())


def test_the_administration_asks_decides_and_undoes(client, editor):
    asked, _filed = asked_with()
    agree(asked, 2)
    board = client.get(at("deciding", asked)).content.decode()
    assert 'value="merge"' in board
    ticked = client.post(at("bulk", asked), {"number": ["1", "2"], "act": "merge"})
    assert ticked.url == at("ask_merge", asked) + "?number=1&number=2"
    page = client.get(at("ask_merge", asked) + "?number=1&number=2")
    assert "Fermer le quai" in page.content.decode()
    wrong = client.post(
        at("ask_merge", asked), {"number": ["1", "2"], "into": "nouvelle", "reason": REASON, "days": "7"}
    )
    assert wrong.status_code == 422
    sent = client.post(at("ask_merge", asked), {"number": ["1", "2"], "into": "1", "reason": REASON, "days": "7"})
    merge = Merge.objects.get()
    assert sent.url == at("merge", asked, merge.pk)
    early = client.post(at("merge", asked, merge.pk), {"act": "join"})
    assert early.status_code == 422
    wait_for_answers()
    client.post(at("merge", asked, merge.pk), {"act": "join"})
    assert Proposition.objects.get(consultation=asked, number=2).merged_into.number == 1
    assert client.post(at("merge", asked, merge.pk), {"act": "undo"}).status_code == 422, "without a reason"
    client.post(at("merge", asked, merge.pk), {"act": "undo", "reason": "Deux sujets."})
    assert Merge.objects.get().state == MergeState.UNDONE
    assert "Deux sujets." in client.get(at("merge", asked, merge.pk)).content.decode()


def test_a_letter_opens_a_page_that_answers_with_one_button(client):
    asked, filed = asked_with()
    person = agree(asked, 2)
    merge = merging.ask(asked, plan(filed), days=7, by=UserFactory())
    link = asking.path(voice_of(merge, person))
    page = client.get(link)
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert MergeVoice.objects.get().wants is None, "reading answers nothing"
    assert REASON in page.content.decode()
    assert client.post(link, {"wants": "oui"}).url == link
    assert MergeVoice.objects.get().wants is True
    client.post(link, {"wants": "non"})
    assert MergeVoice.objects.get().wants is False
    assert client.get(link[:-3] + "xy/").status_code == 404
    merging.drop(merge, reason="Non.", by=UserFactory())
    assert client.post(link, {"wants": "oui"}).status_code == 409
    assert MergeVoice.objects.get().wants is False


def test_both_numbers_tell_it_and_threads_stay_readable_under_both(client):
    asked, filed = asked_with()
    silent, follows = agree(asked, 2), agree(asked, 2)
    argue(asked, 2, Side.AGAINST, "Les livraisons passent par là.", by=somebody())
    merge = merging.ask(asked, plan(filed), days=7, by=UserFactory())
    for number in (1, 2):
        assert REASON in client.get(at("proposition", asked, number)).content.decode()
    merging.answer(voice_of(merge, follows), True)
    wait_for_answers()
    merging.join(merge, by=UserFactory())
    gone = client.get(at("proposition", asked, 2))
    assert gone.status_code == 200
    assert "#1 Fermer le quai" in gone.content.decode()
    assert "Les livraisons" in gone.content.decode()
    under = client.get(f"{at('proposition', asked, 2)}arguments/1/").content.decode()
    assert "l’état est maintenant" in under, "one may no longer answer there: it says why"
    result = client.get(at("proposition", asked, 1)).content.decode()
    assert "Les livraisons passent par là." in result
    assert "2 personnes" in result, "each counted once, the one whose vote stayed too"
    listed = client.get(at("consultation", asked)).content.decode()
    assert at("proposition", asked, 2) not in listed
    assert client.get(at("versions", asked, 2)).status_code == 200
    close(asked)
    table = said(client.get(at("data_csv", asked, "reunions")))
    assert "2,1,Fermer le quai" in table
    assert "Les livraisons" in said(client.get(at("data_csv", asked, "arguments")))
    assert ",2," in said(client.get(at("data_csv", asked, "propositions")))
    del silent


def test_hidden_votes_are_not_told_by_who_was_asked(client, editor):
    asked, filed = asked_with()
    Section.objects.filter(page=asked.page).update(hides_counts=True)
    for _ in range(13):
        agree(asked, 2)
    merge = merging.ask(asked, plan(filed), days=7, by=editor)
    page = client.get(at("merge", asked, merge.pk))
    assert page.context["voices"] == {"hidden": True}
    assert "13 " not in strip_tags(page.content.decode())
    close(asked)
    told = client.get(at("merge", asked, merge.pk))
    assert "13 " in strip_tags(told.content.decode()).replace("\xa0", " "), "the control"


def test_an_author_proposes_to_merge(client):
    asked, filed = asked_with()
    author = filed[1].author.user
    client.force_login(author)
    address = at("propose_merge", asked, 2)
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": "77", "reason": REASON}).status_code == 422
    assert client.post(address, {"number": "1", "reason": REASON}).url == at("proposition", asked, 2)
    assert Merge.objects.get().state == MergeState.PROPOSED
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_pages_of_mergings_ask_as_little_for_many_as_for_few(client, editor):
    measured = []
    for count in (2, 9):
        asked, filed = asked_with(count + 1)
        for _ in range(count):
            person = agree(asked, 2)
        argue(asked, 2, Side.FOR, "Oui.", by=somebody())
        numbers = "&".join(f"number={one.number}" for one in filed)
        addresses = [f"{at('ask_merge', asked)}?{numbers}"]
        merge = joined(asked, filed)
        addresses += [
            at("merge", asked, merge.pk), at("merges", asked), asking.path(voice_of(merge, person)),
            at("proposition", asked, 1),
        ]  # fmt: skip
        for address in addresses:
            client.get(address)
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as asks:
                assert client.get(address).status_code in (200, 302)
            found.append(len(asks))
        measured.append(found)
    assert measured[0] == measured[1]


def test_where_nobody_supports_them_no_answer_is_waited_for(client, editor):
    asked, _filed = asked_with()
    client.post(at("ask_merge", asked), {"number": ["1", "2"], "into": "1", "reason": REASON, "days": "7"})
    page = said(client.get(at("merge", asked, Merge.objects.get().pk)))
    assert "bientôt" in page
    assert "répondre jusqu’au" not in page
    assert "sur 0" not in page
