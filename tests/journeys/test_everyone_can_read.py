"""Each kind of page, on a phone and on a desk, in light and in dark: axe finds nothing to say, nothing overflows."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from feedback import letters, references
from feedback.actions import follow_ups, importing, triage
from feedback.actions.answering import answer_pain_point
from feedback.choices import Outcome
from feedback.importing import Mapping
from feedback.models import Answer, FollowUp
from tests.factories import UserFactory
from tests.feedback import scenes
from tests.journeys import reading, steps
from tests.journeys.visitors import NARROW, PHONE

PUBLIC = [
    "/", "/services/", "/services/?mots=lampadaire", "/services/eclairage/", "/services/eclairage/fiche/", "/fiche/",
    "/suivi/", "/vous-avez-dit/", "/charte/", "/compte/connexion/", "/compte/inscription/",
    "/compte/mot-de-passe/oublie/",
]  # fmt: skip
OWN = ["/compte/", "/compte/adresse/", "/compte/mot-de-passe/", "/compte/second-facteur/", "/compte/fermer/", "/suivi/"]
STEERING = [
    "/pilotage/", "/pilotage/a-trier/", "/pilotage/a-trier/sans-service/", "/pilotage/reponses/",
    "/pilotage/reponses/modeles/", "/pilotage/courriers/", "/pilotage/import/",
]  # fmt: skip


class Valbourg:
    """One pain point answered in public and asked about, one confirmed, a fiche to sort, a file to import."""

    def __init__(self, service) -> None:
        self.owner = UserFactory(owns=[service], name="Inès R.")
        self.citizen = UserFactory(name="Nadia B.")
        self.fiche = scenes.file(service, email="nadia@demo.example", author=self.citizen)
        said = scenes.gather(service, self.fiche, scenes.file(service, postal_name="Nadia B."), by=self.owner)
        triage.quote(said, segments=list(self.fiche.segments.all()), by=self.owner)
        answer_pain_point(said, outcome=Outcome.DONE, changes=scenes.CHANGES, publish=True, by=self.owner)
        Answer.objects.update(created_at="2025-11-03T09:00:00Z")
        follow_ups.ask_due_follow_ups()
        asked = letters.follow_up_path(FollowUp.objects.get(fiche=self.fiche))
        self.living = scenes.gather(service, scenes.file(service, "Il fait noir rue des Forges."), by=self.owner)
        self.loose = scenes.file(service, "La fontaine de la place du Marché fuit.")
        brought = importing.upload(
            service=service, content="texte;reçu le\nIl fait noir.;2025-11-12\n".encode(), file_name="passe.csv",
            by=self.owner,
        )  # fmt: skip
        importing.check(brought, mapping=Mapping.of(brought.mapping))
        self.public = [*PUBLIC, f"/vous-avez-dit/{said.number}/", asked]
        one = f"/pilotage/irritants/{self.living.number}/"
        acts = ("fusionner", "transferer", "ecarter")
        self.steering = [
            *STEERING,
            one,
            f"/pilotage/irritants/{said.number}/",
            f"{one}repondre/",
            f"/pilotage/fiches/{self.loose.reference}/",
            f"/pilotage/import/{brought.pk}/",
            *(f"{one}{act}/" for act in acts),
        ]


@pytest.fixture
def valbourg(lighting) -> Valbourg:
    return Valbourg(lighting)


def test_axe_finds_nothing_on_the_pages_of_everyone(visitors, valbourg):
    page = visitors.come(**PHONE)
    faults = reading.faults(page, valbourg.public)
    steps.follow(page, steps.Receipt(valbourg.fiche.reference, references.tracking_key(valbourg.fiche)))
    own = f"/suivi/{valbourg.fiche.reference}/"
    faults += reading.faults(page, [own, f"{own}recepisse/", f"{own}effacer/"])
    faults += reading.faults(visitors.come(signed_in=valbourg.citizen, **PHONE), OWN)
    assert faults == []


def test_axe_finds_nothing_on_the_pages_of_the_owner(visitors, valbourg):
    page = visitors.come(signed_in=valbourg.owner, **PHONE)
    faults = reading.faults(page, valbourg.steering)
    page.goto(f"/pilotage/irritants/{valbourg.living.number}/repondre/")
    page.locator("[name=outcome][value=done]").check()
    page.locator("[name=changes]").fill(scenes.CHANGES)
    steps.press(page, "Relire avant d’envoyer")
    assert faults + reading.seen(page) == []


@pytest.mark.parametrize("name", ["404.html", "403.html", "405.html", "400.html", "500.html"])
def test_pages_of_errors_stay_on_a_narrow_screen(visitors, name):
    page = visitors.come(**NARROW)
    long = "adresse-que-rien-ne-coupe-" * 12
    with translation.override("fr"):
        body = render_to_string(name, {"exception": long})
    page.route("**/erreur/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/erreur/")
    assert page.locator("h1").is_visible()
    assert reading.seen(page) == []


def test_axe_sees_a_fault_when_there_is_one(visitors, lighting):
    page = visitors.come()
    page.goto("/services/")
    page.evaluate("document.querySelector('main input').removeAttribute('id')")
    assert "label" in [rule for _address, rule, _where in reading.seen(page)]
