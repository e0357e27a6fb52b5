"""What people do on the pages, step by step, with the words they read there."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from directory.models import Service
from feedback.models import Fiche
from feedback.tasks import place_fiche
from letters.delivery import deliver
from letters.models import Letter

RECORDED = "Votre fiche est enregistrée."


@dataclass(frozen=True)
class Receipt:
    """What a person writes down from the receipt."""

    reference: str
    key: str


def press(page: Page, name: str) -> None:
    """Press the button and wait for the whole next page: looked at before its stylesheets, a page is not itself."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def press_at(page: Page, selector: str) -> None:
    """The same for a button whose words change once it is pressed."""
    with page.expect_navigation():
        page.locator(selector).click()


def say_on_the_front_page(page: Page, text: str) -> None:
    page.goto("/")
    page.locator("form.c-one textarea").fill(text)
    press(page, "Déposer ma fiche")
    expect(page.locator("#id_text")).to_have_value(text)


def choose(page: Page, service: Service) -> None:
    page.locator("#services-trouves label", has_text=service.name).click()
    expect(page.get_by_role("radio", name=service.name)).to_be_checked()


def wish_an_answer(page: Page, *, at: str) -> None:
    page.locator("[name=wants_answer][value=yes]").check()
    page.locator("[name=contact]").fill(at)


def send(page: Page) -> None:
    press(page, "Envoyer ma fiche")


def read_receipt(page: Page) -> Receipt:
    expect(page.get_by_role("heading", level=1)).to_have_text(RECORDED)
    return Receipt(page.locator(".c-ref").first.inner_text(), page.locator(".c-ref--key").inner_text())


def file(page: Page, service: Service, text: str, *, email: str = "") -> Receipt:
    """File a fiche from the page of the service."""
    page.goto(f"/services/{service.slug}/fiche/")
    page.locator("#id_text").fill(text)
    if email:
        wish_an_answer(page, at=email)
    send(page)
    return read_receipt(page)


def follow(page: Page, receipt: Receipt) -> None:
    page.goto("/suivi/")
    page.get_by_label("Numéro de votre fiche").fill(receipt.reference)
    page.get_by_label("Clé de suivi").fill(receipt.key)
    press(page, "Voir ma fiche")
    page.wait_for_url(f"**/suivi/{receipt.reference}/")


def the_worker_places_fiches() -> None:
    """What the worker does a moment after a fiche is filed."""
    for fiche in Fiche.objects.order_by("pk"):
        place_fiche(fiche.pk)


def the_worker_sends_letters() -> None:
    for letter in Letter.objects.due().order_by("pk"):
        deliver(letter.pk)
