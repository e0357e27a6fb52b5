"""The list of budgets and the page of each, through the door."""

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.choices import RoleKind
from tests.budgets import world
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("many", [1, 4])
def test_the_list_asks_the_same_queries_whatever_its_length(client, django_assert_max_num_queries, many):
    for _each in range(many):
        world.budget()
    client.get("/budgets/")
    with django_assert_max_num_queries(12):
        assert client.get("/budgets/").content.decode().count("Le budget des quartiers, 2026") >= many


def test_a_budget_asks_the_same_queries_whatever_its_projects(client, django_assert_max_num_queries):
    asked = world.ballot(*[10_000] * 30)
    client.get(asked.page.get_absolute_url())
    with django_assert_max_num_queries(14):
        client.get(asked.page.get_absolute_url())


@pytest.mark.parametrize("many", [2, 30])
@pytest.mark.parametrize(
    ("route", "most"), [("budgets:rules", 16), ("api:budget", 12), ("api:budgets", 8), ("api:projects", 10)]
)
def test_the_rules_and_programs_ask_the_same_queries_too(client, django_assert_max_num_queries, route, most, many):
    asked = world.ballot(*[10_000] * many)
    for _other in range(many // 10):
        world.budget()
    url = reverse(route, args=[] if route == "api:budgets" else [asked.page.slug])
    client.get(url)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("many", [2, 30])
@pytest.mark.parametrize(("route", "most"), [("budgets_freezing", 45), ("budgets_dry_run", 45)])
def test_what_an_editor_makes_ready_asks_the_same_queries(client, django_assert_max_num_queries, route, most, many):
    asked = world.ballot(*[10_000] * many, frozen=False)
    editor = UserFactory()
    accounts.grant(editor, RoleKind.EDITOR, by=None)
    client.force_login(editor)
    url = reverse(route, args=[asked.pk])
    client.get(url)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200
