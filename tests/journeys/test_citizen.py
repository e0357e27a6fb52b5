"""A citizen says something, keeps a number, and comes back to see what became of it."""

from playwright.sync_api import expect

from feedback.models import Fiche
from tests.factories import UserFactory
from tests.journeys import steps
from tests.journeys.visitors import NARROW, PHONE, Visitors, overflow

TEXT = "Devant le collège, il fait noir le soir depuis trois semaines."
PERSONAL = "Le guichet m’a réclamé mon numéro 2 84 05 13 055 024 47, puis m’a rappelée au 06 99 41 73 28."


def test_a_citizen_on_a_phone_goes_from_the_front_page_to_a_receipt_and_follows_the_fiche(visitors, lighting):
    page = visitors.come(**PHONE)
    steps.say_on_the_front_page(page, TEXT)
    page.locator("#id_service_words").press_sequentially("lampadère")
    steps.choose(page, lighting)
    steps.send(page)
    receipt = steps.read_receipt(page)
    for way_to_reach in (lighting.email, lighting.phone, "1 place de l’Hôtel-de-Ville"):
        expect(page.locator("main")).to_contain_text(way_to_reach)

    later = visitors.come(**PHONE)
    steps.follow(later, receipt)
    expect(later.get_by_text("Reçue", exact=True).first).to_be_visible()
    expect(later.locator("main")).to_contain_text(TEXT)
    assert Fiche.objects.get().service == lighting


def test_without_javascript_on_the_narrowest_screen_the_same_way_works_and_fits(visitors, lighting):
    page = visitors.come(java_script_enabled=False, **NARROW)
    steps.say_on_the_front_page(page, TEXT)
    assert overflow(page) == 0
    page.locator("[name=satisfaction][value='2']").check(force=True)
    page.locator("#id_service_words").fill("lampadaire")
    steps.press(page, "Chercher")
    expect(page.locator("#id_text")).to_have_value(TEXT)
    expect(page.locator("[name=satisfaction][value='2']")).to_be_checked()
    assert overflow(page) == 0
    steps.choose(page, lighting)
    steps.send(page)
    receipt = steps.read_receipt(page)
    assert overflow(page) == 0

    later = visitors.come(java_script_enabled=False, **NARROW)
    steps.follow(later, receipt)
    expect(later.locator("main")).to_contain_text(TEXT)
    assert overflow(later) == 0
    for address in ("/", "/suivi/", "/services/", f"/services/{lighting.slug}/", "/vous-avez-dit/"):
        later.goto(address)
        assert overflow(later) == 0, address
    fiche = Fiche.objects.get()
    assert (fiche.service, fiche.satisfaction) == (lighting, 2)


def test_personal_details_are_told_once_kept_and_masked_for_the_service(visitors, lighting):
    page = visitors.come(**PHONE)
    page.goto(f"/services/{lighting.slug}/fiche/")
    page.locator("#id_text").fill(PERSONAL)
    steps.wish_an_answer(page, at="nadia@demo.example")
    steps.send(page)
    warning = page.get_by_role("alert").filter(has_text="Vous semblez avoir écrit")
    expect(warning).to_contain_text("téléphone")
    expect(warning).to_contain_text("sécurité sociale")
    expect(page.locator("#id_text")).to_have_value(PERSONAL)
    expect(page.locator("[name=contact]")).to_have_value("nadia@demo.example")
    steps.press(page, "Envoyer quand même")
    receipt = steps.read_receipt(page)

    assert Fiche.objects.get().original.text == PERSONAL
    steps.the_worker_places_fiches()
    owner = visitors.come(signed_in=UserFactory(owns=[lighting]))
    for address in ("/pilotage/a-trier/", f"/pilotage/fiches/{receipt.reference}/"):
        owner.goto(address)
        expect(owner.locator("main")).to_contain_text("Le guichet m’a réclamé mon numéro")
        for secret in ("055 024", "06 99 41 73 28", "nadia@demo.example"):
            expect(owner.locator("body")).not_to_contain_text(secret)


def test_the_guard_of_the_journeys_sees_what_leaves_and_what_goes_wrong(visitors: Visitors):
    page = visitors.come()
    page.set_content('<img src="http://elsewhere.example/x.png" alt="">')
    page.wait_for_load_state("networkidle")
    assert visitors.asked_elsewhere == ["http://elsewhere.example/x.png"]
    assert visitors.complaints
    page.goto("/")
    for image in ("data:image/png;base64,AAAA", "data:image/svg+xml,%3csvg xmlns='http://www.w3.org/2000/svg'/%3e"):
        with page.expect_console_message(lambda line: "data:" in line.text):
            page.evaluate('image => { document.body.style.backgroundImage = `url("${image}")` }', image)
        assert image[:18] in visitors.forbidden.pop()
    visitors.asked_elsewhere.clear()
    visitors.complaints.clear()
    visitors.forbidden.clear()
