"""Three people say the same thing; one person answers them all, without a mouse; each one reads it."""

from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import Page, expect

from directory.models import Service
from feedback.models import PainPoint
from tests.factories import PASSWORD, UserFactory
from tests.feedback import scenes
from tests.journeys import steps
from tests.journeys.visitors import PHONE, Visitors, tab_to

DARK_STREET = (
    "Les lampadaires de la rue des Forges sont éteints depuis trois semaines, il fait noir le soir.",
    "Encore ce soir, tous les lampadaires de la rue des Forges étaient éteints, ma fille a peur.",
    "Quand va-t-on rallumer les lampadaires de la rue des Forges ? Ils sont éteints, je suis tombée.",
)
FOUNTAIN = "La fontaine de la place du Marché fuit et l’eau gèle le matin."
CHANGES = "Les lampadaires de la rue des Forges sont réparés depuis ce matin."
NADIA = "nadia@demo.example"


def test_three_fiches_become_one_answer_given_by_keyboard_and_read_by_their_authors(visitors, lighting, settings):
    settings.CLUSTERING_ENCODER = "clustering.encode"
    owner = UserFactory(owns=[lighting], email="ines@demo.example")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    older = scenes.gather(lighting, scenes.file(lighting), by=owner, title="Papiers redemandés")
    receipts = _people_write(visitors, lighting)
    steps.the_worker_places_fiches()
    grouped = PainPoint.objects.exclude(pk=older.pk).get()
    assert grouped.fiche_count == 3

    page = visitors.come()
    _sign_in(page, owner.email)
    _choose_and_open(page, grouped)
    _confirm_and_answer(page)
    steps.the_worker_sends_letters()

    author = visitors.come(**PHONE)
    steps.follow(author, receipts[0])
    expect(author.get_by_role("heading", name="Éclairage public a répondu")).to_be_visible()
    expect(author.locator("main")).to_contain_text(CHANGES)
    steps.follow(author, receipts[3])
    expect(author.locator("main")).not_to_contain_text(CHANGES)
    answers = [letter for letter in mail.outbox if CHANGES in letter.body]
    assert [letter.to for letter in answers] == [[NADIA]]


def _people_write(visitors: Visitors, service: Service) -> list[steps.Receipt]:
    """The first one wishes an answer; the last one speaks of something else."""
    page = visitors.come(**PHONE)
    first, *others = DARK_STREET
    return [
        steps.file(page, service, first, email=NADIA),
        *(steps.file(page, service, text) for text in [*others, FOUNTAIN]),
    ]


def _sign_in(page: Page, email: str) -> None:
    page.goto("/pilotage/")
    tab_to(page, "[name=login]")
    page.keyboard.type(email)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    _enter(page)
    page.wait_for_url("**/pilotage/")


def _choose_and_open(page: Page, grouped: PainPoint) -> None:
    """j and k move, x chooses, o opens."""
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(2)
    pointed = page.locator("[data-row].is-cursor [data-row-open]")
    page.keyboard.press("j")
    first = pointed.inner_text()
    page.keyboard.press("j")
    expect(pointed).not_to_have_text(first)
    page.keyboard.press("k")
    expect(pointed).to_have_text(first)
    if grouped.title not in first:
        page.keyboard.press("j")
    expect(pointed).to_contain_text(grouped.title)
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    with page.expect_navigation():
        page.keyboard.press("o")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("3 fiches")
    expect(page.locator("main")).not_to_contain_text("fontaine")


def _confirm_and_answer(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("e")
    expect(page.locator("main")).to_contain_text("Confirmé")
    page.keyboard.press("r")
    tab_to(page, "#repondre [name=outcome]")
    for _ in range(5):
        if page.locator("#repondre [name=outcome][value=done]").is_checked():
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, "#repondre [name=changes]")
    page.keyboard.type(CHANGES)
    tab_to(page, "#repondre button[value=preview]")
    _enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire avant d’envoyer")
    tab_to(page, "button[value=send]")
    _enter(page)
    expect(page.locator("main")).to_contain_text("Réponses données")


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")
