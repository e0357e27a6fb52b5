"""A copy of one's data, their erasure, and the calendar that erases what was kept long enough."""

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext

from feedback import references
from feedback.actions import privacy
from feedback.actions.intake import submit_fiche
from feedback.choices import Outcome, PainPointState, Source
from feedback.counting import recount
from feedback.letters import tell
from feedback.models import Answer, Fiche, FollowUp, Membership, Original, PainPoint, Segment, Verbatim
from journal.models import Entry
from letters.choices import LetterState
from letters.models import Letter
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARY = "zanzibarique"
TEXT = f"Ma fiche {CANARY} parle du standard qui ne répond jamais."


@pytest.fixture
def fiche():
    """A fiche that went all the way: grouped, quoted, answered, followed up, with letters."""
    fiche = submit_fiche(
        text=TEXT,
        service=ServiceFactory(),
        step=f"étape {CANARY}",
        email=f"{CANARY}@exemple.fr",
        phone="+33612345678",
        postal_name=f"{CANARY}, 3 rue du Four",
        on_behalf_of=CANARY,
        wants_answer=True,
        author=UserFactory(),
    )
    owner = UserFactory(owns=[fiche.service])
    segment = Segment.objects.create(
        fiche=fiche, position=0, start=0, end=len(TEXT), text=TEXT, vector=b"\0\0", vector_version="1"
    )
    pain_point = PainPoint.objects.create(
        title=f"Standard {CANARY}", keyphrases=[CANARY], service=fiche.service, state=PainPointState.CONFIRMED
    )
    Membership.objects.create(segment=segment, pain_point=pain_point, source=Source.MACHINE)
    Verbatim.objects.create(pain_point=pain_point, segment=segment, chosen_by=owner)
    recount([pain_point])
    answer = Answer.objects.create(pain_point=pain_point, outcome=Outcome.DONE, changes="Fait.", author=owner)
    tell(answer, [fiche])
    FollowUp.objects.create(
        answer=answer, fiche=fiche, reply="no", text=f"Non, {CANARY}.", replied_at="2026-11-01T10:00Z"
    )
    return fiche


@pytest.fixture
def opened(client, fiche):
    client.get(f"/suivi/{fiche.reference}/", {"cle": references.tracking_key(fiche)})
    return client


def places_holding(word: str) -> set[str]:
    """Every column of every table, decrypted when it is encrypted, in which the word stands."""
    places = set()
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.all().values():
            places |= {f"{model._meta.label}.{name}" for name, value in row.items() if word in str(value)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                places.add(table)
    return places


def test_control_the_search_finds_the_words_where_they_are(fiche):
    found = places_holding(CANARY)
    assert {"feedback.Fiche.masked_text", "feedback.Original.text", "letters.Letter.address"} <= found
    assert {"feedback.Original.contact_email", "feedback.Segment.text", "feedback.FollowUp.text"} <= found


def test_erasing_leaves_nothing_anywhere(opened, fiche):
    page = opened.get(f"/suivi/{fiche.reference}/effacer/")
    assert page.status_code == 200
    assert places_holding(CANARY)
    response = opened.post(f"/suivi/{fiche.reference}/effacer/", follow=True)
    assert places_holding(CANARY) == set()
    assert places_holding("612345678") == set()
    assert "[texte effacé par son auteur]" in response.content.decode()
    fiche.refresh_from_db()
    assert fiche.author is None
    assert not Segment.objects.exists()


def test_after_erasing_no_letter_leaves_and_the_count_is_right(fiche):
    privacy.erase(fiche, by=None)
    assert set(Letter.objects.values_list("state", "address")) == {(LetterState.FAILED, "")}
    assert PainPoint.objects.get().fiche_count == 0
    assert fiche not in Fiche.objects.waiting_for_placement()


def test_erasing_twice_is_erasing_once(fiche):
    privacy.erase(fiche, by=None)
    erased_at = Original.objects.get().erased_at
    privacy.erase(fiche, by=None)
    assert Original.objects.get().erased_at == erased_at
    assert Entry.objects.filter(verb="fiche.erased").count() == 1


def test_an_erased_fiche_is_still_followed_by_its_reference(opened, fiche):
    privacy.erase(fiche, by=None)
    for page in ("", "recepisse/", "mes-donnees/"):
        assert opened.get(f"/suivi/{fiche.reference}/{page}").status_code == 200
    said = opened.get(f"/suivi/{fiche.reference}/").content.decode()
    assert escape(gettext("You erased your text and your contact details.")) in said


def test_reading_a_page_erases_nothing(opened, fiche):
    opened.get(f"/suivi/{fiche.reference}/effacer/")
    opened.get(f"/suivi/{fiche.reference}/mes-donnees/")
    assert not Entry.objects.filter(verb__in=["fiche.erased", "fiche.exported"]).exists()


def test_the_copy_holds_everything_kept_about_the_fiche(opened, fiche):
    response = opened.post(f"/suivi/{fiche.reference}/mes-donnees/")
    copy = json.loads(response.content)
    assert f'filename="{fiche.reference}.json"' in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert copy["original"]["text"] == TEXT
    assert copy["original"]["contact_email"] == f"{CANARY}@exemple.fr"
    assert copy["follow_ups"][0]["text"] == f"Non, {CANARY}."
    assert copy["answers"][0]["changes"] == "Fait."
    assert {letter["kind"] for letter in copy["letters"]} == {"feedback.receipt", "feedback.answer"}
    assert len(copy["history"]) >= 2
    assert Entry.objects.filter(verb="fiche.exported").count() == 1


@pytest.mark.parametrize("model", [Fiche, Original])
def test_no_column_is_left_out_of_the_copy(fiche, model):
    """A column added tomorrow must be given too, or be named here as no personal data."""
    not_given = {
        Fiche: {"id", "keyed_by", "imported_in", "idempotency_key", "author", "service", "office"},
        Original: {"id", "fiche"},
    }[model]
    copy = privacy.export(fiche, by=None)
    given = copy["original"] if model is Original else copy
    columns = {field.name for field in model._meta.get_fields() if isinstance(field, models.Field)}
    assert columns - not_given <= set(given)


# -- the calendar -----------------------------------------------------------------------------------------------


def received(days_ago: int, **answers) -> Fiche:
    day = timezone.localdate() - timedelta(days=days_ago)
    return submit_fiche(text=f"Le {CANARY} d'antan.", email="nadia@exemple.fr", received_on=day, **answers)


def test_texts_and_contacts_kept_a_year_are_erased_and_the_masked_text_stays(capsys):
    old, recent = received(365), received(364)
    call_command("purge_expired")
    for fiche in (old, recent):
        fiche.original.refresh_from_db()
        fiche.refresh_from_db()
    assert (old.original.text, old.original.contact_email) == ("", "")
    assert recent.original.text
    assert recent.original.contact_email
    assert CANARY in old.masked_text
    assert Letter.objects.get(key=old.pk).address == ""
    assert Letter.objects.get(key=recent.pk).address
    assert "1" in capsys.readouterr().out


def test_purging_again_finds_nothing_to_do():
    received(400)
    assert privacy.purge_expired() == privacy.Purged(texts=1, contacts=1)
    assert privacy.purge_expired() == privacy.Purged()


def test_each_kind_has_its_own_period(settings):
    settings.RETENTION_DAYS = {"fiche_original": 100, "fiche_contact": 30}
    fiche = received(50)
    assert privacy.purge_expired() == privacy.Purged(contacts=1)
    original = Original.objects.get(fiche=fiche)
    assert (bool(original.text), original.contact_email) == (True, "")
    assert original.purge_on == fiche.received_on + timedelta(days=100)
    assert privacy.purge_expired(today=original.purge_on) == privacy.Purged(texts=1)


def test_a_period_made_longer_erases_nothing_early(settings):
    received(365)
    settings.RETENTION_DAYS = {"fiche_original": 3650, "fiche_contact": 3650}
    assert privacy.purge_expired() == privacy.Purged()
    assert Original.objects.get().text


def test_a_long_backlog_is_purged_whole(monkeypatch):
    monkeypatch.setattr(privacy, "BATCH", 2)
    for _ in range(5):
        received(800)
    assert privacy.purge_expired(today=date.today()).texts == 5
