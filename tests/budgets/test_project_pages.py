"""Projects at the door: made of ideas by the administration, listed, compared, read with the ideas they come of."""

import pytest

from accounts.choices import RoleKind
from consult.budgets.actions.projects import send_to_study
from consult.budgets.choices import BudgetPhaseKind, ProjectState
from consult.budgets.models import Budget, Project, ProjectOrigin, Suggestion
from consult.budgets.places import Place, drawing
from letters.models import Letter
from moderation.choices import CaseState
from moderation.models import Case
from tests.budgets import world
from tests.budgets.ideas import TITLE, idea, prepared
from tests.budgets.test_idea_pages import LIVE
from tests.consult.test_page import words
from tests.consult.test_texts import HOSTILE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = UserFactory(holds=[RoleKind.EDITOR])
    client.force_login(user)
    return user


def address(asked: Budget, end: str = "projets/") -> str:
    return f"/budgets/{asked.page.slug}/{end}"


def said(asked: Budget, **answers: str) -> dict[str, str]:
    values = {"title": "Une cour fraîche", "summary": "Vingt-deux arbres.", "body": "Une description."}
    return {**values, "envelope": str(world.envelope_of(asked).pk), "ideas": "1, 2", **answers}


def test_ideas_ticked_become_a_project_that_is_edited_and_sent_to_study(client, editor):
    asked = world.budget(BudgetPhaseKind.IDEAS)
    idea(asked, place="Cour du Moulin", at=(48, 2))
    idea(asked, "Une cour moins chaude")
    board = words(client.get(address(asked, "idees/regrouper/")))
    assert TITLE in board
    assert "2 pas encore regroupées" in board
    assert TITLE in words(client.get(address(asked, "idees/regrouper/?proches=2")))
    form = client.get(address(asked, "idees/regrouper/projet/?idee=1&idee=2")).content.decode()
    assert 'value="Cour du Moulin"' in form
    assert 'value="1, 2"' in form
    made = client.post(address(asked, "idees/regrouper/projet/"), said(asked))
    assert made.url == address(asked, "projets/1/preparer/")
    client.post(made.url, said(asked, title="Une cour très fraîche", ideas="n° 1"))
    assert Project.objects.get().title == "Une cour très fraîche"
    assert "part à l’étude" in words(client.post(made.url, {"act": "etudier"}, follow=True))
    assert (Project.objects.get().state, Letter.objects.filter(kind="budgets.idea").count()) == (
        ProjectState.STUDIED,
        1,
    )
    page = words(client.get(address(asked, "projets/1/")))
    assert "Une cour très fraîche" in page
    assert TITLE in page
    assert "devenue un projet" in words(client.get(address(asked, "idees/1/")))
    assert client.post(made.url, said(asked)).status_code == 422


def test_what_is_wrong_in_a_project_is_said(client, editor):
    asked = world.budget()
    idea(asked)
    for wrong in ({"ideas": ""}, {"ideas": "9"}, {"title": " \u202e"}, {"summary": ""}, {"envelope": "987"}):
        response = client.post(address(asked, "idees/regrouper/projet/"), said(asked, ideas="1") | wrong)
        assert response.status_code == 422, wrong
    assert not Project.objects.exists()


def test_a_project_is_given_up_and_an_idea_set_aside_and_taken_up_again(client, editor):
    asked = world.budget()
    made = prepared(asked, idea(asked))
    assert "motif" in words(client.post(address(asked, "projets/1/preparer/"), {"act": "abandonner"}, follow=True))
    client.post(address(asked, "projets/1/preparer/"), {"act": "abandonner", "fin-reason": "Doublon."})
    made.refresh_from_db()
    assert made.state == ProjectState.WITHDRAWN
    client.post(address(asked, "idees/1/ecarter/"), {"reason": "Le terrain est à la région."})
    assert "Le terrain est à la région." in words(client.get(address(asked, "idees/1/")))
    client.post(address(asked, "idees/1/ecarter/"), {"act": "reprendre"})
    assert Suggestion.objects.get().state == "published"


def test_projects_are_drawn_at_random_and_the_order_is_kept_all_day(client):
    asked = world.ballot(*range(10_000, 20_000, 1_000))
    first, again = (words(client.get(address(asked))) for _each in range(2))
    titles = [f"Projet {number}<" for number in range(1, 11)]
    drawn = sorted(titles, key=first.index)
    assert drawn == sorted(titles, key=again.index)
    assert drawn != titles
    cheap = words(client.get(address(asked) + "?ordre=moins-chers"))
    assert sorted(titles, key=cheap.index) == titles
    assert "Projet 3" in words(client.get(address(asked) + "?etat=retained&theme=x&enveloppe=abc&page=0"))


def test_two_or_three_projects_are_read_side_by_side(client):
    asked = world.ballot(112_000, 86_000, 148_000, 38_000)
    page = words(client.get(address(asked, "projets/comparer/?projet=3&projet=1&projet=1&projet=x")))
    assert "148 000 €" in page
    assert "112 000 €" in page
    assert "260 000 €" in page
    assert page.index("Projet 3<") < page.index("Projet 1<")
    assert "Trois projets au plus" in words(
        client.get(address(asked, "projets/comparer/?projet=1&projet=2&projet=3&projet=4"))
    )
    assert "Cochez deux" in words(client.get(address(asked, "projets/comparer/?projet=99")))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_typed_runs(client, editor, hostile):
    asked = world.budget()
    idea(asked)
    answers = said(asked, title=hostile[:120], summary=hostile[:200], body=hostile, place=hostile[:160], ideas="1")
    client.post(address(asked, "idees/regrouper/projet/"), answers)
    for end in ("projets/", "projets/1/", "projets/comparer/?projet=1&projet=2", "idees/regrouper/"):
        page = client.get(address(asked, end)).content.decode()
        assert not [tag for tag in LIVE if tag in page]


def test_a_plan_keeps_distances_and_joins_what_cannot_be_told_apart():
    def place(number: int, latitude: float, longitude: float) -> Place:
        return Place(number, f"Lieu {number}", f"/{number}/", latitude, longitude)

    assert drawing([place(1, 48, 2)]) is None
    square = drawing([place(1, 60, 2), place(2, 60, 2.02), place(3, 60.01, 2)])
    one, two, three = ({spot.mark: spot for spot in square.spots}[mark] for mark in "123")
    # At 60° a degree of longitude is half a degree of latitude: the two sides are equal (one unit of rounding).
    assert abs((two.x - one.x) - (one.y - three.y)) <= 1
    assert two.y == one.y
    assert one.url == "/1/"
    assert all(0 < spot.x < 480 and 0 < spot.y < 360 for spot in square.spots)
    crowd = drawing([place(1, 48, 2), place(2, 48.00001, 2), place(3, 48.1, 2.1)])
    assert [spot.mark for spot in crowd.spots] == ["×2", "3"]
    assert crowd.spots[0].url == "#n1"


@pytest.mark.parametrize("many", [3, 60])
def test_lists_and_pages_ask_as_many_questions_whatever_their_length(
    client, editor, django_assert_max_num_queries, many
):
    asked = world.budget()
    ideas = [idea(asked, at=(48, 2)) for _each in range(many)]
    made = next(prepared(asked, *ideas) for _each in range(many))
    for end, most in (
        ("projets/", 20),
        ("projets/comparer/?projet=1&projet=2", 14),
        ("projets/1/", 28),
        ("idees/regrouper/", 24),
        ("idees/regrouper/projet/?idee=" + "&idee=".join(str(one.number) for one in ideas), 14),
        ("projets/1/preparer/", 16),
    ):
        client.get(address(asked, end))
        with django_assert_max_num_queries(most):
            assert client.get(address(asked, end)).status_code == 200
    send_to_study(made, by=editor)


def test_programs_read_projects_page_by_page_with_the_ideas_everybody_reads(client):
    asked = world.budget(BudgetPhaseKind.IDEAS)
    project, _other = world.project(asked, cost=50_000), world.project(asked, cost=70_000)
    shown, hidden = idea(asked, "Une cour fraîche"), idea(asked, "Une cour cachée")
    Case.objects.filter(pk=hidden.case_id).update(state=CaseState.HIDDEN, is_shown=False)
    for one in (shown, hidden):
        ProjectOrigin.objects.create(project=project, suggestion=one)
    url = f"/api/v1/budgets/{asked.page.slug}/projects"
    first = client.get(f"{url}?limit=1").json()
    assert [(one["number"], one["cost"], one["ideas"]) for one in first["items"]] == [(1, 50_000_00, [shown.number])]
    second = client.get(f"{url}?cursor={first['next']}").json()
    assert [one["number"] for one in second["items"]] == [2]
    assert second["next"] is None
    asked.page.unpublish()
    assert client.get(url).status_code == 404
