"""A citizen files a fiche: one screen, one fiche, one receipt."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from feedback import tasks
from feedback.actions.intake import submit_fiche
from feedback.choices import IntakeChannel, PainPointState
from feedback.models import Fiche, PainPoint
from letters.delivery import deliver
from letters.models import Letter
from letters.renderers import render
from tests.factories import OfficeFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

TEXT = "J’ai inscrit mes enfants à la cantine. On m’a redemandé le justificatif de domicile."


@pytest.fixture
def canteen():
    return ServiceFactory(
        name="Cantine scolaire", slug="cantine", search_words="repas midi école", response_target_days=15
    )


def says(response, message: str) -> bool:
    return escape(gettext(message)) in response.content.decode()


def typed(**answers) -> dict:
    return {"text": TEXT, "idempotency_key": str(uuid.uuid4()), **answers}


def file(client, url="/fiche/", **answers):
    return client.post(url, typed(**answers))


def the_fiche() -> Fiche:
    return Fiche.objects.select_related("original", "service", "office").get()


def test_the_text_alone_is_enough(client):
    response = file(client)
    fiche = the_fiche()
    assert response.status_code == 302
    assert response.url == f"/suivi/{fiche.reference}/recepisse/"
    assert fiche.masked_text == TEXT
    assert fiche.original.text == TEXT
    assert fiche.channel == IntakeChannel.WEB
    assert (fiche.service, fiche.office, fiche.satisfaction, fiche.occurred_on) == (None, None, None, None)
    assert not fiche.wants_answer
    assert not Letter.objects.exists()


def test_everything_may_be_said_at_once(client, canteen):
    office = OfficeFactory(service=canteen, name="Annexe du Faubourg")
    yesterday = timezone.localdate() - timedelta(days=1)
    file(
        client,
        "/services/cantine/fiche/",
        office=office.pk,
        step="documents",
        occurred_on=yesterday.strftime("%d/%m/%Y"),
        satisfaction="2",
        wants_answer="yes",
        contact="nadia@exemple.fr",
    )
    fiche = the_fiche()
    assert (fiche.service, fiche.office, fiche.step) == (canteen, office, "documents")
    assert (fiche.occurred_on, fiche.satisfaction, fiche.wants_answer) == (yesterday, 2, True)
    assert fiche.original.contact_email == "nadia@exemple.fr"
    assert fiche.original.purge_on == fiche.received_on + timedelta(days=365)


def test_a_mobile_number_is_kept_in_one_form_and_receives_no_e_mail(client):
    file(client, wants_answer="yes", contact="06 12 34 56 78")
    assert the_fiche().original.contact_phone == "+33612345678"
    assert not Letter.objects.exists()


def test_a_contact_given_without_ticking_is_an_answer_wished(client):
    file(client, contact="nadia@exemple.fr")
    assert the_fiche().wants_answer


def test_who_wants_no_answer_leaves_no_address(client):
    file(client, wants_answer="no", contact="nadia@exemple.fr")
    fiche = the_fiche()
    assert not fiche.wants_answer
    assert fiche.original.contact_email == ""
    assert not Letter.objects.exists()


def test_a_person_with_an_account_finds_their_fiche_again(client):
    person = UserFactory()
    client.force_login(person)
    assert person.email in client.get("/fiche/").content.decode()
    file(client)
    fiche = the_fiche()
    assert fiche.author == person
    client.cookies.pop("cahier_suivi")
    assert fiche.reference in client.get(f"/suivi/{fiche.reference}/").content.decode()


def test_english_words_are_recognised(client):
    file(client, text="I waited for two hours and they sent me to the other desk with my documents.")
    assert the_fiche().language == "en"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", "   ", "Write what happened. One sentence is enough."),
        ("contact", "nadia.b@exemple", "The end of the address is missing, for example “.fr”."),
        ("contact", "nadia", "Check the address: it looks like name@example.fr."),
        ("contact", "04 78 00 00 00", "Check the number: a mobile has ten figures and begins with 06 or 07."),
        ("contact", "", "Write your e-mail or your mobile number, so that the service can answer you."),
        ("occurred_on", "31/02/2026", "Write the date with figures, for example 12/11/2026."),
        ("occurred_on", "0000-00-00", "Write the date with figures, for example 12/11/2026."),
        ("occurred_on", "9999-12-31", "This day has not come yet. Give the day when it happened."),
        ("occurred_on", "0001-01-01", "This day is too far back. Give the day when it happened."),
    ],
)
def test_a_fault_is_said_with_what_to_do_and_nothing_typed_is_lost(client, field, value, sentence):
    response = file(client, **{"wants_answer": "yes", "contact": "a@b.fr", "satisfaction": "4", field: value})
    assert response.status_code == 422
    assert says(response, sentence)
    page = response.content.decode()
    assert escape(value) in page
    assert re.search(r'value="4"[^>]* checked', page)
    assert (escape(TEXT) in page) == (field != "text")
    assert not Fiche.objects.exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"satisfaction": "6"},
        {"satisfaction": "x"},
        {"service": "nulle-part"},
        {"office": "12"},
        {"office": "x"},
        {"step": "ailleurs"},
        {"wants_answer": "peut-être"},
        {"contact": "a" * 400},
        {"text": "x" * 1_000_000},
        {"text": "un\x00deux"},
        {"contact": "\x00@exemple.fr"},
        {"service_words": "zzz"},
    ],
)
def test_what_no_form_of_ours_sends_is_refused_without_a_fault(client, answers):
    response = file(client, **answers)
    assert 400 <= response.status_code < 500
    assert not Fiche.objects.exists()


def test_bytes_that_are_no_text_are_taken_as_they_can_be_and_break_nothing(client):
    body = b"text=%ED%A0%80bonjour%FF"
    response = client.post("/fiche/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {302, 400}
    assert "\ud800" not in "".join(Fiche.objects.values_list("masked_text", flat=True))


def test_a_double_click_gives_one_fiche_and_the_same_receipt(client):
    answers = typed(contact="nadia@exemple.fr")
    first, second = client.post("/fiche/", answers), client.post("/fiche/", answers)
    assert first.url == second.url
    assert Fiche.objects.count() == 1
    assert Letter.objects.count() == 1


def test_a_retry_from_another_window_opens_the_same_receipt(client):
    """After a timeout the person sends again, without the cookie of the first answer."""
    answers = typed()
    first = client.post("/fiche/", answers)
    client.cookies.clear()
    second = client.post("/fiche/", answers, follow=True)
    assert second.redirect_chain == [(first.url, 302)]
    assert the_fiche().reference in second.content.decode()


def test_other_words_sent_from_the_same_page_are_not_lost_in_silence(client):
    key = str(uuid.uuid4())
    client.post("/fiche/", typed(idempotency_key=key))
    response = client.post("/fiche/", typed(idempotency_key=key, text="Et aussi autre chose."), follow=True)
    assert Fiche.objects.count() == 1
    assert says(response, "Your first text was already recorded: here it is. To add something, file another fiche.")


@pytest.mark.parametrize("key", ["", "pas-une-clé", "1"])
def test_a_broken_key_of_the_form_never_stops_a_fiche(client, key):
    assert file(client, idempotency_key=key).status_code == 302


def test_each_page_opened_has_its_own_key(client):
    keys = {
        re.search(r'name="idempotency_key" value="([^"]+)"', client.get("/fiche/").content.decode())[1] for _ in "ab"
    }
    assert len(keys) == 2


# -- which service ----------------------------------------------------------------------------------------------


def test_a_service_is_found_by_a_word_without_javascript_and_nothing_typed_is_lost(client, canteen):
    response = file(client, find="1", service_words="repas", satisfaction="4", contact="nadia@exemple.fr")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="cantine"' in page
    assert escape(TEXT) in page
    assert "nadia@exemple.fr" in page
    assert re.search(r'value="4"[^>]* checked', page)
    assert not Fiche.objects.exists()


def test_the_chosen_service_receives_the_fiche(client, canteen):
    file(client, service="cantine", service_words="repas")
    assert the_fiche().service == canteen


def test_a_name_written_in_full_is_a_choice(client, canteen):
    file(client, service_words="cantine Scolaire")
    assert the_fiche().service == canteen


def test_words_that_choose_nothing_ask_to_choose(client, canteen):
    response = file(client, service_words="repas")
    assert response.status_code == 422
    assert says(response, "Choose a service in the list, or tick “I do not know”.")
    assert 'value="cantine"' in response.content.decode()


def test_who_does_not_know_leaves_it_to_us(client, canteen):
    file(client, service_words="repas", service="cantine", unknown="on")
    assert the_fiche().service is None


def test_the_text_alone_suggests_a_service(client, canteen):
    response = client.post("/fiche/proche/", {"text": "Le repas de midi à l'école est froid"})
    assert 'value="cantine"' in response.content.decode()
    assert 'hx-swap-oob="true"' in response.content.decode()


def test_typing_a_word_shows_services_and_choosing_one_shows_its_counters(client, canteen):
    OfficeFactory(service=canteen, name="Annexe du Faubourg")
    assert 'value="cantine"' in client.post("/services/trouver/", {"service_words": "repa"}).content.decode()
    assert "Annexe du Faubourg" in client.post("/services/guichets/", {"service": "cantine"}).content.decode()
    assert "Annexe" not in client.post("/services/guichets/", {"service": ""}).content.decode()


@pytest.mark.parametrize("url", ["/fiche/proche/", "/services/trouver/", "/services/guichets/"])
def test_what_answers_while_typing_bears_anything(client, url):
    for value in ("", "x" * 1_000_000, "'; DROP TABLE x; -- | & ! <->", "🙂" * 50, "\u202e"):
        data = {"text": value, "service_words": value[:500_000], "service": value[:500_000]}
        assert client.post(url, data).status_code == 200


def test_the_text_coming_from_the_home_page_is_kept_and_not_sent_yet(client):
    response = client.post("/fiche/", {"draft": "1", "text": TEXT})
    assert response.status_code == 200
    assert escape(TEXT) in response.content.decode()
    assert not Fiche.objects.exists()


# -- near pain points -------------------------------------------------------------------------------------------


@pytest.fixture
def known(canteen):
    return PainPoint.objects.create(
        title="Justificatif de domicile redemandé à chaque inscription",
        keyphrases=["justificatif de domicile", "école"],
        service=canteen,
        state=PainPointState.CONFIRMED,
        is_public=True,
        fiche_count=64,
    )


def test_a_near_public_pain_point_is_shown_while_typing(client, known):
    page = client.post("/fiche/proche/", {"text": TEXT}).content.decode()
    assert escape(known.title) in page
    assert "64" in page


@pytest.mark.parametrize(("state", "is_public"), [("confirmed", False), ("suggested", False), ("dismissed", False)])
def test_what_is_not_public_is_never_shown_while_typing(client, known, state, is_public):
    PainPoint.objects.filter(pk=known.pk).update(state=state, is_public=is_public)
    assert escape(known.title) not in client.post("/fiche/proche/", {"text": TEXT}).content.decode()
    assert escape(known.title) not in client.post("/fiche/", {"draft": "1", "text": TEXT}).content.decode()


def test_something_else_shows_no_pain_point(client, known):
    page = client.post("/fiche/proche/", {"text": "Le bus de 8 heures ne passe jamais à l'heure le mardi matin"})
    assert escape(known.title) not in page.content.decode()


# -- personal data ----------------------------------------------------------------------------------------------

PRIVATE = "Rappelez-moi au 06 12 34 56 78, mon dossier est perdu."


def test_a_person_is_warned_once_about_personal_data_then_may_send_anyway(client):
    answers = typed(text=PRIVATE, satisfaction="4")
    warned = client.post("/fiche/", answers)
    assert warned.status_code == 200
    assert says(warned, "a telephone number")
    assert says(warned, "Send anyway")
    assert escape(PRIVATE) in warned.content.decode()
    assert not Fiche.objects.exists()
    assert client.post("/fiche/", {**answers, "warned": "1"}).status_code == 302
    fiche = the_fiche()
    assert "06 12" not in fiche.masked_text
    assert fiche.original.text == PRIVATE
    assert [span["kind"] for span in fiche.mask_spans] == ["phone"]


def test_the_steps_of_a_procedure_are_masked_too(client):
    assert "06 12" not in submit_fiche(text=TEXT, step="Appel du 06 12 34 56 78").step


# -- closed services --------------------------------------------------------------------------------------------


def test_a_closed_service_explains_and_shows_the_other_ways(client):
    service = ServiceFactory(closed=True, name="Passeports", slug="passeports", phone="01 99 00 12 34")
    OfficeFactory(service=service, name="Hôtel de ville")
    response = client.get("/services/passeports/fiche/")
    page = response.content.decode()
    assert response.status_code == 200
    assert says(response, "This service does not receive fiches online for now.")
    assert "01 99 00 12 34" in page
    assert "Hôtel de ville" in page
    assert "<textarea" not in page


def test_a_form_left_open_while_the_service_closed_is_refused_and_the_text_given_back(client, canteen):
    canteen.is_open = False
    canteen.save()
    response = file(client, "/services/cantine/fiche/")
    assert response.status_code == 409
    assert escape(TEXT) in response.content.decode()
    assert not Fiche.objects.exists()


def test_what_was_recorded_before_the_closing_stays_acknowledged(client, canteen):
    answers = typed()
    first = client.post("/services/cantine/fiche/", answers)
    canteen.is_open = False
    canteen.save()
    assert client.post("/services/cantine/fiche/", answers).url == first.url


def test_a_service_that_does_not_exist_is_not_found(client):
    assert client.get("/services/nulle-part/fiche/").status_code == 404
    assert client.post("/services/nulle-part/fiche/", typed()).status_code == 404


# -- the receipt ------------------------------------------------------------------------------------------------


def test_the_receipt_holds_what_the_law_asks(client, canteen):
    """CRPA R112-11-1: date, service in charge, its postal or e-mail address, its telephone."""
    response = file(client, "/services/cantine/fiche/")
    receipt = client.get(response.url)
    page = receipt.content.decode()
    fiche = the_fiche()
    for mention in (fiche.reference, canteen.name, canteen.email, canteen.phone, str(fiche.received_on.year)):
        assert escape(mention) in page
    assert receipt["Cache-Control"] == "private, no-store"


def test_the_receipt_leaves_by_e_mail_with_the_same_mentions_and_none_of_the_words(client, canteen):
    file(client, "/services/cantine/fiche/", wants_answer="yes", contact="nadia@exemple.fr")
    fiche, letter = the_fiche(), Letter.objects.get()
    assert (letter.kind, letter.key, letter.address) == ("feedback.receipt", fiche.pk, "nadia@exemple.fr")
    message = render(letter)
    assert fiche.reference in message.subject
    for mention in (fiche.reference, canteen.name, canteen.email, canteen.phone, "?cle="):
        assert mention in message.text
    assert "justificatif" not in message.text
    link = re.search(r"https?://\S+", message.text)[0]
    client.cookies.clear()
    opened = client.get(link.partition("//")[2].partition("/")[2].join(["/", ""]), follow=True)
    assert opened.status_code == 200
    assert fiche.reference in opened.content.decode()
    assert "cle=" not in opened.request["QUERY_STRING"]


def test_a_fiche_without_a_service_says_who_to_turn_to(client):
    page = client.get(file(client).url).content.decode()
    assert escape(gettext("Service to be found")) in page


# -- when other servers are away --------------------------------------------------------------------------------


class RefusingPost(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError


def test_a_fiche_is_acknowledged_with_the_broker_away(client, monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.place_fiche, "delay", unreachable)
    monkeypatch.setattr("letters.tasks.deliver.delay", unreachable)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        response = file(client, contact="nadia@exemple.fr")
    assert len(callbacks) == 2
    assert response.status_code == 302
    assert Fiche.objects.waiting_for_placement().count() == 1


def test_the_receipt_leaves_when_the_post_is_back(client, settings):
    file(client, contact="nadia@exemple.fr")
    letter = Letter.objects.get()
    settings.EMAIL_BACKEND = f"{__name__}.RefusingPost"
    assert not deliver(letter.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Letter.objects.update(tried_at=timezone.now() - timedelta(hours=1))
    assert deliver(letter.pk)
    (message,) = mail.outbox
    assert message.to == ["nadia@exemple.fr"]
    assert message.extra_headers["Message-ID"] == letter.message_id
    assert the_fiche().reference in message.body
