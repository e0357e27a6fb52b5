"""The list of budgets and the page of each, through the door."""

import pytest

from tests.budgets import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("many", [1, 4])
def test_the_list_asks_the_same_queries_whatever_its_length(client, django_assert_max_num_queries, many):
    for _each in range(many):
        world.budget()
    client.get("/budgets/")
    with django_assert_max_num_queries(12):
        assert client.get("/budgets/").content.decode().count("Budget participatif 2026") >= many


def test_a_budget_asks_the_same_queries_whatever_its_projects(client, django_assert_max_num_queries):
    asked = world.ballot(*[10_000] * 30)
    client.get(asked.page.get_absolute_url())
    with django_assert_max_num_queries(14):
        client.get(asked.page.get_absolute_url())
