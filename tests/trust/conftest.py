"""The town, and how each of its people comes in."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

from tests.standing import standing
from tests.trust.routes import Addresses
from tests.trust.world import Town


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker) -> Iterator[Town]:
    """Two seconds of work, done once a file."""
    with standing(Town, blocker=django_db_blocker) as built:
        yield built


@pytest.fixture
def town(_built, db) -> Town:
    """A copy for each test: what one changes, in the database or in memory, the next does not see."""
    return deepcopy(_built)


@pytest.fixture
def addresses(town) -> Addresses:
    return Addresses(town)


@pytest.fixture
def enter(town):
    """A browser in the hands of somebody of this role, who has just typed the password."""

    def come_in(role: str, **options) -> Client:
        client = Client(raise_request_exception=False, **options)
        if role != "visitor":
            client.force_login(town.people[role])
            request = RequestFactory().get("/")
            request.session, request.user = client.session, town.people[role]
            record_authentication(request, request.user, method="password", reauthenticated=True)
            request.session.save()
        return client

    return come_in
