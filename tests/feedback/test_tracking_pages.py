"""The author follows a fiche with its number and its key; nobody else learns anything, not even that it exists."""

import re
import statistics
import time
from datetime import date

import pytest
from django.utils.html import escape
from django.utils.translation import gettext

from feedback import references
from feedback.actions.intake import submit_fiche
from feedback.choices import FicheState, FollowUpReply, Outcome, PainPointState, Source
from feedback.models import Answer, Fiche, FollowUp, Membership, PainPoint, Recipient, Segment
from feedback.references import compose
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

WORDS = "Personne ne décroche au standard."


@pytest.fixture
def fiche():
    return submit_fiche(text=WORDS, service=ServiceFactory(name="Standard"))


@pytest.fixture
def key(fiche):
    return references.tracking_key(fiche)


def says(response, message: str) -> bool:
    return escape(gettext(message)) in response.content.decode()


def gather(fiche: Fiche, *, is_public: bool, state=PainPointState.CONFIRMED) -> PainPoint:
    pain_point = PainPoint.objects.create(
        title="Standard qui ne répond pas", service=fiche.service, state=state, is_public=is_public, fiche_count=65
    )
    segment = Segment.objects.create(fiche=fiche, position=0, start=0, end=len(WORDS), text=WORDS)
    Membership.objects.create(segment=segment, pain_point=pain_point, source=Source.MACHINE)
    Fiche.objects.filter(pk=fiche.pk).update(state=FicheState.GROUPED)
    return pain_point


def test_the_number_and_the_key_open_the_fiche(client, fiche, key):
    response = client.post("/suivi/", {"reference": fiche.reference.lower(), "key": key.lower()})
    assert response.url == f"/suivi/{fiche.reference}/"
    page = client.get(response.url)
    assert escape(WORDS) in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["", "recepisse/"])
def test_a_link_with_the_key_opens_it_and_the_key_leaves_the_address(client, fiche, key, page):
    response = client.get(f"/suivi/{fiche.reference}/{page}?cle={key}")
    assert response.url == f"/suivi/{fiche.reference}/{page}"
    cookie = response.cookies["cahier_suivi"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/suivi/", True, "Lax")
    assert key not in cookie.value
    assert escape(WORDS) in client.get(response.url).content.decode()


@pytest.mark.parametrize("page", ["", "recepisse/", "mes-donnees/", "effacer/"])
def test_without_the_key_nothing_is_shown(client, fiche, page):
    for visitor in (None, UserFactory(), UserFactory(owns=[fiche.service])):
        client.logout()
        if visitor:
            client.force_login(visitor)
        assert WORDS not in client.get(f"/suivi/{fiche.reference}/{page}").content.decode()
        assert client.post(f"/suivi/{fiche.reference}/{page}").status_code in {404, 405}
    fiche.original.refresh_from_db()
    assert fiche.original.text == WORDS


def test_a_forged_cookie_opens_nothing(client, fiche):
    client.cookies["cahier_suivi"] = f'["{fiche.reference}"]'
    assert WORDS not in client.get(f"/suivi/{fiche.reference}/").content.decode()


def _ways_in(reference: str, key: str):
    return [
        ("post", "/suivi/", {"reference": reference, "key": key}),
        ("get", f"/suivi/{reference}/", {}),
        ("get", f"/suivi/{reference}/", {"cle": key}),
        ("get", f"/suivi/{reference}/recepisse/", {}),
        ("get", f"/suivi/{reference}/recepisse/", {"cle": key}),
        ("get", f"/suivi/{reference}/mes-donnees/", {}),
        ("post", f"/suivi/{reference}/effacer/", {}),
    ]


def _seen(client, method, url, data, reference):
    response = getattr(client, method)(url, data)
    headers = {name: value.replace(reference, "…") for name, value in response.headers.items()}
    return response.status_code, response.content.decode().replace(reference, "…"), headers, sorted(response.cookies)


def test_a_wrong_key_and_an_unknown_number_look_the_same(client, fiche):
    unknown = compose(26, 9999)
    for known_way, unknown_way in zip(
        _ways_in(fiche.reference, "AAAAAAAA"), _ways_in(unknown, "AAAAAAAA"), strict=True
    ):
        seen = _without_token(_seen(client, *known_way, fiche.reference))
        assert seen == _without_token(_seen(client, *unknown_way, unknown))
        assert "AAAAAAAA" not in seen[2].get("Location", "")


def _without_token(seen):
    return seen[0], re.sub(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", seen[1]), *seen[2:]


def test_they_also_take_the_same_time(fiche):
    """Both derive a key and compare it: the difference stays within the noise of one of them."""
    from feedback.following import opened_with

    def took(reference: str) -> float:
        start = time.perf_counter()
        assert opened_with(reference, "AAAAAAAA") is None
        return time.perf_counter() - start

    unknown = compose(26, 9999)
    for reference in (fiche.reference, unknown) * 20:
        took(reference)
    known, absent = zip(*((took(fiche.reference), took(unknown)) for _ in range(200)), strict=True)
    assert abs(statistics.median(known) - statistics.median(absent)) < 0.5 * statistics.median(absent)


def test_a_typing_mistake_is_told_apart_from_an_unknown_number(client, fiche):
    typed = fiche.reference[:-1] + ("2" if fiche.reference[-1] != "2" else "3")
    response = client.post("/suivi/", {"reference": typed, "key": "AAAAAAAA"})
    assert says(response, "This number has a typing mistake. It looks like F-26-0412-7K.")
    assert typed in response.content.decode()


def test_guessing_keys_is_stopped(client, fiche, key):
    for _ in range(10):
        assert client.post("/suivi/", {"reference": fiche.reference, "key": "AAAAAAAA"}).status_code == 422
    assert client.post("/suivi/", {"reference": fiche.reference, "key": key}).status_code == 429
    assert "cahier_suivi" not in client.get(f"/suivi/{fiche.reference}/", {"cle": key}).cookies


@pytest.mark.parametrize("value", ["", "x" * 500_000, "F-26-0412-7K'; --", "🙂", "\u202e", "\x00"])
def test_anything_may_be_typed(client, value):
    assert 400 <= client.post("/suivi/", {"reference": value, "key": value}).status_code < 500
    assert client.get("/suivi/F-26-0412-7K/", {"cle": value}).status_code < 500


@pytest.mark.parametrize("state", FicheState)
def test_every_state_is_said_in_public_words(client, fiche, key, state):
    from feedback.choices import FICHE_PUBLIC_WORDS

    Fiche.objects.filter(pk=fiche.pk).update(state=state, dismissed_reason="Hors du service public.")
    page = client.get(f"/suivi/{fiche.reference}/?cle={key}", follow=True).content.decode()
    assert escape(str(FICHE_PUBLIC_WORDS[state])) in page
    assert ("Hors du service public." in page) == (state == FicheState.DISMISSED)


def test_the_pain_point_it_joined_is_shown_only_when_public(client, fiche, key):
    pain_point = gather(fiche, is_public=False)
    url = f"/suivi/{fiche.reference}/"
    assert pain_point.title not in client.get(url, {"cle": key}, follow=True).content.decode()
    PainPoint.objects.update(is_public=True)
    page = client.get(url).content.decode()
    assert pain_point.title in page
    assert "64" in page


def test_the_answer_is_read_on_the_page(client, fiche, key):
    pain_point = gather(fiche, is_public=False)
    answer = Answer.objects.create(
        pain_point=pain_point,
        outcome=Outcome.PLANNED,
        changes="Un second poste ouvre.",
        does_not_change="Pas le samedi.",
        planned_for=date(2027, 1, 15),
        author=UserFactory(),
    )
    Recipient.objects.create(answer=answer, fiche=fiche)
    FollowUp.objects.create(answer=answer, fiche=fiche, reply=FollowUpReply.PARTLY, replied_at="2027-02-01T10:00Z")
    page = client.get(f"/suivi/{fiche.reference}/", {"cle": key}, follow=True).content.decode()
    assert "Un second poste ouvre." in page
    assert "Pas le samedi." in page
    assert "2027" in page
    assert answer.author.name not in page


def test_a_late_answer_is_said_to_be_late(client, fiche, key):
    Fiche.objects.filter(pk=fiche.pk).update(received_on=date(2026, 1, 1))
    response = client.get(f"/suivi/{fiche.reference}/", {"cle": key}, follow=True)
    assert gettext("Expected on %(day)s. It is late.").split("%(day)s")[1].strip(" .") in response.content.decode()


def test_what_the_machine_hid_is_told(client):
    fiche = submit_fiche(text="Rappelez-moi au 06 12 34 56 78.")
    response = client.get(f"/suivi/{fiche.reference}/", {"cle": references.tracking_key(fiche)}, follow=True)
    assert says(response, "a telephone number")
    assert "06 12" not in response.content.decode()


def test_following_a_fiche_takes_the_same_number_of_queries_whatever_happened(
    client, fiche, key, django_assert_max_num_queries
):
    client.get(f"/suivi/{fiche.reference}/", {"cle": key})
    for _ in range(3):
        gathered = PainPoint.objects.create(
            title="Autre", service=fiche.service, state=PainPointState.CONFIRMED, is_public=True, fiche_count=3
        )
        answer = Answer.objects.create(pain_point=gathered, outcome=Outcome.DONE, changes="Fait.", author=UserFactory())
        Recipient.objects.create(answer=answer, fiche=fiche)
    with django_assert_max_num_queries(10):
        client.get(f"/suivi/{fiche.reference}/")
