"""A participatory budget, from the desk of its editor to the opening day, in the browsers of those who make it."""

import json
import re
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import Page, expect

from accounts import actions as accounts
from accounts.choices import RoleKind
from accounts.models import User
from consult.budgets import clock, receipts, rolls, tasks
from consult.budgets.actions import registering, studying
from consult.budgets.actions.projects import make, send_to_study
from consult.budgets.actions.registering import Declared
from consult.budgets.choices import BudgetPhaseKind, ProjectState
from consult.budgets.models import Ballot, Budget, BudgetPage, Count, Project, ProjectNews
from tests.budgets import paper, studied, world
from tests.budgets import voting as votes
from tests.budgets.ideas import content, idea
from tests.factories import AdministrationFactory, UserFactory
from tests.journeys import desk, polling_desk, residents, steps, town_hall
from tests.journeys.visitors import NARROW, PHONE, TABLET, Visitors, overflow

TITLE, SLUG = "Budget participatif 2027", "budget-2027"
BASE = f"/budgets/{SLUG}/"
TREES, LIME = "Des tilleuls dans la cour de l’école", "Planter des tilleuls dans la cour"
SHADE = "En juin, la cour dépasse quarante degrés. Les enfants s’y abritent sous le préau."
FOUND = "Le sol le permet, et le service des espaces verts l’entretiendra."
NOT_OURS = "La gare appartient à une autre administration."
SIGNATORY = "Rose Daumier, première adjointe"
NEWS = "Les tilleuls sont plantés"


@pytest.fixture
def editor() -> User:
    AdministrationFactory(name="Ville de Valbourg")
    user = UserFactory(name="Rédaction")
    accounts.grant(user, RoleKind.EDITOR, by=None)
    return user


@pytest.fixture
def head() -> User:
    """Who publishes."""
    user = UserFactory(name="Rose Daumier")
    accounts.grant(user, RoleKind.ADMINISTRATOR, by=None)
    return user


def test_from_setting_up_to_the_opening_day(visitors: Visitors, editor: User, head: User, settings, tmp_path):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0  # drafts are kept when the editor says so: no wall time in a journey
    maud, nadia, karim = (UserFactory(name=name) for name in ("Maud L.", "Nadia B.", "Karim S."))
    EmailAddress.objects.create(user=nadia, email=nadia.email, verified=True, primary=True)
    office = visitors.come(signed_in=editor)
    asked = _is_set_up(office, visitors.come(signed_in=head))

    phone = visitors.come(signed_in=maud, **PHONE)
    _an_idea_is_filed_and_supported(phone, visitors.come(**PHONE), nadia)
    _ideas_become_projects(office, asked, editor)
    _projects_are_studied(office, visitors, asked)
    frozen = _the_regulation_is_frozen(office, asked)

    code = _votes_and_changes(phone)
    _votes_without_scripts(visitors.come(signed_in=karim, java_script_enabled=False, **NARROW))
    _others_vote(asked)
    desks = [visitors.come(signed_in=paper.clerk(name)) for name in ("Sonia Petit", "Yann Roy", "Léa Caron")]
    _votes_at_a_counter(desks[0], visitors.come(signed_in=paper.clerk("Borne"), **TABLET))
    _is_told_that_paper_counts(visitors.come(signed_in=nadia, **PHONE))
    with visitors.refused():
        _nothing_shows_before_the_end(visitors.come(**PHONE), office, asked)
    town_hall.the_clock_reaches(asked, BudgetPhaseKind.COUNT)
    clock.close_ballots()
    _paper_is_keyed_twice_and_settled(*desks)
    _is_counted_and_signed(office)

    _reads_the_result(phone, code)
    _counts_again(visitors.come(), asked, frozen, code, tmp_path)
    _is_built_and_told(office, phone, maud, asked)


def _is_set_up(page: Page, head: Page) -> Budget:
    """Written by an editor, made public by an administrator."""
    page.goto(f"/admin/pages/add/budgets/budgetpage/{world.index().pk}/")
    town_hall.write_a_budget(page, title=TITLE, slug=SLUG, euros="200 000")
    desk.keep(page)
    town_hall.regulate(page)
    head.goto(f"/admin/pages/{BudgetPage.objects.get().pk}/edit/")
    desk.publish(head)
    assert BudgetPage.objects.get().live
    return Budget.objects.get()


def _an_idea_is_filed_and_supported(phone: Page, other: Page, nadia: User) -> None:
    phone.goto("/budgets/")
    phone.get_by_role("link", name=TITLE).click()
    residents.suggest(phone, LIME, SHADE)
    shown = phone.locator("main")
    for said in ("École des Tilleuls", "60 000\u00a0€", "48.85341"):
        expect(shown).to_contain_text(said)
    expect(phone.get_by_role("img", name="La cour, sans un arbre")).to_be_visible()
    other.goto(f"{BASE}idees/1/")
    steps.press(other, "Soutenir cette idée")
    residents.sign_in(other, nadia)
    expect(other.locator("#soutien")).to_contain_text("Vous aviez appuyé avant de vous connecter")
    steps.press(other, "Soutenir cette idée")
    expect(other.locator("#soutien")).to_contain_text("1 soutien")
    assert overflow(other) == 0


def _ideas_become_projects(page: Page, asked: Budget, by: User) -> None:
    for title in ("Des arbres à l’école", "Des arceaux à vélos", "Une aire de jeux", "Repeindre la gare"):
        idea(asked, title)
    town_hall.the_clock_reaches(asked, BudgetPhaseKind.MERGE)
    page.goto(f"{BASE}idees/regrouper/")
    town_hall.group(page, 1, 2, title=TREES, summary="Vingt-deux tilleuls et un sol qui boit la pluie.")
    page.goto(f"{BASE}idees/regrouper/")
    town_hall.set_aside(page, 5, NOT_OURS)
    for number, title in ((3, "Cent arceaux à vélos"), (4, "Une aire de jeux au quai")):
        send_to_study(make(asked, content(asked, title), of=[number], by=by), by=by)
    assert Project.objects.get(number=1).origins.count() == 2


def _projects_are_studied(page: Page, visitors: Visitors, asked: Budget) -> None:
    town_hall.the_clock_reaches(asked, BudgetPhaseKind.STUDY)
    lucas, ines = studied.evaluator(name="Lucas Morel"), studied.evaluator(name="Inès Diallo")
    page.goto(f"/etudes/{SLUG}/")
    town_hall.entrust(page, TREES, evaluator=lucas, second=ines)
    office = visitors.come(signed_in=lucas)
    with visitors.refused():
        town_hall.mistype(office, TREES, "60")
    town_hall.study(office, TREES, cost="60 000", reason=FOUND)
    town_hall.sign_study(visitors.come(signed_in=ines), TREES)
    for number, cost in ((2, 40_000), (3, 120_000)):
        held = studying.assign(Project.objects.get(number=number), by=lucas, evaluator=lucas, second=ines)
        studied.signed(studied.concluded(held, cost), ines)
    assert FOUND not in page.request.get(f"{BASE}projets/1/").text(), "nothing is told before it is published"
    page.goto(f"/etudes/{SLUG}/publier/")
    steps.press(page, "Publier et prévenir")
    assert {one.state for one in Project.objects.all()} == {ProjectState.RETAINED}


def _the_regulation_is_frozen(page: Page, asked: Budget) -> str:
    """By the clock, at the opening hour: what was promised is then read by everybody."""
    town_hall.the_clock_reaches(asked, BudgetPhaseKind.BALLOT)
    clock.freeze_regulations()
    page.goto(f"/admin/budgets/{asked.pk}/figer/")
    shown = page.locator(".b-hash").inner_text()
    page.goto(f"{BASE}regles/")
    expect(page.locator("main")).to_contain_text(shown)
    return shown


def _votes_and_changes(phone: Page) -> str:
    residents.open_the_ballot(phone, SLUG)
    residents.declare(phone, "Lenoir", "Maud", "14/07/1989")
    residents.choose(phone, 1, 3)
    phone.goto(BASE)
    residents.open_the_ballot(phone, SLUG)
    expect(phone.locator("#panier")).to_contain_text("Bulletin non déposé")
    assert not Ballot.objects.exists(), "what is chosen is kept, and does not count"
    former = residents.cast(phone)
    residents.open_the_ballot(phone, SLUG)
    assert former not in phone.content()
    steps.press(phone, "Changer mon bulletin")
    residents.drop(phone, 3)
    residents.choose(phone, 2)
    code = residents.cast(phone)
    assert code != former
    assert [one.choices for one in Ballot.objects.all()] == [[[1, 1], [2, 1]]]
    return code


def _votes_without_scripts(page: Page) -> None:
    residents.open_the_ballot(page, SLUG)
    residents.declare(page, "Saïdi", "Karim", "02/03/1975")
    residents.choose(page, 1)
    residents.cast(page)


def _others_vote(asked: Budget) -> None:
    for rank, numbers in enumerate(((1,), (1, 2), (2,), (3,))):
        person = votes.person()
        civil = rolls.Civil(f"Martin{rank}", "Alix", date(1980, 1, 1))
        registering.register(asked, Declared(date(1980, 1, 1), lives_here=True, civil=civil), by=person)
        votes.cast(asked, person, *numbers)


def _votes_at_a_counter(desk: Page, device: Page) -> None:
    """On paper, and on a tablet that belongs to nobody; who voted online is known there."""
    polling_desk.come(desk, TITLE, "Émarger les votes papier")
    polling_desk.look(desk, "SAIDI", "karim", "02/03/1975")
    expect(desk.get_by_role("status").first).to_contain_text("A déjà voté")
    for family, given in (("Belmont", "Nadia"), ("Le Goff", "Ana"), ("Faure", "Jean")):
        desk.goto(f"/guichet/budgets/{SLUG}/emargement/")
        polling_desk.mark(desk, family, given, "05/05/1990")
    polling_desk.come(device, TITLE, "Bornes de vote")
    polling_desk.make_a_tablet(device, place="Médiathèque")
    polling_desk.come(desk, TITLE, "Un code pour la borne")
    code = polling_desk.give_a_code(desk, "Petit", "Odile", "08/08/1948")
    polling_desk.vote_on_the_tablet(device, code, 3)


def _is_told_that_paper_counts(phone: Page) -> None:
    residents.open_the_ballot(phone, SLUG)
    residents.declare(phone, "Belmont", "Nadia", "05/05/1990")
    expect(phone.locator("main")).to_contain_text("Vous avez déjà voté, sur papier")
    expect(phone.get_by_role("button", name="Choisir")).to_have_count(0)


def _nothing_shows_before_the_end(visitor: Page, office: Page, asked: Budget) -> None:
    """Neither how many voted nor for what, to anybody; who runs the budget has no more."""
    for page in (visitor, office):
        page.goto(f"{BASE}resultats/")
        expect(page.locator("main")).to_contain_text("pas encore de résultat")
        for path in ("", "projets/", "projets/1/", "regles/", "resultats/"):
            told = page.request.get(f"{BASE}{path}").text().replace("\u00a0", " ")
            assert not re.search(r"\b\d+ (bulletins?|votants?|voix)\b", told), path
        assert page.request.get(f"{BASE}depouillement/").status == 404
        assert page.request.get(f"/api/v1/budgets/{SLUG}/outcome").status == 404
    assert "connexion" in visitor.request.get(f"{BASE}compter/").url
    office.goto(f"{BASE}compter/")
    expect(office.locator("main")).to_contain_text("Rien n’est dépouillé avant cette heure")
    expect(office.get_by_role("button", name="Dépouiller les bulletins")).to_have_count(0)
    assert not Count.objects.exists()


def _paper_is_keyed_twice_and_settled(first: Page, second: Page, third: Page) -> None:
    polling_desk.come(first, TITLE, "Bulletins papier")
    polling_desk.open_a_batch(first, place="Mairie, guichet 2", sheets=3)
    polling_desk.key(first, "1 2", "3", "1")
    for page in (second, third):
        polling_desk.come(page, TITLE, "Bulletins papier")
        page.get_by_role("link", name="N° 1").click()
        if page is second:
            polling_desk.key(page, "1 2", "3", "2")
    polling_desk.settle(third, reading="first")
    polling_desk.close_the_batch(third)


def _is_counted_and_signed(page: Page) -> None:
    town_hall.ask_for_the_count(page, SLUG)
    for count in Count.objects.of_ballots():
        tasks.count_ballots(count.pk)
    town_hall.sign_the_count(page, SLUG, signatory=SIGNATORY)
    won = Project.objects.filter(state=ProjectState.FUNDED).order_by("number")
    assert [one.number for one in won] == [1, 2]


def _reads_the_result(phone: Page, code: str) -> None:
    phone.goto(BASE)
    phone.get_by_role("link", name="Lire les résultats").click()
    expect(phone.locator("main")).to_contain_text(TREES)
    assert overflow(phone) == 0
    phone.goto(f"{BASE}resultats/participation/")
    expect(phone.locator("main")).to_contain_text("10 personnes ont voté")
    residents.look_for(phone, SLUG, code)
    expect(phone.locator("main")).to_contain_text("Votre bulletin est dans l’urne")
    expect(phone.locator("main")).to_contain_text(TREES)


def _counts_again(page: Page, asked: Budget, frozen: str, code: str, folder: Path) -> None:
    """A scrutineer without an account, with a browser and Python alone."""
    page.goto(f"{BASE}resultats/")
    page.get_by_role("link", name="Vérifier le dépouillement").click()
    told = page.locator("main").inner_text()
    assert frozen in told
    for link in page.locator(".c-files a, .c-marge__body p a[href$='.py']").all():
        with page.expect_download() as wait:
            link.click()
        wait.value.save_as(folder / wait.value.suggested_filename)
    outcome = json.loads((folder / "resultat.json").read_text())
    for hashed in (sha256((folder / "bulletins.pb").read_bytes()).hexdigest(), outcome["hash"]):
        assert hashed in told
    command = page.locator(".c-command").inner_text().split()
    assert _typed(folder, command) == (0, "Retenus : 1, 2 Identique au résultat publié.")
    receipt = receipts.hashed(receipts.read(code), [[1, 1], [2, 1]])
    assert receipt in (folder / "recepisses.txt").read_text().split()


def _typed(folder: Path, command: list[str]) -> tuple[int, str]:
    """What Python alone says, in the folder of what was downloaded."""
    done = subprocess.run([sys.executable, "-I", *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())


def _is_built_and_told(office: Page, phone: Page, maud: User, asked: Budget) -> None:
    town_hall.the_clock_reaches(asked, BudgetPhaseKind.REALISATION)
    phone.goto(f"{BASE}projets/1/")
    steps.press(phone, "Suivre ce projet")
    office.goto(f"/etudes/{SLUG}/")
    office.get_by_role("link", name=TREES).click()
    town_hall.build(office, step="Plantation", paid="18 000", news=NEWS)
    tasks.tell_project_news(ProjectNews.objects.get().pk)
    steps.the_worker_sends_letters()
    (letter,) = [one for one in mail.outbox if maud.email in one.to and NEWS in one.body]
    assert "projets/1/" in letter.body
    phone.goto(f"{BASE}projets/1/")
    story = phone.locator("#histoire")
    for said in (LIME, "Des arbres à l’école", FOUND, "Plantation", NEWS):
        expect(story).to_contain_text(said)
    expect(phone.locator("#depenses")).to_contain_text("18 000\u00a0€")
    expect(phone.get_by_role("img", name="La cour et ses tilleuls")).to_be_visible()
    assert overflow(phone) == 0
