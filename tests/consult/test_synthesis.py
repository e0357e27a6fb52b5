"""A synthesis cites #numbers: checked, linked, told to their authors, and said on the page of what is cited."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import citing, news
from consult.actions.arguments import argue, withdraw_argument
from consult.choices import NewsKind, Side
from consult.citing import linked
from consult.errors import CitesTheUnknown
from consult.models import Citation, Consultation, News, NewsTo, SynthesisPage
from letters.models import Letter
from moderation.choices import CaseState
from moderation.models import Case
from tests.consult.test_deciding_pages import at
from tests.consult.test_merging import asked_with, somebody
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def words(html: str) -> list[tuple[str, str]]:
    return [("words", html)]


def draft(asked: Consultation, html: str, **fields) -> SynthesisPage:
    page = SynthesisPage(title="Ce que vous avez dit", slug="synthese", live=False, body=words(html), **fields)
    asked.page.add_child(instance=page)
    page.save_revision()
    return page


def publish(page: SynthesisPage, html: str | None = None) -> SynthesisPage:
    if html is not None:
        page.body = words(html)
    page.save_revision(user=UserFactory()).publish()
    page.refresh_from_db()
    return page


def test_numbers_are_found_in_words_and_nowhere_else():
    html = '<p>Avec #12, #12-3 et (#7) ; « #7 »&#39;s, a#5, &#35; <a href="/x#9">#4</a> #1a #</p>'
    assert citing.references(html) == [(12, None), (12, 3), (7, None), (4, None)]
    linked = citing.linked(html, {(12, None): "/a", (12, 3): "/b?x=1&y", (4, None): "/non"})
    assert '<a href="/a">#12</a>, <a href="/b?x=1&amp;y">#12-3</a>' in linked
    assert '<a href="/x#9">#4</a>' in linked
    assert "(#7)" in linked


def test_a_published_synthesis_links_is_said_and_told_once(client):
    asked, filed = asked_with()
    arguer = somebody()
    argue(asked, 2, Side.FOR, "Oui, le dimanche.", by=arguer)
    page = publish(draft(asked, "<p>Beaucoup le demandent (#1), et disent pourquoi (#2-1).</p>"))
    read = client.get(at("synthesis", asked)).content.decode()
    assert f'<a href="{at("proposition", asked, 1)}">#1</a>' in read
    assert f'<a href="{at("argument", asked, 2, 1)}">#2-1</a>' in read
    for number in (1, 2):
        assert at("synthesis", asked) in client.get(at("proposition", asked, number)).content.decode()
    told = NewsTo.objects.filter(news__kind=NewsKind.CITED)
    assert set(told.values_list("participant", flat=True)) == {filed[0].author_id, filed[1].author_id, arguer.pk}
    message = news.render(Letter(kind=news.KIND, key=told.first().pk))
    assert at("synthesis", asked) in message.text
    publish(page, "<p>Beaucoup le demandent (#1), encore #1.</p>")
    assert Citation.objects.count() == 1
    assert News.objects.count() == 2, "nobody is told twice"
    assert at("synthesis", asked) not in client.get(at("proposition", asked, 2)).content.decode()


def test_what_nobody_may_read_is_not_cited(client):
    asked, filed = asked_with()
    mine = argue(asked, 2, Side.FOR, "Oui.", by=somebody())
    Case.objects.filter(pk=filed[0].case_id).update(state=CaseState.HIDDEN, is_shown=False)
    withdraw_argument(asked, mine, by=mine.author)
    page = draft(asked, "<p>#1 #2 #2-1 #99</p>")
    with pytest.raises(CitesTheUnknown) as refused:
        publish(page)
    assert refused.value.references == ["#1", "#2-1", "#99"]
    assert client.get(at("synthesis", asked)).status_code == 404
    assert not Citation.objects.exists()


def test_a_text_hidden_later_is_no_longer_linked(client):
    asked, filed = asked_with()
    publish(draft(asked, "<p>Voir #1.</p>"))
    Case.objects.filter(pk=filed[0].case_id).update(state=CaseState.HIDDEN, is_shown=False)
    read = client.get(at("synthesis", asked))
    assert read.status_code == 200
    assert at("proposition", asked, 1) not in read.content.decode()


def test_taken_down_it_is_said_nowhere(client):
    asked, _filed = asked_with()
    page = publish(draft(asked, "<p>Voir #1.</p>"))
    page.unpublish()
    assert client.get(at("synthesis", asked)).status_code == 404
    assert at("synthesis", asked) not in client.get(at("proposition", asked, 1)).content.decode()


def test_an_editor_is_told_of_wrong_numbers_at_each_save_and_cannot_publish_them(client):
    asked, _filed = asked_with()
    administrator = UserFactory(is_superuser=True)
    accounts.grant(administrator, RoleKind.ADMINISTRATOR, by=None)
    client.force_login(administrator)
    page = draft(asked, "<p>Voir #99.</p>")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {
        "title": page.title, "slug": page.slug, "intro": "", "seo_title": "", "search_description": "",
        "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": 0, "body-count": 1, "body-0-deleted": "", "body-0-order": 0,
        "body-0-type": "words", "body-0-id": "",
        "body-0-value": '{"entityMap": {}, "blocks": [{"key": "a", "text": "Voir #99.", "type": "unstyled",'
        ' "depth": 0, "inlineStyleRanges": [], "entityRanges": []}]}',
    }  # fmt: skip
    told = client.post(address, form, follow=True)
    assert "#99" in "".join(str(message) for message in told.context["messages"])
    refused = client.post(address, {**form, "action-publish": "1"})
    assert refused.status_code == 200
    assert "#99" in str(refused.context["form"].errors)
    page.refresh_from_db()
    assert not page.live


def test_a_synthesis_asks_as_little_for_many_citations_as_for_few(client):
    measured = []
    for count in (2, 20):
        asked, _filed = asked_with(count)
        cited = " ".join(f"#{number}" for number in range(1, count + 1))
        publish(draft(asked, f"<p>{cited}</p>"))
        client.get(at("synthesis", asked))
        with CaptureQueriesContext(connection) as asks:
            assert client.get(at("synthesis", asked)).status_code == 200
        measured.append(len(asks))
    assert measured[0] == measured[1]
    assert measured[0] <= 12


def test_only_numbers_become_markup_and_never_inside_a_tag():
    written = '<p title="#1">#1 &lt;script&gt;alert(1)&lt;/script&gt; <a href="/x#1">#1</a> #2</p>'
    assert linked(written, {(1, None): '/"><script>'}) == (
        '<p title="#1"><a href="/&quot;&gt;&lt;script&gt;">#1</a> &lt;script&gt;alert(1)&lt;/script&gt; '
        '<a href="/x#1">#1</a> #2</p>'
    )
