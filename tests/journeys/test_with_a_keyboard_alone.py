"""What people do of a budget and of a consultation, without a script, without a mouse, on the narrowest screen."""

import pytest
from playwright.sync_api import Page, expect

from consult.actions.propositions import Written, file
from consult.budgets.choices import BallotKind, BudgetPhaseKind
from consult.budgets.models import Ballot, Suggestion
from consult.choices import PhaseKind, Stance
from consult.models import Argument, StatementAnswer, Vote
from consult.people import participant_of
from tests.budgets import world
from tests.consult.map_world import mapped
from tests.consult.world import section_of
from tests.factories import UserFactory
from tests.journeys import ballot_kinds
from tests.journeys.visitors import NARROW, Visitors, overflow, tab_to

TITLE = "Des tilleuls dans la cour de l’école"
WHY = "En juin, la cour dépasse quarante degrés. Les enfants s’y abritent sous le préau."


@pytest.fixture
def page(visitors: Visitors) -> Page:
    return visitors.come(signed_in=UserFactory(name="Maud L."), java_script_enabled=False, **NARROW)


@pytest.mark.parametrize("said", ballot_kinds.EACH, ids=lambda said: said.kind.value)
def test_a_ballot_of_each_kind_is_cast(page: Page, said: ballot_kinds.Said):
    asked = world.ballot(rules=world.ballot_rules(said.kind, **said.rules))
    page.goto(f"/budgets/{asked.page.slug}/bulletin/")
    SAY[said.kind](page, said)
    _press(page, "a[href*='/bulletin/verifier/']")
    _press(page, "main form button")
    expect(page.locator("#recepisse")).to_be_visible()
    assert [one.choices for one in Ballot.objects.all()] == [said.cast]


def _choose(page: Page, said: ballot_kinds.Said) -> None:
    for number, _nothing in said.typed:
        _press(page, f"#choisir-{number}")
        expect(page.locator(f"#choisir-{number}")).to_have_attribute("aria-pressed", "true")


def _share_out(page: Page, said: ballot_kinds.Said) -> None:
    for number, points in said.typed:
        _type(page, f"#points-{number}", points)
    _enter(page)
    expect(page.locator("#panier")).to_contain_text("10 points")


def _rank(page: Page, said: ballot_kinds.Said) -> None:
    """The last is ranked first, then another above it."""
    (first, _one), (second, _two) = said.typed
    for number in (second, first):
        _press(page, f"#choisir-{number}")
        expect(page.locator(f"#rang-{number}")).to_be_visible()
    _press(page, f"#monter-{first}")
    expect(page.locator(".c-ranking li").first).to_have_id(f"projet-{first}")


def _judge(page: Page, said: ballot_kinds.Said) -> None:
    for number, mention in said.typed:
        tab_to(page, f"#mention-{number}-0")
        page.keyboard.press("Space")
        for _rank in range(int(mention)):
            page.keyboard.press("ArrowDown")
        expect(page.locator(f"#mention-{number}-{mention}")).to_be_checked()
    _press(page, "button.btn-secondary[name=keep]")
    for number, mention in said.typed:
        expect(page.locator(f"#mention-{number}-{mention}")).to_be_checked()


SAY = {
    BallotKind.APPROVAL: _choose,
    BallotKind.KNAPSACK: _choose,
    BallotKind.POINTS: _share_out,
    BallotKind.RANKING: _rank,
    BallotKind.JUDGMENT: _judge,
}


def test_an_idea_is_filed(page: Page):
    asked = world.budget(BudgetPhaseKind.IDEAS)
    page.goto(f"/budgets/{asked.page.slug}/")
    _press(page, "main a[href$='/idees/nouvelle/']")
    _type(page, "#id_title", TITLE)
    _type(page, "#id_body", WHY)
    _press(page, "main form#idee button.btn-primary")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert Suggestion.objects.get().author.name == "Maud L."


def test_a_proposition_is_argued_and_voted_and_statements_are_answered(page: Page):
    asked = mapped(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    file(asked, section_of(asked), Written(title=TITLE, body=WHY), by=participant_of(UserFactory()))
    base = f"/consultations/{asked.page.slug}/"
    page.goto(f"{base}propositions/1/")
    _press(page, "#vote button.is-agree")
    expect(page.locator("#vote")).to_contain_text("Vote enregistré : d’accord")
    _press(page, "#arguments a[href*='/arguments/nouveau/']")
    tab_to(page, "input[name=side]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _type(page, "textarea[name=text]", WHY)
    _press(page, "main form:has(textarea) button.btn-primary")
    expect(page.locator("main")).to_contain_text(WHY)
    page.goto(f"{base}carte/")
    for stance in ("agree", "disagree", "pass"):
        _press(page, f"#affirmation button[value={stance}]")
    expect(page.locator("#affirmation")).to_contain_text("3")
    assert [one.opinion for one in Vote.objects.all()] == ["agree"]
    assert Argument.objects.get().side == "against"
    stances = StatementAnswer.objects.order_by("pk").values_list("stance", flat=True)
    assert list(stances) == [Stance.AGREE, Stance.DISAGREE, Stance.PASS]


# --- keys -----------------------------------------------------------------------------------------------------------


def _type(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(words)


def _press(page: Page, selector: str) -> None:
    """Its link or its button, reached by Tab; the next page does not stand out of the screen."""
    tab_to(page, selector)
    _enter(page)


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert overflow(page) == 0, page.url
