"""A moderator judges two copies of an advertisement at once, without a mouse, and the next text comes."""

from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from accounts.choices import RoleKind
from moderation.choices import CaseState, Rule
from moderation.models import Case
from tests.factories import PASSWORD, UserFactory
from tests.moderation.world import notice, proposition


def test_two_texts_are_removed_by_keyboard_with_one_decision(visitors):
    judge = UserFactory(holds=[RoleKind.MODERATOR], email="aicha@demo.example")
    EmailAddress.objects.create(user=judge, email=judge.email, verified=True, primary=True)
    advert = "Serrurier du Faubourg, jour et nuit, devis gratuit au https://serrurier.example"
    first, second = proposition(text=advert).case, proposition(text=f"{advert} !").case
    left = proposition(text="La terrasse du bar ferme trop tard en semaine.").case
    for case in (first, second, left):
        notice(case, rule=Rule.ADVERTISING)
    page = visitors.come()
    page.goto(f"/compte/connexion/?next=/moderation/?dossier={first.pk}")
    page.get_by_label("Adresse e-mail").fill(judge.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="File de modération")).to_be_visible()
    for key in ("3", "j", "j", "x", "f"):
        page.keyboard.press(key)
    page.keyboard.type("C’est une publicité, deux fois la même.")
    page.get_by_label("Règle de la charte").select_option("advertising")
    page.get_by_role("button", name="Décider").press("Enter")
    expect(page.get_by_text("2 textes retirés")).to_be_visible()
    assert set(Case.objects.filter(state=CaseState.REMOVED)) == {first, second}
