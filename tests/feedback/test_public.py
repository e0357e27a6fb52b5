"""« Vous avez dit »: what was said, decided and done, for everybody; and nothing that nobody chose to publish."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback import public
from feedback.actions import follow_ups, reshaping, triage
from feedback.actions.answering import answer_pain_point
from feedback.choices import FollowUpReply, Outcome, PainPointState
from feedback.models import Answer, PainPoint
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, WORDS, file, gather

pytestmark = pytest.mark.django_db

CANARY = "Canari-jamais-public"


@pytest.fixture
def canteen():
    return ServiceFactory(name="Cantine scolaire", slug="cantine")


@pytest.fixture
def owner(canteen):
    return UserFactory(owns=[canteen])


def published(service, owner, *fiches, title="Justificatif redemandé", outcome=None, **details):
    pain_point = gather(service, *(fiches or (file(service),)), by=owner, title=title)
    if outcome:
        answer_pain_point(pain_point, outcome=outcome, changes=CHANGES, by=owner, **details)
    return triage.publish(pain_point, by=owner)


def read(client, path="/vous-avez-dit/", **query):
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_what_was_said_what_was_decided_and_out_of_how_many(client, canteen, owner):
    fiches = [file(canteen, text=f"{WORDS} Encore {rank}.") for rank in range(6)]
    pain_point = published(canteen, owner, *fiches, outcome=Outcome.REFUSED)
    triage.quote(pain_point, segments=[fiches[0].segments.first()], by=owner)
    for path in ("/vous-avez-dit/", f"/vous-avez-dit/{pain_point.pk}/"):
        page = read(client, path)
        assert "Justificatif redemandé" in page
        assert "On me redemande le justificatif" in page
        assert CHANGES in page
        assert "6 fiches" in page


def test_no_unchosen_or_unmasked_word_is_ever_public(client, canteen, owner):
    """A canary in each private place: fiche, contact, note, reason, what was masked, what was never chosen."""
    chosen = file(canteen, text=f"{WORDS} Appelez le 06 12 34 56 78.", email=f"{CANARY}@demo.example")
    unchosen = file(canteen, text=f"{CANARY} ma voisine et son chien.")
    pain_point = published(canteen, owner, chosen, unchosen, outcome=Outcome.DONE)
    triage.note(pain_point, text=CANARY, by=owner)
    triage.quote(pain_point, segments=list(chosen.segments.all()), by=owner)
    hidden = gather(canteen, file(canteen), by=owner, title=f"{CANARY} confirmé mais pas publié")
    triage.dismiss(gather(canteen, file(canteen), by=owner, title=f"{CANARY} écarté"), reason=CANARY, by=owner)
    for path in ("/vous-avez-dit/", f"/vous-avez-dit/?mots={CANARY[:6]}", f"/vous-avez-dit/{pain_point.pk}/"):
        page = read(client, path).replace(f'value="{CANARY[:6]}"', "")
        assert CANARY not in page
        assert "06 12 34 56 78" not in page
    assert client.get(f"/vous-avez-dit/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("state", [PainPointState.SUGGESTED, PainPointState.CONFIRMED, PainPointState.DISMISSED])
def test_what_is_not_published_looks_like_what_does_not_exist(client, canteen, owner, state):
    pain_point = gather(canteen, file(canteen), by=owner)
    PainPoint.objects.update(state=state)
    missing = client.get("/vous-avez-dit/999999/")
    hidden = client.get(f"/vous-avez-dit/{pain_point.pk}/")
    assert hidden.status_code == missing.status_code == 404
    assert without(hidden, str(pain_point.pk)) == without(missing, "999999")
    assert client.get(f"/vous-avez-dit/{10**30}/").status_code == 404


def without(response, number):
    """The page without what always differs: the number in its own address, the token of its forms."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode().replace(f"/vous-avez-dit/{number}/", ""))


def test_a_passage_that_left_the_pain_point_is_no_longer_quoted(client, canteen, owner):
    fiches = [file(canteen, text=f"{WORDS} Encore {rank}.") for rank in range(3)]
    pain_point = published(canteen, owner, *fiches)
    triage.quote(pain_point, segments=[fiches[0].segments.first()], by=owner)
    fiches[0].segments.first().membership.delete()
    assert "redemande le justificatif" not in read(client, f"/vous-avez-dit/{pain_point.pk}/")


def test_a_merged_number_leads_to_the_one_that_took_it_when_that_one_is_public(client, canteen, owner):
    kept = published(canteen, owner, title="Gardé")
    first = gather(canteen, file(canteen), by=owner, title="Premier")
    second = gather(canteen, file(canteen), by=owner, title="Second")
    reshaping.merge(first, into=second, by=owner)
    reshaping.merge(second, into=kept, by=owner)
    response = client.get(f"/vous-avez-dit/{first.pk}/")
    assert (response.status_code, response.url) == (301, f"/vous-avez-dit/{kept.pk}/")
    assert re.search(rf"n°\s{second.pk}\b", read(client, response.url))
    triage.unpublish(kept, by=owner)
    assert client.get(f"/vous-avez-dit/{first.pk}/").status_code == 404


def test_the_last_decision_comes_first_and_refusals_stand_among_the_rest(client, canteen, owner):
    old = published(canteen, owner, title="Ancien", outcome=Outcome.DONE)
    Answer.objects.update(created_at=timezone.now() - timedelta(days=30))
    published(canteen, owner, title="Refusé hier", outcome=Outcome.REFUSED)
    page = read(client)
    assert page.index("Refusé hier") < page.index("Ancien")
    answer_pain_point(triage.reopen(old, by=owner), outcome=Outcome.REFUSED, changes="Finalement non.", by=owner)
    page = read(client)
    assert page.index("Ancien") < page.index("Refusé hier")


def test_filters_narrow_by_state_service_and_words_with_or_without_accents(client, canteen, owner):
    library = ServiceFactory(name="Médiathèque", slug="mediatheque")
    published(canteen, owner, title="Menus à la cantine", outcome=Outcome.DONE)
    published(library, UserFactory(owns=[library]), title="Fermée le lundi")
    assert "Menus" not in read(client, etat="confirmed")
    assert "Fermée" not in read(client, service="cantine")
    assert "Fermée" in read(client, mots="fermee")
    assert "Menus" not in read(client, mots="fermee")
    assert "Menus" in read(client, etat="rubbish", service="nowhere", page="-3", inconnu="1")


def test_few_is_never_a_number(client, canteen, owner):
    fiches = [file(canteen, email=f"p{rank}@demo.example") for rank in range(3)]
    pain_point = published(canteen, owner, *fiches, outcome=Outcome.DONE)
    for path in ("/vous-avez-dit/", f"/vous-avez-dit/{pain_point.pk}/"):
        page = read(client, path)
        assert "3 fiches</" not in page
        assert "moins de 5" in page or "fewer than 5" in page


@pytest.mark.parametrize(
    ("yes", "no", "seen", "unseen"),
    [(2, 2, None, "4"), (6, 0, "6", None), (6, 2, "4", "6"), (2, 6, None, "2 "), (6, 6, "6", None)],
)
def test_replies_are_shown_only_when_neither_side_can_be_counted_on_fingers(
    client, canteen, owner, yes, no, seen, unseen
):
    fiches = [file(canteen, email=f"p{rank}@demo.example") for rank in range(yes + no)]
    pain_point = published(canteen, owner, *fiches, outcome=Outcome.DONE)
    Answer.objects.update(created_at=timezone.now() - timedelta(weeks=5))
    follow_ups.ask_due_follow_ups()
    asked = pain_point.answers.get().follow_ups.all()
    for rank, follow_up in enumerate(asked):
        follow_ups.reply(follow_up, reply=FollowUpReply.YES if rank < yes else FollowUpReply.PARTLY)
    sentence = public_sentence(pain_point)
    assert (seen is None) or f"{seen} " in sentence
    assert (unseen is None) or f"{unseen}" not in sentence


def public_sentence(pain_point):
    from feedback.views import public_words

    (one,) = public.told([public.listed().get(pk=pain_point.pk)])
    settled = public_words.row(one).settled
    return settled["sentence"] if settled else ""


def test_a_pain_point_opened_again_says_so(client, canteen, owner):
    pain_point = published(canteen, owner, outcome=Outcome.DONE)
    triage.reopen(pain_point, by=owner)
    page = read(client)
    assert "n’était pas réglé" in page or "not settled" in page


def test_figures_count_only_what_is_public(canteen, owner):
    published(canteen, owner, outcome=Outcome.DONE)
    published(canteen, owner, outcome=Outcome.REFUSED)
    published(canteen, owner)
    gather(canteen, file(canteen), by=owner)
    figures = public.figures()
    assert (figures.followed, figures.done, figures.refused, figures.waiting, figures.open) == (3, 1, 1, 1, 1)
    assert figures.fiches == 3
    assert figures.median_days is None
    assert [one.pain_point.state for one in public.last_decisions(3)] == [Outcome.REFUSED, Outcome.DONE]


def test_reading_writes_nothing(client, canteen, owner):
    pain_point = published(canteen, owner, outcome=Outcome.DONE)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        read(client, "/")
        read(client)
        read(client, f"/vous-avez-dit/{pain_point.pk}/")
        transaction.set_rollback(True)


def chosen(pain_point, owner):
    """With one passage to be read by everybody: without it, no story is told."""
    triage.quote(pain_point, segments=[pain_point.memberships.first().segment], by=owner)


def test_the_front_page_tells_a_story_that_ended_rather_than_the_last_decision(client, canteen, owner):
    chosen(published(canteen, owner, title="Guichet fermé le soir", outcome=Outcome.DONE), owner)
    for title in ("Menus", "Portail", "Poubelles"):
        refused = published(canteen, owner, title=title, outcome=Outcome.REFUSED)
        chosen(refused, owner)
    page = read(client, "/")
    story, decided = page.split('class="c-pair ink')[1].split("Décidé récemment")
    assert "Guichet fermé le soir" in story
    assert "Nous avons fait" in story
    assert "Guichet fermé le soir" not in decided
    assert all(title in decided for title in ("Menus", "Portail", "Poubelles"))


def test_the_front_page_asks_little_of_the_database_whatever_was_decided(client, canteen, owner):
    chosen(published(canteen, owner, outcome=Outcome.DONE), owner)
    read(client, "/")  # what the process keeps: the kinds of pages
    counts = []
    for more in (3, 297):
        many(canteen, owner, more)
        counts.append([])
        for empty in (True, False):
            if empty:
                cache.clear()
            with CaptureQueriesContext(connection) as queries:
                read(client, "/")
            counts[-1].append(len(queries))
    assert counts[0][1] == counts[1][1] <= 6
    assert counts[1][0] <= counts[0][0] <= 24  # once a minute, for everybody: all rooms


def many(service, owner, count):
    """Public rows in number, without filing as many fiches."""
    now = timezone.now()
    rows = [
        PainPoint(title=f"Irritant {rank}", service=service, state=PainPointState.DONE, is_public=True)
        for rank in range(count)
    ]
    PainPoint.objects.bulk_create(rows)
    Answer.objects.bulk_create(
        [Answer(pain_point=row, outcome=Outcome.DONE, changes=CHANGES, author=owner, created_at=now) for row in rows]
    )


@pytest.mark.parametrize("path", ["/vous-avez-dit/", "/vous-avez-dit/?etat=done&service=cantine&mots=irritant"])
def test_three_or_three_hundred_pain_points_cost_the_same_questions(client, canteen, owner, path):
    counts = []
    for more in (3, 297):
        many(canteen, owner, more)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    ours = [query for query in queries.captured_queries if "wagtail" not in query["sql"]]
    assert len(ours) <= 12, [query["sql"][:80] for query in ours]


def test_the_list_goes_on_from_page_to_page_and_past_the_end_comes_back(client, canteen, owner):
    many(canteen, owner, 25)
    assert "page=2" in read(client)
    assert "page=3" not in read(client, page="2")
    assert client.get("/vous-avez-dit/", {"page": "9", "etat": "done"}).url == "/vous-avez-dit/?etat=done"
