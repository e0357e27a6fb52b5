"""Projects made of ideas: one of several, several of one; traced, told once, given up freely until they are studied."""

import pytest

from consult.budgets import idea_news
from consult.budgets.actions.projects import dissolve, edit, make, send_to_study
from consult.budgets.actions.suggestions import set_aside
from consult.budgets.choices import ProjectState
from consult.budgets.errors import IdeaBecameProject, IdeaMissing, RegulationFrozen
from consult.budgets.models import Project, ProjectOrigin, Suggestion
from consult.errors import NotAllowedNow
from letters.models import Letter
from tests.budgets import world
from tests.budgets.ideas import content, idea, prepared
from tests.consult.test_votes import together
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def trace() -> set[tuple[int, int]]:
    return set(ProjectOrigin.objects.values_list("suggestion__number", "project__number"))


def test_several_ideas_make_one_project_and_one_idea_makes_several():
    asked, editor = world.budget(), UserFactory()
    for _each in range(3):
        idea(asked)
    merged = make(asked, content(asked), of=[1, 2], by=editor)
    make(asked, content(asked, "Une fontaine dans la cour"), of=[2], by=editor)
    assert trace() == {(1, 1), (2, 1), (2, 2)}
    edit(merged, content(asked, "Une cour fraîche"), of=[1, 3], by=editor)
    assert trace() == {(1, 1), (3, 1), (2, 2)}
    assert Project.objects.get(number=1).title == "Une cour fraîche"


def test_authors_are_told_once_when_the_project_goes_to_study():
    asked, editor, author = world.budget(), UserFactory(), UserFactory(email="lea@example.org")
    made = prepared(asked, idea(asked, by=author), idea(asked), by=editor)
    assert not Letter.objects.filter(kind=idea_news.KIND).exists()
    assert send_to_study(made, by=editor).state == ProjectState.STUDIED
    with pytest.raises(NotAllowedNow):
        send_to_study(made, by=editor)
    letters = Letter.objects.filter(kind=idea_news.KIND)
    assert letters.count() == 2
    told = idea_news.render(next(one for one in letters if one.address == "lea@example.org"))
    assert "n°\u00a01" in told.subject
    assert made.title in told.text
    assert "/projets/1/" in told.text


def test_a_project_given_up_frees_its_ideas_and_keeps_its_number():
    asked, editor = world.budget(), UserFactory()
    one = idea(asked)
    made = prepared(asked, one, by=editor)
    with pytest.raises(IdeaBecameProject):
        set_aside(one, reason="Non.", by=editor)
    gone = dissolve(made, reason="Deux projets disaient la même chose.", by=editor)
    assert (gone.state, trace()) == (ProjectState.WITHDRAWN, set())
    set_aside(one, reason="Hors de la ville.", by=editor)
    assert prepared(asked).number == 2


def test_a_project_comes_of_ideas_that_stand():
    asked, other, editor = world.budget(), world.budget(), UserFactory()
    idea(other)
    set_aside(idea(asked), reason="Hors de la ville.", by=editor)
    hidden = idea(asked)
    hidden.case.state, hidden.case.is_shown = "hidden", False
    hidden.case.save()
    for numbers in ([], [1], [2], [9]):
        with pytest.raises(IdeaMissing):
            make(asked, content(asked), of=numbers, by=editor)
    assert not Project.objects.exists()


def test_nothing_of_it_changes_once_the_regulation_is_frozen():
    asked, editor = world.ballot(50_000), UserFactory()
    for act in (
        lambda: make(asked, content(asked), of=[1], by=editor),
        lambda: edit(Project.objects.get(), content(asked), of=[1], by=editor),
        lambda: dissolve(Project.objects.get(), reason="Non.", by=editor),
    ):
        with pytest.raises(RegulationFrozen):
            act()


@pytest.mark.django_db(transaction=True)
def test_projects_made_at_once_have_numbers_of_their_own():
    asked, editor = world.budget(), UserFactory()
    idea(asked)
    numbers = together(lambda _nth: make(asked, content(asked), of=[1], by=editor).number, list(range(8)))
    assert sorted(numbers) == list(range(1, 9))
    assert Suggestion.objects.get().became.count() == 8
