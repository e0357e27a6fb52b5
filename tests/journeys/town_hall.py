"""What the town does of its budget: editors, evaluators, and whoever signs the count, each on their own pages."""

from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Budget, BudgetPhase
from directory.models import Administration
from tests.journeys import desk, steps
from tests.journeys.visitors import overflow

LASTS = timedelta(days=20)
PICTURE = Path(__file__).parents[2] / "demo" / "ecole.png"


def the_clock_reaches(asked: Budget, kind: BudgetPhaseKind) -> None:
    """Every hour of the budget moves by as much: ``kind`` opened yesterday, what came before it is over."""
    opened = BudgetPhase.objects.get(page=asked.page, kind=kind).opens_at
    days = opened - (timezone.now() - timedelta(days=1))
    phases = BudgetPhase.objects.filter(page=asked.page)
    phases.update(opens_at=F("opens_at") - days, closes_at=F("closes_at") - days)


# --- setting up ---


def write_a_budget(page: Page, *, title: str, slug: str, euros: str) -> None:
    """One envelope, the six phases, two conditions and two signatures under each study; all but the regulation."""
    desk.type_in(page, "title", title)
    desk.type_in(page, "lead", "Vous proposez, les services étudient, vous votez.")
    desk.field(page, "administration").select_option(label=Administration.objects.get().name)
    desk.add_row(page, "envelopes")
    desk.type_in(page, "envelopes-0-title", "Toute la ville")
    desk.type_in(page, "envelopes-0-amount", euros)
    _write_phases(page)
    _write_conditions(page)
    desk.field(page, "signatures").select_option("2")
    desk.write(page, page.locator("[data-contentpath=procedure]"), "Délibération du 12 janvier 2027.")
    desk.choose_page(page, "charter", "Charte de participation")
    desk.field(page, "moderation").select_option("after")
    desk.type_in(page, "contact_name", "Mission participation")
    desk.type_in(page, "contact_phone", "01 99 00 12 34")
    desk.type_in(page, "slug", slug)


def _write_phases(page: Page) -> None:
    opens = timezone.now() - timedelta(days=1)
    for row, kind in enumerate(BudgetPhaseKind):
        desk.add_row(page, "phases")
        desk.field(page, f"phases-{row}-kind").select_option(kind)
        desk.type_in(page, f"phases-{row}-opens_at", desk.typed(opens + row * LASTS))
        desk.type_in(page, f"phases-{row}-closes_at", desk.typed(opens + (row + 1) * LASTS))


def _write_conditions(page: Page) -> None:
    for row, (kind, name, said) in enumerate((("age", "value", "16"), ("residence", "words", "habiter Valbourg"))):
        desk.add_row(page, "conditions")
        desk.field(page, f"conditions-{row}-kind").select_option(kind)
        desk.type_in(page, f"conditions-{row}-{name}", said)


def regulate(page: Page) -> None:
    """From the page of the budget: a model, the vote on paper too; kept, and tried on invented ballots."""
    page.get_by_role("tab", name="Règlement", exact=True).click()
    page.get_by_role("link", name="Écrire le règlement").click()
    page.get_by_role("link", name="Composer le budget").click()
    page.locator("input[name=identity][value=civil]").check()
    steps.press(page, "Lire ce que cela veut dire")
    expect(page.locator("#sens")).to_contain_text("Pas encore enregistré")
    steps.press(page, "Enregistrer et essayer")
    expect(page.locator("main")).to_contain_text("400")
    expect(page.locator("main table .b-won").first).to_be_visible()


def freeze(page: Page, asked: Budget) -> str:
    """The fingerprint that is shown once nothing changes any more."""
    page.goto(f"/admin/budgets/{asked.pk}/figer/")
    steps.press(page, "Figer pour de bon")
    return page.locator(".b-hash").inner_text()


# --- ideas become projects ---


def group(page: Page, *numbers: int, title: str, summary: str) -> None:
    """Tick the ideas, write the project they become, send it to study."""
    for number in numbers:
        page.locator(f"input[name=idee][value='{number}']").check()
    steps.press(page, "Faire un projet des idées cochées")
    page.locator("#id_title").fill(title)
    page.locator("#id_summary").fill(summary)
    assert overflow(page) == 0
    steps.press(page, "Créer le projet")
    steps.press(page, "Envoyer à l’étude")


def set_aside(page: Page, number: int, reason: str) -> None:
    page.locator(f"#n{number}").get_by_role("link", name="Ne pas retenir").click()
    page.locator("#id_reason").fill(reason)
    steps.press(page, "Ne pas la retenir")


# --- studies ---


def entrust(page: Page, title: str, *, evaluator: User, second: User) -> None:
    page.get_by_role("link", name=title).click()
    page.locator("#id_evaluator").select_option(label=str(evaluator))
    page.locator("#id_second").select_option(label=str(second))
    steps.press(page, "Confier")


def mistype(page: Page, title: str, euros: str) -> None:
    """Three zeros are missing: the figure is asked about again."""
    page.goto("/etudes/")
    page.get_by_role("link", name=title).click()
    page.locator("#id_label").fill("Fourniture et plantation")
    page.locator("#id_amount").fill(euros)
    steps.press(page, "Ajouter la ligne")
    expect(page.locator("#couts")).to_contain_text("Vouliez-vous écrire")
    expect(page.locator("#id_label")).to_have_value("Fourniture et plantation")


def study(page: Page, title: str, *, cost: str, reason: str) -> None:
    """The figure is corrected, then the verdict is signed."""
    page.locator("#id_amount").fill(cost)
    steps.press(page, "Ajouter la ligne")
    page.locator("input[name=verdict][value=feasible]").check()
    page.locator("#id_reason").fill(reason)
    steps.press(page, "Garder la conclusion")
    assert overflow(page) == 0
    sign_study(page, title)


def sign_study(page: Page, title: str) -> None:
    page.goto("/etudes/")
    page.get_by_role("link", name=title).click()
    steps.press(page, "Signer l’étude")
    expect(page.locator("#signer")).to_contain_text("Retirer ma signature")


# --- the count ---


def ask_for_the_count(page: Page, slug: str) -> None:
    page.goto(f"/budgets/{slug}/compter/")
    steps.press(page, "Dépouiller les bulletins")


def sign_the_count(page: Page, slug: str, *, signatory: str) -> None:
    page.goto(f"/budgets/{slug}/compter/")
    page.get_by_role("link", name="Lire et signer").click()
    page.locator("#id_signatory").fill(signatory)
    steps.press(page, "Signer et publier")


# --- works ---


def build(page: Page, *, step: str, paid: str, news: str) -> None:
    """Works begin, a step is done, something is paid, a picture, a piece of news, then it opens."""
    steps.press(page, "Les travaux commencent")
    today = timezone.localdate().isoformat()
    _unfold(page, "Ajouter une étape")
    page.locator("#id_milestone_title").fill(step)
    page.locator("#id_milestone_done_on").fill(today)
    steps.press(page, "Ajouter l’étape")
    _unfold(page, "Enregistrer un paiement")
    page.locator("#id_spending_label").fill("Acompte du marché")
    page.locator("#id_spending_on").fill(today)
    page.locator("#id_spending_amount").fill(paid)
    page.locator("#depenses button", has_text="Enregistrer").click()
    _unfold(page, "Ajouter une photo")
    page.locator("#id_photo_file").set_input_files(PICTURE)
    page.locator("#id_photo_description").fill("La cour et ses tilleuls")
    page.locator("#id_photo_taken_on").fill(today)
    steps.press(page, "Ajouter la photo")
    page.locator("#id_news_title").fill(news)
    page.locator("#id_news_text").fill("Venez les voir samedi à 10 h.")
    steps.press(page, "Publier et prévenir")
    steps.press(page, "C’est ouvert au public")


def _unfold(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).click()
