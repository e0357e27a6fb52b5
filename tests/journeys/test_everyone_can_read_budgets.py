"""Each kind of page of a budget, on a phone and on a desk, in light and in dark: axe finds nothing to say."""

from datetime import date

import pytest
from playwright.sync_api import Page

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.budgets.actions import batches, drafting, realising
from consult.budgets.actions.freezing import freeze
from consult.budgets.choices import BallotKind, BudgetPhaseKind, ProjectState
from consult.budgets.models import Budget, Condition, Project
from consult.people import participant_of
from tests.budgets import box, paper, studied, world
from tests.budgets.ideas import idea
from tests.factories import UserFactory
from tests.journeys import ballot_kinds, polling_desk, reading, residents, steps
from tests.journeys.visitors import PHONE, Visitors


def at(asked: Budget, *paths: str, root: str = "/budgets/") -> list[str]:
    return [f"{root}{asked.page.slug}/{path}" for path in paths]


def test_on_the_pages_of_everyone(visitors: Visitors):
    asked = world.budget(BudgetPhaseKind.IDEAS)
    for title in ("Des tilleuls dans la cour", "Un banc devant l’école"):
        idea(asked, title)
    built = _built()
    page = visitors.come(signed_in=UserFactory(), **PHONE)
    found = reading.faults(
        page,
        [
            "/budgets/",
            *at(asked, "", "idees/", "idees/1/", "idees/nouvelle/", "projets/", "regles/", "corbeille/"),
            *at(built, "", "projets/1/", "projets/2/", "recepisse/", "resultats/", "resultats/tours/"),
            *at(built, "resultats/participation/", "resultats/autre-regle/", "depouillement/"),
        ],
    )
    assert found == []


def _built() -> Budget:
    """Counted and signed; one project is being built, with a story."""
    asked = box.filled(kiosk=["1", "2"], paper=["3"])
    box.signed(asked)
    project = Project.objects.filter(budget=asked, state=ProjectState.FUNDED).earliest("number")
    by = studied.editor()
    realising.begin(project, by=by)
    realising.add_milestone(project, title="Plantation", done_on=date(2026, 9, 1), by=by)
    realising.add_milestone(project, title="Bancs", planned_on=date(2027, 1, 2), by=by)
    realising.spend(project, on=date(2026, 9, 2), label="Arbres", amount=40_000_00, by=by)
    return asked


@pytest.mark.parametrize("said", ballot_kinds.EACH, ids=lambda said: said.kind.value)
def test_on_a_ballot_of_each_kind(visitors: Visitors, said: ballot_kinds.Said):
    asked = world.ballot(rules=world.ballot_rules(said.kind, **said.rules))
    voter = UserFactory()
    drafting.keep_draft(asked, world.envelope_of(asked), said.typed, by=participant_of(voter))
    page = visitors.come(signed_in=voter, **PHONE)
    found = reading.faults(page, at(asked, "bulletin/", "bulletin/verifier/"))
    if said.kind == BallotKind.KNAPSACK:  # what follows is the same for all
        found += reading.faults(page, at(asked, "projets/", "projets/1/", "projets/comparer/", "regles/"))
        page.goto(*at(asked, "bulletin/"))
        residents.cast(page)
        found += reading.seen(page)
        found += reading.faults(page, at(asked, "bulletin/", "bulletin/retirer/", "bulletin/secret/"))
        stranger = visitors.come(**PHONE)
        found += reading.faults(stranger, at(asked, "bulletin/", "recepisse/"))
    assert found == []


def test_on_the_desk_the_tablet_and_paper(visitors: Visitors):
    asked = paper.ballot(frozen=False)
    Condition.objects.create(page=asked.page, kind="residence", words="habiter Valbourg")
    freeze(asked)
    clerks = paper.clerk("Sonia Petit"), paper.clerk("Yann Roy")
    open_one, differing = paper.batch(asked, 3), paper.batch(asked, 2)
    for clerk, lines in zip(clerks, (["1 2", "3"], ["1 2", "4"]), strict=True):
        paper.keyed(differing, lines, by=clerk)
    given_up = paper.batch(asked, 5)
    batches.give_up(given_up, reason="La pile était celle d’un autre bureau.", by=clerks[0])
    page = visitors.come(signed_in=paper.clerk("Léa Caron"), **PHONE)
    root = "/guichet/budgets/"
    lots = [f"lots/{open_one.number}/", f"lots/{open_one.number}/saisir/", f"lots/{differing.number}/ecarts/"]
    paths = (
        "",
        "emargement/",
        "bulletin-papier/",
        "lots/",
        *lots,
        f"lots/{given_up.number}/",
        "bornes/",
        "bornes/code/",
    )
    found = reading.faults(page, ["/guichet/", *at(asked, *paths, root=root)])
    page.goto(*at(asked, "lots/", root=root))
    page.set_viewport_size(PHONE["viewport"])
    assert page.locator(".c-scroll").evaluate("box => box.scrollWidth - box.clientWidth") == 0, "batches are read whole"
    page.goto(*at(asked, "emargement/", root=root))
    polling_desk.look(page, "Belmont", "Nadia", "05/05/1990")
    found += reading.seen(page)
    page.goto(*at(asked, "bornes/code/", root=root))
    code = polling_desk.give_a_code(page, "Petit", "Odile", "08/08/1948")
    found += reading.seen(page)
    assert found + _on_the_tablet(visitors.come(signed_in=paper.clerk("Borne"), **PHONE), asked, code) == []


def _on_the_tablet(page: Page, asked: Budget, code: str) -> list:
    page.goto(*at(asked, "bornes/", root="/guichet/budgets/"))
    polling_desk.make_a_tablet(page, place="Médiathèque")
    found = reading.seen(page)
    page.locator("#id_code").fill(code)
    steps.press(page, "Ouvrir mon bulletin")
    residents.choose(page, 1)
    found += reading.faults(page, at(asked, "borne/bulletin/", "borne/projets/1/", "borne/verifier/"))
    steps.press(page, "Déposer mon bulletin")
    found += reading.seen(page)
    steps.press(page, "J’ai terminé")
    return found + reading.seen(page)


def test_on_the_pages_of_the_town_hall(visitors: Visitors):
    merged = world.budget(BudgetPhaseKind.MERGE)
    under_study = world.budget(BudgetPhaseKind.STUDY, signatures=2)
    study = studied.being_studied(asked=under_study, title="Des tilleuls", second=studied.evaluator())
    studied.signed(studied.concluded(studied.being_studied(asked=under_study, title="Un banc")))
    world.project(under_study, state=ProjectState.STUDIED, title="À confier")
    listed = world.ballot(rules=world.ballot_rules(identity="civil"), frozen=False)
    Condition.objects.create(page=listed.page, kind="roll", words="être inscrit sur la liste du budget")
    freeze(listed)
    built = _built()
    box.counted(closed := box.filled())
    editor = UserFactory()
    accounts.grant(editor, RoleKind.EDITOR, by=None)
    page = visitors.come(signed_in=editor, **PHONE)
    of_study = f"projets/{study.project.number}/"
    addresses = [
        *at(merged, "idees/regrouper/"),
        *("/etudes/", *at(under_study, "", of_study, f"{of_study}retrait/", "publier/", root="/etudes/")),
        *at(built, "projets/1/travaux/", root="/etudes/"),
        *at(closed, "compter/", "compter/1/"),
        f"/admin/budgets/{listed.pk}/liste/",
    ]
    assert reading.faults(page, addresses) == []
