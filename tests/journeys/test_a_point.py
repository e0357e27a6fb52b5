"""Where an idea would be: pressed on the plan, or taken from the list of places that others have named."""

from consult.budgets.models import Suggestion
from tests.budgets import world
from tests.budgets.ideas import idea
from tests.factories import UserFactory
from tests.journeys import steps
from tests.journeys.visitors import PHONE, Visitors, overflow

STADIUM, SCHOOL = ("Stade", "48.85000", "2.34000"), ("École du Moulin", "48.86000", "2.35000")


def test_a_point_is_chosen_on_the_plan_or_in_its_list(visitors: Visitors):
    asked = world.budget()
    for place, latitude, longitude in (STADIUM, SCHOOL):
        filed = idea(asked)
        Suggestion.objects.filter(pk=filed.pk).update(place=place, latitude=latitude, longitude=longitude)
    page = visitors.come(signed_in=UserFactory(), **PHONE)
    page.goto(f"/budgets/{asked.page.slug}/idees/nouvelle/")
    page.locator("summary", has_text="La placer sur le plan").click()
    plan = page.locator("[data-plan] svg")
    box = plan.bounding_box()
    plan.click(position={"x": box["width"] / 2, "y": box["height"] / 2})  # half way between the two
    point = [page.locator(f"#id_{name}").input_value() for name in ("latitude", "longitude")]
    assert [round(float(one), 3) for one in point] == [48.855, 2.345]
    page.get_by_role("button", name="École du Moulin").focus()
    page.keyboard.press("Enter")
    assert overflow(page) == 0
    page.locator("#id_title").fill("Un banc")
    page.locator("#id_body").fill("Pour s’asseoir.")
    steps.press(page, "Déposer mon idée")
    kept = Suggestion.objects.get(title="Un banc")
    assert (kept.place, str(kept.latitude), str(kept.longitude)) == SCHOOL
