"""A consultation from the desk of its editor to what became of it: in browsers, on a phone, without scripts too."""

import csv
import re
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import actions as accounts
from accounts.choices import RoleKind
from accounts.models import User
from consult import digests, tasks
from consult.actions.propositions import Written, file
from consult.models import Consultation, ConsultationPage, Phase, Proposition, Publication, Vote
from consult.people import participant_of
from pages.dates import clock
from tests.consult.world import close, index, section_of
from tests.factories import AdministrationFactory, UserFactory
from tests.journeys import desk, steps
from tests.journeys.visitors import NARROW, PHONE, Visitors, overflow

BASE = "/consultations/quai/"
TITLE = "Fermer le quai des Tanneurs aux voitures le dimanche"
BODY = "Les enfants y apprendraient le vélo, et les terrasses respireraient."
CHILDREN = "Mes enfants y font du vélo."
SHOPS = "Le dimanche matin fait un quart de nos ventes."
TRIAL = "Un essai de six mois commence le 1er mai."


@pytest.fixture
def editor() -> User:
    user = UserFactory(name="Rédaction")
    accounts.grant(user, RoleKind.ADMINISTRATOR, by=None)
    AdministrationFactory(name="Ville de Valbourg")
    return user


def test_from_the_desk_of_the_editor_to_what_became_of_it(visitors: Visitors, editor: User, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0  # drafts are kept when the editor says so: no wall time in a journey
    _is_built_and_previewed_then_published(visitors.come(signed_in=editor))
    asked = Consultation.objects.get()
    maud, nadia, karim = (UserFactory(name=name) for name in ("Maud L.", "Nadia B.", "Karim S."))
    file(asked, section_of(asked), Written(title=TITLE, body=BODY), by=participant_of(maud))

    phone = visitors.come(signed_in=nadia, **PHONE)
    _is_shown_what_is_near_and_files(phone)
    _argues(phone, "for", CHILDREN)
    left_open = visitors.come(signed_in=karim, java_script_enabled=False, **NARROW)
    _argues(left_open, "against", SHOPS)
    _votes_and_changes(left_open)
    close(asked)
    with visitors.refused():
        _is_told_at_every_door_that_it_is_closed(left_open, visitors.come(**PHONE))
    _decides(visitors.come(signed_in=editor))
    _reads_what_became_of_it(visitors.come(**PHONE))
    _hears_of_it_in_letters(maud, nadia)


def _is_built_and_previewed_then_published(page: Page) -> None:
    page.goto(f"/admin/pages/add/consult/consultationpage/{index().pk}/")
    desk.write_a_consultation(page, title="Quel avenir pour le quai ?", slug="quai")
    desk.keep(page)
    # Wagtail draws the words of a form once it is loaded: sent before, they would be lost.
    expect(page.locator("[data-contentpath=procedure]")).to_contain_text("Délibération du 12 janvier 2027.")
    frame = desk.preview(page)
    expect(frame.locator("h1")).to_contain_text("Quel avenir pour le quai")
    assert len(desk.previews(page)) == 4, "now, as in each of the two phases, after the end"
    desk.preview_as(page, "after")
    expect(frame.locator("main")).to_contain_text("fermée")
    desk.publish(page)
    expect(page.locator("body")).to_contain_text("la date des suites")
    assert not ConsultationPage.objects.get().live, "one thing was missing, and the page said which"
    desk.type_in(page, "follow_up_due", "2049-06-30")
    desk.publish(page)
    assert ConsultationPage.objects.get().live


def _is_shown_what_is_near_and_files(phone: Page) -> None:
    phone.goto(f"{BASE}propositions/nouvelle/")
    phone.locator("#id_title").press_sequentially("Fermer le quai aux voitures")
    near = phone.locator("#proches .c-near__one")
    expect(near).to_contain_text(TITLE)
    phone.locator("#id_body").fill("Tous les jours, pas seulement le dimanche : la rue respire.")
    expect(near).to_contain_text(TITLE)
    assert overflow(phone) == 0
    steps.press(phone, "Déposer ma proposition")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Fermer le quai aux voitures")
    assert Proposition.objects.get(number=2).author.name == "Nadia B."


def _argues(page: Page, side: str, text: str) -> None:
    page.goto(f"{BASE}propositions/1/")
    page.locator("#arguments").get_by_role("link", name="Ajouter un argument").click()
    page.locator(f"input[name=side][value={side}]").check()
    page.locator("textarea[name=text]").fill(text)
    assert overflow(page) == 0
    steps.press(page, "Publier mon argument")
    expect(page.locator("main")).to_contain_text(text)
    page.goto(f"{BASE}propositions/1/")
    expect(page.locator("#arguments")).to_contain_text(text)
    assert overflow(page) == 0


def _votes_and_changes(page: Page) -> None:
    page.goto(f"{BASE}propositions/1/")
    steps.press_at(page, "#vote button.is-agree")
    expect(page.locator("#vote")).to_contain_text("Vote enregistré : d’accord")
    steps.press_at(page, "#vote button.is-mixed")
    expect(page.locator("#vote")).to_contain_text("Vote enregistré : mitigé")
    assert [vote.opinion for vote in Vote.objects.all()] == ["mixed"]
    steps.press_at(page, "#argument-1 button[name=useful]")
    expect(page.locator("#argument-1")).to_contain_text("Utile · 1")
    assert overflow(page) == 0


def _is_told_at_every_door_that_it_is_closed(left_open: Page, visitor: Page) -> None:
    """A page opened before the hour is refused with the hour; pages, forms and programs say the same."""
    hour = clock(Phase.objects.first().closes_at)
    steps.press_at(left_open, "#vote button.is-disagree")
    expect(left_open.locator("main")).to_contain_text(re.compile(f"fermée, depuis le .* à {hour}"))
    assert [vote.opinion for vote in Vote.objects.all()] == ["mixed"]
    for path in ("propositions/nouvelle/", "propositions/1/arguments/nouveau/"):
        left_open.goto(f"{BASE}{path}")
        expect(left_open.locator("main")).to_contain_text(re.compile(f"fermée.* à {hour}"))
        assert left_open.locator("main textarea").count() == 0, path
    for path in ("", "propositions/1/"):
        visitor.goto(f"{BASE}{path}")
        expect(visitor.locator("main")).to_contain_text(re.compile(f"fermée, depuis le .* à {hour}"))
        left = visitor.locator("main form[method=post]:not([action$='/suivre/'])")
        assert left.count() == 0, f"{path}: one may follow, and no more"
    expect(visitor.locator("#vote")).to_contain_text("1 vote")
    told = visitor.request.get("/api/v1/consultations/quai").json()
    assert told["state"] == "closed"
    late = Phase.objects.first().closes_at - datetime.fromisoformat(told["closes_at"])
    assert abs(late) < timedelta(seconds=1), "JSON has milliseconds"


def _decides(page: Page) -> None:
    for number, verdict in ((1, "retained"), (2, "not_retained")):
        page.goto(f"{BASE}suites/{number}/")
        page.locator(f"input[name=verdict][value={verdict}]").check()
        page.locator("#id_reason").fill(TRIAL)
        steps.press(page, "Préparer la décision")
    assert TRIAL not in page.request.get(f"{BASE}propositions/1/").text(), "nothing is told before it is published"
    page.goto(f"{BASE}suites/publier/")
    steps.press(page, "Publier et prévenir")


def _reads_what_became_of_it(phone: Page) -> None:
    phone.goto(f"{BASE}propositions/1/")
    expect(phone.locator("main")).to_contain_text(TRIAL)
    phone.goto(f"{BASE}resultats/")
    expect(phone.locator("main")).to_contain_text(TITLE)
    assert overflow(phone) == 0
    table = phone.request.get(f"{BASE}donnees/propositions.csv").text()
    assert [line for line in csv.DictReader(StringIO(table)) if TITLE in line.values() and TRIAL in line.values()]
    told = phone.request.get(f"{BASE}donnees/arguments.json").text()
    assert SHOPS in told
    assert "Karim" not in told


def _hears_of_it_in_letters(maud: User, nadia: User) -> None:
    """The letter of the decision to both authors; the digest of the week to whoever follows."""
    tasks.tell_decisions(Publication.objects.get().pk)
    digests.promise_due(at=timezone.now() + timedelta(days=7))
    steps.the_worker_sends_letters()
    to = {user: [letter for letter in mail.outbox if user.email in letter.to] for user in (maud, nadia)}
    for user in (maud, nadia):
        assert [letter for letter in to[user] if TRIAL in letter.body], f"{user.name} hears of the decision"
    digest = next(
        letter for letter in to[maud] if "Nouveaux arguments\N{NO-BREAK SPACE}: 1 pour, 1 contre." in letter.body
    )
    assert CHILDREN in digest.body
    assert SHOPS in digest.body
