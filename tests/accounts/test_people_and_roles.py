"""Opening accounts and giving roles: each act once, journalled, and nothing half given."""

import pytest
from django.core.management import call_command

from accounts import actions, policies
from accounts.choices import RoleKind
from accounts.errors import AddressTaken, WrongPlace
from accounts.models import Role, User
from journal.models import Entry
from tests.factories import OfficeFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


def lines(verb):
    return Entry.objects.filter(verb=verb)


def test_a_person_is_created_with_a_confirmed_address_and_may_sign_in(client):
    actions.create_person(email="Nadia@Demo.Example ", name="Nadia", password="cahier-demo", by=None)
    assert client.login(email="nadia@demo.example", password="cahier-demo")
    assert lines("account.created").count() == 1


def test_two_accounts_never_share_an_address_whatever_its_capitals():
    actions.create_person(email="nadia@demo.example", name="Nadia", by=None)
    with pytest.raises(AddressTaken):
        actions.create_person(email="NADIA@demo.example", name="Une autre", by=None)
    assert User.objects.count() == 1


def test_an_owner_is_granted_a_service_once_and_journalled_once():
    owner, service, admin = UserFactory(), ServiceFactory(), UserFactory()
    first = actions.grant(owner, RoleKind.SERVICE_OWNER, service=service, by=admin)
    assert actions.grant(owner, RoleKind.SERVICE_OWNER, service=service, by=admin) == first
    assert list(policies.services_owned_by(owner)) == [service]
    line = lines("role.granted").get()
    assert (line.actor_name, line.details["service"]) == (admin.name, service.pk)


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        (RoleKind.SERVICE_OWNER, []),
        (RoleKind.CLERK, ["service"]),
        (RoleKind.AGENT, ["service"]),
        (RoleKind.SERVICE_OWNER, ["service", "office"]),
    ],
)
def test_a_role_without_its_place_or_with_another_is_refused(kind, places):
    given = {"service": ServiceFactory(), "office": OfficeFactory()}
    with pytest.raises(WrongPlace):
        actions.grant(UserFactory(), kind, by=None, **{name: given[name] for name in places})
    assert not Role.objects.exists()


def test_a_withdrawn_role_no_longer_opens_anything():
    owner, service = UserFactory(), ServiceFactory()
    role = actions.grant(owner, RoleKind.SERVICE_OWNER, service=service, by=None)
    actions.revoke(role, by=UserFactory())
    assert not policies.services_owned_by(owner).exists()
    assert lines("role.revoked").count() == 1


@pytest.mark.parametrize("kind", [RoleKind.EDITOR, RoleKind.ADMINISTRATOR])
def test_editors_and_administrators_open_wagtail_until_the_role_is_withdrawn(client, kind):
    person = UserFactory()
    client.force_login(person)
    assert client.get("/admin/").status_code == 404
    role = actions.grant(person, kind, by=None)
    assert client.get("/admin/").status_code == 200
    actions.revoke(role, by=None)
    assert client.get("/admin/").status_code == 404


def test_no_role_gives_the_right_to_change_accounts_groups_or_passwords():
    person = UserFactory()
    for kind in (RoleKind.EDITOR, RoleKind.ADMINISTRATOR):
        actions.grant(person, kind, by=None)
    person = User.objects.get(pk=person.pk)
    forbidden = [right for right in person.get_all_permissions() if right.split(".")[0] in {"accounts", "auth", "mfa"}]
    assert forbidden == []


def test_a_verified_organisation_is_dated():
    group = actions.create_person(email="asso@demo.example", name="Les Parents du Moulin", by=None)
    actions.verify_organisation(group, by=UserFactory())
    group.refresh_from_db()
    assert group.is_organisation
    assert group.verified_at is not None


def test_a_closed_account_keeps_nothing_of_the_person(client):
    person = actions.create_person(email="nadia@demo.example", name="Nadia B.", password="cahier-demo", by=None)
    actions.grant(person, RoleKind.ADMINISTRATOR, by=None)
    actions.close_account(person, by=person)
    person.refresh_from_db()
    assert "Nadia" not in person.name
    assert "nadia" not in person.email
    assert not person.roles.exists()
    assert not person.groups.exists()
    assert not client.login(email="nadia@demo.example", password="cahier-demo")
    assert not Entry.objects.filter(actor_name__contains="Nadia").exists()


def test_the_address_of_a_closed_account_may_be_used_again():
    first = actions.create_person(email="nadia@demo.example", name="Nadia", by=None)
    actions.close_account(first, by=first)
    assert actions.create_person(email="nadia@demo.example", name="Nadia", by=None).pk != first.pk


def test_createsuperuser_works_from_the_command_line(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "cahier-demo")
    call_command("createsuperuser", interactive=False, email="racine@demo.example", name="Racine", verbosity=0)
    assert User.objects.get(email="racine@demo.example").is_superuser


def test_whoever_is_suspended_holds_nothing_any_more():
    admin, service = UserFactory(), ServiceFactory()
    owner = UserFactory(owns=[service], holds=[RoleKind.ADMINISTRATOR])
    assert policies.holds(owner, RoleKind.ADMINISTRATOR)
    assert policies.services_owned_by(owner).exists()
    actions.set_active(owner, is_active=False, by=admin)
    assert not policies.holds(owner, RoleKind.ADMINISTRATOR)
    assert not policies.services_owned_by(owner).exists()
    assert not policies.may_keep_people(UserFactory(is_superuser=True, is_active=False))
