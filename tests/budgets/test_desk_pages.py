"""The polling desk: who comes in, and what a clerk reads there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budgets import world
from tests.factories import OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    user = UserFactory(keeps=[OfficeFactory()])
    client.force_login(user)
    return user


def home(asked, end=""):
    return f"/guichet/budgets/{asked.page.slug}/{end}"


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_desk_opens_to_clerks_once_the_regulation_is_frozen(client, clerk):
    asked, drafted = world.ballot(), world.ballot(frozen=False)
    page = read(client, "/guichet/")
    assert home(asked) in page
    assert home(drafted) not in page
    assert read(client, home(asked))
    assert client.get(home(drafted)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(home(asked)).status_code == 404


def test_ten_desks_ask_the_base_as_much_as_one(client, clerk):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            read(client, "/guichet/")
        return len(seen)

    world.ballot()
    asked()
    one = asked()
    for _more in range(4):
        world.ballot()
    assert asked() == one
