"""The public pages of the services: found by words, with figures that say what they were counted on."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext, ngettext

from feedback.actions.intake import submit_fiche
from feedback.choices import IntakeChannel, Outcome, PainPointState
from feedback.figures import of_service
from feedback.models import Answer, Fiche, PainPoint, Recipient
from tests.factories import AdministrationFactory, OfficeFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool():
    return ServiceFactory(name="Piscines", slug="piscines", description="Deux bassins.", response_target_days=12)


def says(response, message: str) -> bool:
    return escape(gettext(message)) in response.content.decode()


def test_services_are_listed_under_their_administration_the_one_with_most_services_first(client):
    town, state = AdministrationFactory(name="Ville de Valbourg"), AdministrationFactory(name="Préfecture")
    ServiceFactory(name="Piscines", administration=town)
    ServiceFactory(name="Titres de séjour", administration=state)
    ServiceFactory(name="Cimetières", administration=town)
    page = client.get("/services/").content.decode()
    shown = ("Ville de Valbourg", "Cimetières", "Piscines", "Préfecture", "Titres de séjour")
    assert [page.index(name) for name in shown] == sorted(page.index(name) for name in shown)


def test_words_narrow_the_list_and_nothing_found_says_what_to_do(client, pool):
    ServiceFactory(name="Cimetières")
    page = client.get("/services/", {"mots": "picsine"}).content.decode()
    assert "Piscines" in page
    assert "Cimetières" not in page
    nothing = client.get("/services/", {"mots": "xylophone"})
    assert says(nothing, "No service with these words")
    assert 'value="xylophone"' in nothing.content.decode()


@pytest.mark.parametrize("words", ["\x00", "x" * 100_000, "' OR 1=1", "🙂"])
def test_the_search_bears_anything(client, pool, words):
    assert client.get("/services/", {"mots": words}).status_code in {200, 400}


def test_a_service_says_what_it_does_and_how_to_reach_it(client, pool):
    OfficeFactory(service=pool, name="Bassin du Faubourg", opening_hours="De 7 h à 20 h")
    page = client.get("/services/piscines/").content.decode()
    for words in ("Deux bassins.", pool.phone, pool.email, "Bassin du Faubourg", "De 7 h à 20 h"):
        assert escape(words) in page
    assert "/services/piscines/fiche/" in page


def test_a_closed_service_says_so_and_offers_no_form(client):
    ServiceFactory(closed=True, slug="ferme")
    response = client.get("/services/ferme/")
    assert says(response, "This service does not receive fiches online for now.")
    assert "/services/ferme/fiche/" not in response.content.decode()


def test_the_mean_is_given_with_its_denominator_and_not_before_five_opinions(client, pool):
    for satisfaction in (1, 2, 3, 5):
        submit_fiche(text="Eau froide.", service=pool, satisfaction=satisfaction)
    submit_fiche(text="Sans avis.", service=pool)
    assert says(client.get("/services/piscines/"), "fewer than 5 opinions")
    submit_fiche(text="Eau froide.", service=pool, satisfaction=2)
    page = client.get("/services/piscines/").content.decode()
    assert gettext("%(mean)s out of 5") % {"mean": "2,6"} in page
    assert gettext("mean of %(n)s opinions") % {"n": 5} in page


def answered(service, days: list[int], *, channel=IntakeChannel.WEB) -> None:
    pain_point = PainPoint.objects.create(title="Eau froide", service=service)
    answer = Answer.objects.create(pain_point=pain_point, outcome=Outcome.DONE, changes="Réglé.", author=UserFactory())
    for delay in days:
        day = timezone.localdate() - timedelta(days=delay)
        fiche = submit_fiche(text="Eau froide.", service=service, received_on=day, channel=channel, by=UserFactory())
        Recipient.objects.create(answer=answer, fiche=fiche)


def test_the_delay_is_a_median_of_what_was_answered_here_imports_left_out(client, pool):
    answered(pool, [1, 2, 9, 30, 31])
    answered(pool, [900] * 9, channel=IntakeChannel.IMPORT)
    submit_fiche(text="Pas de réponse.", service=pool, received_on=date(2020, 1, 1))
    figures = of_service(pool)
    assert (figures.median_days, figures.answered, figures.fiches) == (9, 5, 15)
    page = client.get("/services/piscines/").content.decode()
    assert ngettext("%(n)s day", "%(n)s days", 9) % {"n": 9} in page
    assert gettext("median of %(n)s answered fiches") % {"n": 5} in page


def test_only_public_pain_points_of_the_service_are_shown(client, pool):
    shown = {"service": pool, "state": PainPointState.CONFIRMED, "is_public": True}
    PainPoint.objects.create(title="Eau froide", **shown)
    PainPoint.objects.create(title="Vestiaires sales", **{**shown, "is_public": False})
    PainPoint.objects.create(title="Ailleurs", **{**shown, "service": ServiceFactory()})
    elsewhere = PainPoint.objects.create(title="Partagé", **{**shown, "service": ServiceFactory()})
    elsewhere.services.add(pool)
    page = client.get("/services/piscines/").content.decode()
    assert "Eau froide" in page
    assert "Partagé" in page
    assert "Vestiaires sales" not in page
    assert "Ailleurs" not in page


def test_no_word_of_a_fiche_stands_on_the_page_of_the_service(client, pool):
    submit_fiche(text="zanzibarique", service=pool)
    assert "zanzibarique" not in client.get("/services/piscines/").content.decode()


@pytest.mark.parametrize("many", [3, 300])
def test_the_list_takes_the_same_queries_with_3_and_300_services(client, many, django_assert_max_num_queries):
    for _ in range(many):
        ServiceFactory(search_words="piscine")
    client.get("/services/")
    with django_assert_max_num_queries(4):
        assert client.get("/services/").status_code == 200
    with django_assert_max_num_queries(4):
        assert client.get("/services/", {"mots": "piscine"}).status_code == 200


@pytest.mark.parametrize("many", [3, 300])
def test_a_service_takes_the_same_queries_with_3_and_300_fiches(client, pool, many, django_assert_max_num_queries):
    Fiche.objects.bulk_create(
        Fiche(reference=f"F-{n}", service=pool, channel="web", received_on=date(2026, 1, 1), masked_text="Froid.")
        for n in range(many)
    )
    for n in range(min(many, 40)):
        PainPoint.objects.create(title=f"P{n}", service=pool, state=PainPointState.CONFIRMED, is_public=True)
    client.get("/services/piscines/")
    with django_assert_max_num_queries(8):
        assert client.get("/services/piscines/").status_code == 200
