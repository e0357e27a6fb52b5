"""Somebody without an account proposes from a phone, without scripts, and confirms from the mailbox."""

import re

from django.core import mail
from playwright.sync_api import expect

from consult.choices import Level, PhaseKind
from consult.models import Participant, Phase, Proposition
from tests.consult.world import consultation
from tests.journeys import steps
from tests.journeys.visitors import PHONE, Visitors, overflow

TITLE = "Des bancs à l’ombre le long du quai"
BODY = "Il n’y a aucun endroit où s’asseoir entre les deux ponts."


def test_a_visitor_proposes_and_confirms_from_the_mailbox(visitors: Visitors):
    asked = consultation(PhaseKind.CONTRIBUTE)
    Phase.objects.filter(page=asked.page).update(level=Level.VISITOR)
    phone = visitors.come(java_script_enabled=False, **PHONE)
    phone.goto(f"/consultations/{asked.page.slug}/propositions/nouvelle/")
    phone.get_by_label("Votre proposition en une phrase").fill(TITLE)
    phone.get_by_label("Expliquez-la").fill(BODY)
    steps.press(phone, "Déposer ma proposition")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Votre adresse électronique")
    expect(phone.locator("blockquote")).to_contain_text(TITLE)
    phone.get_by_label("Nom affiché avec votre texte").fill("Léa M.")
    phone.get_by_label("Votre adresse électronique").fill("lea@mairie.example")
    assert overflow(phone) == 0
    steps.press(phone, "Recevoir le lien")
    expect(phone.locator("main")).to_contain_text("lea@mairie.example")
    expect(phone.locator("main")).to_contain_text("Votre texte n’est pas encore publié")
    assert not Proposition.objects.exists()

    link = _link_of_the_letter()
    phone.goto(link)
    expect(phone.locator("blockquote")).to_contain_text(BODY)
    assert not Proposition.objects.exists(), "opening the link writes nothing"
    assert overflow(phone) == 0
    steps.press(phone, "Je confirme")
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(phone.locator("main")).to_contain_text("Léa M.")
    anybody = visitors.come()
    anybody.goto(f"/consultations/{asked.page.slug}/propositions/1/")
    expect(anybody.locator("main")).to_contain_text(BODY)
    assert Participant.objects.get().user is None


def _link_of_the_letter() -> str:
    """Where the only letter leads: it repeats nothing of what was written."""
    steps.the_worker_sends_letters()
    letter = mail.outbox[0]
    assert letter.to == ["lea@mairie.example"]
    assert TITLE not in letter.body
    return re.search(r"/consultations/confirmer/\S+", letter.body)[0]
