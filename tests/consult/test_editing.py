"""A consultation is set up in Wagtail: through the door of its editors, as they type.

Days to come are of 2049, to come whatever the day of the test; its calendar is the one of 2027.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.choices import PhaseKind
from consult.clock import publish_scheduled
from consult.models import Consultation, ConsultationPage, Phase, Proposition, Section
from journal.models import Entry
from moderation.models import Case
from pages.models import StandardPage
from tests.consult.test_page import propositions, words
from tests.consult.world import index
from tests.factories import AdministrationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return entering(RoleKind.EDITOR)


@pytest.fixture
def administrator() -> Client:
    return entering(RoleKind.ADMINISTRATOR)


def entering(kind: RoleKind) -> Client:
    user = UserFactory()
    accounts.grant(user, kind, by=None)
    client = Client()
    client.force_login(user)
    return client


def phase(
    kind: str = "contribute", *, opens: str = "2049-03-01 08:00", closes: str = "2049-03-31 20:00", **more
) -> dict:
    return {"kind": kind, "title": "", "note": "", "opens_at": opens, "closes_at": closes, "level": "account", **more}


def section(title: str = "Circuler", **more: Any) -> dict:
    kept = {"title": title, "level": "1", "intro": "", "wording": "proposition", "vote": "three", "threshold": ""}
    return {**kept, "takes_propositions": "on", "takes_arguments": "on", "takes_sources": "on", **more}


def form(*, phases: list[dict] | None = None, sections: list[dict] | None = None, **more: Any) -> dict:
    """Everything an opening needs, as the browser sends it."""
    phases, sections = phases or [phase()], sections or [section()]
    return nested_form_data(
        {
            "title": "Quel avenir pour le quai ?",
            "slug": "quai",
            "administration": AdministrationFactory().pk,
            "lead": "Chaque jour, 6 400 voitures longent la Lorne.",
            "body": streamfield([("words", rich_text("<p>Le quai a été construit en 1968.</p>"))]),
            "sections": inline_formset(sections, initial=sum("id" in one for one in sections)),
            "phases": inline_formset(phases, initial=sum("id" in one for one in phases)),
            "time_zone": "Europe/Paris",
            "follow_up_due": "2049-06-30",
            "dates_reason": "",
            "procedure": rich_text("<p>Délibération du 12 janvier 2049.</p>"),
            "charter": StandardPage.objects.get(slug="charte").pk,
            "moderation": "after",
            "contact_name": "Mission participation",
            "contact_email": "",
            "contact_phone": "01 99 00 12 34",
            "contact_address": "",
            "picture": "",
            "picture_description": "",
            "population": "",
            "population_word": "",
            "comments": inline_formset([]),
            **more,
        }
    )


def create(client: Client, data: dict, action: str = "action-publish") -> Any:
    url = reverse("wagtailadmin_pages:add", args=["consult", "consultationpage", index().pk])
    return client.post(url, {**data, **({action: "1"} if action else {})}, follow=True)


def edit(client: Client, page: ConsultationPage, data: dict, action: str = "action-publish") -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, {**data, **({action: "1"} if action else {})}, follow=True)


def the_page() -> ConsultationPage:
    return ConsultationPage.objects.get()


def rows(page: ConsultationPage, name: str, made: list[dict]) -> list[dict]:
    """The forms of rows that exist, in their order."""
    return [{**one, "id": row.pk} for one, row in zip(made, getattr(page, name).order_by("sort_order"), strict=True)]


# --- the list that must be complete ---


def test_a_complete_consultation_is_published_and_read(administrator, client):
    create(administrator, form())
    page = the_page()
    assert page.live
    assert words(client.get("/consultations/quai/")).count("Quel avenir pour le quai ?") >= 2
    assert Entry.objects.filter(verb="consultation.published").exists()
    assert Consultation.objects.get().announced


def test_an_address_has_plain_letters(administrator):
    """Browsers make it from the title; « où-planter » would be an address that nothing here reads."""
    add = reverse("wagtailadmin_pages:add", args=["consult", "consultationpage", index().pk])
    assert 'data-w-slug-allow-unicode-value="' not in administrator.get(add).content.decode()
    shown = words(create(administrator, form(title="Où planter ?", slug="où-planter")))
    assert "Écrivez cette adresse sans accents" in shown
    assert not ConsultationPage.objects.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"procedure": rich_text("")}, "la procédure suivie"),
        ({"body": streamfield([])}, "le dossier"),
        ({"follow_up_due": ""}, "la date des suites"),
        ({"follow_up_due": "2049-03-15"}, "la date des suites"),
        ({"moderation": ""}, "la façon de modérer"),
        ({"contact_phone": ""}, "qui répond aux questions"),
        ({"charter": ""}, "la charte"),
        ({"administration": ""}, "l’administration qui consulte"),
    ],
)
def test_what_is_missing_keeps_it_from_opening_and_is_told(administrator, changed, told):
    answer = create(administrator, form(**changed))
    assert not ConsultationPage.objects.filter(live=True).exists()
    assert told in words(answer)
    create(administrator, form(**changed), action="")
    assert not the_page().live, "a draft may be incomplete"


def test_fourteen_days_are_not_enough(administrator):
    answer = create(administrator, form(phases=[phase(closes="2049-03-15 07:59")]))
    assert "au moins 15 jours pour participer" in words(answer)
    assert not ConsultationPage.objects.exists()


def test_an_incomplete_draft_is_not_published_by_any_other_way(administrator):
    create(administrator, form(moderation=""), action="")
    page = the_page()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = administrator.post(f"{bulk}?id={page.pk}&next=/admin/", follow=True)
    assert "la façon de modérer" in words(answer)
    assert not the_page().live


# --- sections and phases ---


def test_rules_of_sections_and_phases_are_told_in_plain_french(editor):
    told = {
        "La première rubrique n’est dans aucune autre": form(sections=[section(level="2")]),
        "s’ouvre avant la fin": form(phases=[phase(), phase(opens="2049-03-20 08:00", closes="2049-04-20 20:00")]),
        "Une étape se ferme après son ouverture": form(phases=[phase(closes="2049-02-01 08:00")]),
        "n’existe pas ce jour-là": form(phases=[phase(opens="2049-03-28 02:30")]),
        "existe deux fois ce jour-là": form(phases=[phase(closes="2049-10-31 02:30")], follow_up_due="2049-12-01"),
    }
    for sentence, data in told.items():
        assert sentence in words(create(editor, data, action="")), sentence
    assert not ConsultationPage.objects.exists()


def test_a_spoiled_draft_says_which_row_and_which_answer_are_to_correct(editor):
    phases = [phase(), phase(opens="2049-03-20 08:00", closes="2049-04-20 20:00")]
    told = words(create(editor, form(phases=phases, title=""), action=""))
    assert "Corrigez ce qui suit." in told
    assert re.search("Étape 2, [^:]+ : Cette étape s’ouvre avant la fin", told)
    assert "Titre: " in told, "what Wagtail lists itself"
    assert "Étape 1" not in told
    assert not ConsultationPage.objects.exists()


def test_a_section_in_which_people_wrote_is_kept(administrator):
    made = [section("Circuler"), section("Se poser")]
    create(administrator, form(sections=made))
    page = the_page()
    propositions(Consultation.objects.get(), 1)
    Proposition.objects.update(section=page.sections.order_by("sort_order").first())
    kept = rows(page, "sections", made)
    asked = {"phases": rows(page, "phases", [phase()])}
    kept[0]["DELETE"] = "on"
    answer = edit(administrator, page, form(sections=kept, **asked))
    assert "Des personnes ont écrit dans la rubrique « Circuler »" in words(answer)
    kept[0]["DELETE"], kept[1]["DELETE"] = "", "on"
    edit(administrator, page, form(sections=kept, **asked))
    assert list(Section.objects.values_list("title", flat=True)) == ["Circuler"]


def test_hours_are_typed_in_the_time_zone_of_the_consultation(administrator, client):
    create(administrator, form(time_zone="Indian/Reunion"))
    assert Phase.objects.get().opens_at == datetime(2049, 3, 1, 4, tzinfo=UTC)
    page = words(administrator.get(reverse("wagtailadmin_pages:edit", args=[the_page().pk])))
    assert 'value="2049-03-01 08:00"' in page
    assert "1er mars 2049 à 8 h (heure locale : La Réunion)" in words(client.get("/consultations/quai/"))


# --- moving dates ---


def test_moving_a_published_date_asks_a_reason_that_everybody_reads(administrator, client):
    create(administrator, form())
    page = the_page()
    later = {"phases": [{**phase(closes="2049-04-10 20:00"), "id": page.phases.get().pk}]}
    kept = {"sections": rows(page, "sections", [section()])}
    answer = edit(administrator, page, form(**kept, **later))
    assert "dites pourquoi" in words(answer)
    assert Phase.objects.get().closes_at == datetime(2049, 3, 31, 18, tzinfo=UTC)
    edit(administrator, page, form(**kept, **later), action="")  # as a draft, nothing moves yet
    assert Phase.objects.get().closes_at == datetime(2049, 3, 31, 18, tzinfo=UTC)
    edit(administrator, page, form(**kept, **later, dates_reason="La crue a fermé la salle"))
    assert Phase.objects.get().closes_at == datetime(2049, 4, 10, 18, tzinfo=UTC)
    line = Entry.objects.get(verb="phase.moved")
    assert line.details["before"]["closes_at"].startswith("2049-03-31T18:00")
    assert line.details["after"]["closes_at"].startswith("2049-04-10T18:00")
    public = words(client.get("/consultations/quai/regles/"))
    assert "Motif : La crue a fermé la salle." in public
    assert "au lieu de : du 1er mars 2049 à 8 h au 31 mars 2049 à 20 h" in public
    edit(administrator, page, form(**kept, **later, title="Quel quai ?"))
    assert the_page().title == "Quel quai ?", "words change without a reason"
    assert Entry.objects.filter(verb="phase.moved").count() == 1


# --- previews, workflow, the clock ---


def test_an_editor_sees_each_phase_before_it_opens(editor):
    create(editor, form(), action="")
    page = the_page()
    modes = dict(page.get_latest_revision_as_object().preview_modes)
    assert modes["phase-0"].replace("\xa0", " ") == "Comme le 1er mars 2049 : Proposer"
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    assert "Proposer : ouvre le lundi 1er mars 2049 à 8 h" in words(editor.get(url))
    assert "Proposer : encore 30 jours" in words(editor.get(url, {"mode": "phase-0"}))
    assert "La période de participation est maintenant fermée" in words(editor.get(url, {"mode": "after"}))
    assert Client().get("/consultations/quai/").status_code == 404


def test_an_editor_submits_and_an_administrator_publishes(editor, administrator):
    assert "la façon de modérer" in words(create(editor, form(moderation=""), action="action-submit"))
    create(editor, form(), action="action-submit")
    page = the_page()
    assert not page.live
    edit(editor, page, form(sections=rows(page, "sections", [section()]), phases=rows(page, "phases", [phase()])))
    assert not the_page().live, "an editor does not publish"
    state = page.current_workflow_task_state
    administrator.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"next": "/admin/"}
    )
    assert the_page().live


def test_who_reads_and_who_wrote_are_told_in_plain_words(editor, administrator, mailoutbox):
    create(editor, form(), action="action-submit")
    state = the_page().current_workflow_task_state
    data = {"comment": "Il manque la carte.", "next": "/admin/"}
    administrator.post(reverse("wagtailadmin_pages:workflow_action", args=[the_page().pk, "reject", state.pk]), data)
    to_read, to_change = mailoutbox[0], mailoutbox[-1]
    assert to_read.subject == "À relire avant publication\N{NO-BREAK SPACE}: Quel avenir pour le quai ?"
    assert to_change.subject == "À corriger avant publication\N{NO-BREAK SPACE}: Quel avenir pour le quai ?"
    assert "demande des changements. Elle n’est pas publique." in to_change.body
    assert "Il manque la carte." in to_change.body
    assert "workflow" not in to_change.body.replace("/workflow/", "").lower()
    assert "Soumettre à Relecture avant publication" in words(create(editor, form(slug="b", moderation=""), action=""))


def test_the_clock_publishes_what_was_scheduled(administrator, caplog):
    soon = (timezone.localtime() + timedelta(days=2)).replace(hour=12)  # an hour that no change of the clock repeats
    create(administrator, form(go_live_at=soon.strftime("%Y-%m-%d %H:%M")))
    page = the_page()
    assert not page.live
    assert Consultation.objects.get().announced == {}
    create(administrator, form(title="Le pont", slug="pont", go_live_at=soon.strftime("%Y-%m-%d %H:%M")))
    spoilt = ConsultationPage.objects.get(slug="pont")
    _its_hour_comes(spoilt, hours=2, moderation="")
    _its_hour_comes(page, hours=1)
    publish_scheduled()
    assert ConsultationPage.objects.get(pk=page.pk).live, "what is refused keeps nothing else from its hour"
    assert Consultation.objects.get(page=page).announced
    spoilt.refresh_from_db()
    assert not spoilt.live
    assert "Le pont is not published at its hour" in caplog.text
    ConsultationPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    publish_scheduled()
    assert not ConsultationPage.objects.get(pk=page.pk).live, "what was to be taken down is"


def _its_hour_comes(page: ConsultationPage, *, hours: int, **content: str) -> None:
    revision = page.scheduled_revision
    revision.approved_go_live_at = timezone.now() - timedelta(hours=hours)
    revision.content |= {"go_live_at": revision.approved_go_live_at.isoformat(), **content}
    revision.save()


# --- copies and translations ---


def test_a_copy_brings_sections_and_later_phases_and_nothing_of_what_people_wrote(administrator):
    passed = [phase(opens="2026-09-01 08:00", closes="2026-10-31 20:00")]
    create(administrator, form(phases=passed, follow_up_due="2026-12-31"))
    page, asked = the_page(), Consultation.objects.get()
    Phase.objects.update(opens_at=datetime(2026, 9, 1, 6, tzinfo=UTC), closes_at=datetime(2026, 10, 31, 19, tzinfo=UTC))
    propositions(asked, 2)
    data = {"new_title": "Quai 2", "new_slug": "quai-2", "new_parent_page": index().pk, "publish_copies": "on"}
    administrator.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    copy = ConsultationPage.objects.get(slug="quai-2")
    assert not copy.live, "a copy is a draft, whatever was asked"
    assert [one.title for one in copy.sections.all()] == ["Circuler"]
    moved = copy.phases.get()
    assert moved.opens_at > timezone.now()
    assert timezone.localtime(moved.opens_at).strftime("%A %H") == "Tuesday 08", (
        "the same day of the week, the same hour"
    )
    assert copy.get_latest_revision_as_object().phases.get().opens_at == moved.opens_at
    other = Consultation.objects.get(page=copy)
    assert other.pk != asked.pk
    assert (other.last_number, other.propositions.count()) == (0, 0)
    assert copy.sections.get().translation_key != page.sections.get().translation_key


def test_what_people_wrote_in_is_not_deleted_and_an_empty_one_is(administrator):
    create(administrator, form())
    url = reverse("wagtailadmin_pages:delete", args=[the_page().pk])
    propositions(Consultation.objects.get(), 1)
    assert "elle peut être dépubliée, pas supprimée" in words(administrator.post(url, follow=True))
    assert ConsultationPage.objects.exists()
    Proposition.objects.all().delete()
    Case.objects.all().delete()
    administrator.post(url, follow=True)
    assert not ConsultationPage.objects.exists()
    assert not Consultation.objects.exists()


def test_one_address_serves_the_language_of_the_visitor(administrator, client):
    create(administrator, form())
    page = the_page()
    propositions(Consultation.objects.get(), 1)
    english, _ = Locale.objects.get_or_create(language_code="en")
    translated = page.copy_for_translation(english, copy_parents=True)
    assert Consultation.objects.count() == 1
    translated.title = "What future for the quay?"
    translated.sections.first().title = "Getting around"
    one = translated.sections.all()[0]
    one.title = "Getting around"
    translated.sections.add(one)
    Phase.objects.update(opens_at=timezone.now() - timedelta(days=1))
    client.cookies["django_language"] = "en"
    assert "Quel avenir" in words(client.get("/consultations/quai/")), "the first page, until the translation is live"
    translated.save_revision().publish()
    shown = words(client.get("/consultations/quai/"))
    assert "What future for the quay?" in shown
    assert "Getting around" in shown
    assert "Fermer le quai le dimanche, 1" in shown
    client.cookies["django_language"] = "fr"
    assert "Quel avenir pour le quai ?" in words(client.get("/consultations/quai/"))
    assert Phase.objects.filter(page=page).get().opens_at < timezone.now()


def test_a_translation_changes_words_and_nothing_else(administrator):
    create(administrator, form())
    english, _ = Locale.objects.get_or_create(language_code="en")
    page = the_page()
    translated = page.copy_for_translation(english, copy_parents=True)
    other = {**phase(closes="2049-05-31 20:00", kind="vote"), "id": translated.phases.get().pk}
    named = {**section("Getting around", vote="none"), "id": translated.sections.get().pk}
    edit(administrator, translated, form(title="Which quay?", phases=[other], sections=[named]))
    shown = ConsultationPage.objects.get(pk=translated.pk)
    assert shown.live
    assert shown.title == "Which quay?"
    assert (shown.sections.get().title, shown.sections.get().vote) == ("Getting around", "three")
    assert set(Phase.objects.values_list("kind", "closes_at")) == {("contribute", page.phases.get().closes_at)}
    assert Entry.objects.filter(subject_type="consult.consultation").count() == 1, "nothing moved"
    one_more = form(phases=[other, phase("vote")], sections=[named], title="Which quay now?")
    assert "sur la page écrite en premier" in words(edit(administrator, translated, one_more))


def test_an_editor_asks_for_a_translation_by_a_button(editor, administrator):
    create(administrator, form())
    english, _ = Locale.objects.get_or_create(language_code="en")
    if not index().has_translation(english):
        index().copy_for_translation(english, copy_parents=True)
    url = reverse("simple_translation:submit_page_translation", args=[the_page().pk])
    assert url in words(editor.get(reverse("wagtailadmin_pages:edit", args=[the_page().pk])))
    shown = editor.post(url, {"locales": [english.pk]}, follow=True)
    assert shown.status_code == 200
    draft = ConsultationPage.objects.get(locale=english)
    assert (draft.live, draft.title) == (False, "Quel avenir pour le quai ?")
    assert Consultation.objects.count() == 1, "the same consultation, in other words"


def test_what_a_moderator_spoils_is_not_approved(editor, administrator):
    create(editor, form(), action="action-submit")
    page = the_page()
    kept = {"sections": rows(page, "sections", [section()]), "phases": rows(page, "phases", [phase()])}
    edit(administrator, page, form(moderation="", **kept), action="")  # a draft may be incomplete
    state = the_page().current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    answer = administrator.post(url, {"next": "/admin/"}, follow=True)
    assert answer.request["PATH_INFO"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "Cette consultation ne peut pas encore ouvrir. Il manque : la façon de modérer" in words(answer)
    in_a_window = administrator.post(url, {"next": "/admin/"}, headers={"x-requested-with": "XMLHttpRequest"})
    assert in_a_window.json()["redirect"] == answer.request["PATH_INFO"]
    assert not the_page().live
    assert the_page().current_workflow_task_state == state, "it may be approved once it is complete"


def test_a_date_before_the_last_day_is_told(administrator):
    page = ConsultationPage(
        title="Q", slug="q", follow_up_due=date(2049, 1, 1), body=[("words", RichText("<p>Oui.</p>"))]
    )
    page.phases = [
        Phase(
            kind=PhaseKind.VOTE,
            opens_at=datetime(2049, 3, 1, tzinfo=UTC),
            closes_at=datetime(2049, 4, 1, tzinfo=UTC),
        )
    ]
    index().add_child(instance=page)
    shown = words(administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert "points manquent avant qu’elle puisse ouvrir" in shown
    assert "Manque : la date des suites" in shown
