"""The town, and how each of its people comes in."""

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

from tests.trust.routes import Addresses
from tests.trust.world import Town


@pytest.fixture
def town(db) -> Town:
    return Town()


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
