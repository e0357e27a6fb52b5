"""Administrators keep people, roles and doubtful letters; nobody climbs by these pages."""

import pytest
from django.db.models.functions import Now

from accounts import actions
from accounts.choices import RoleKind
from accounts.models import Role, User
from journal.models import Entry
from letters.actions import promise
from letters.choices import LetterState
from letters.models import Letter
from tests.factories import OfficeFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


def with_role(kind, **place):
    person = UserFactory()
    actions.grant(person, kind, by=None, **place)
    return person


@pytest.fixture
def admin(client):
    person = with_role(RoleKind.ADMINISTRATOR)
    client.force_login(person)
    return person


def doubtful(state=LetterState.UNKNOWN, address="nadia@demo.example", number=1):
    letter = promise("test.x", key=1, campaign=f"answer:{number}", recipient=address, address=address, is_mass=True)
    Letter.objects.filter(pk=letter.pk).update(state=state, tried_at=Now())
    return letter


PLACES = ["/admin/personnes/", "/admin/personnes/inviter/", "/admin/courriers/"]


@pytest.mark.parametrize("place", PLACES)
def test_administrators_find_the_pages_in_their_menu_and_editors_a_404(client, admin, place):
    assert client.get(place).status_code == 200
    assert "/admin/personnes/" in client.get("/admin/").text
    client.force_login(with_role(RoleKind.EDITOR))
    assert client.get(place).status_code == 404
    assert "/admin/personnes/" not in client.get("/admin/").text


@pytest.mark.parametrize("place", PLACES)
def test_others_do_not_enter_at_all(client, place):
    assert client.get(place).status_code == 302
    client.force_login(with_role(RoleKind.SERVICE_OWNER, service=ServiceFactory()))
    assert client.get(place).status_code == 404


def test_a_colleague_is_invited_by_a_letter_and_given_a_role(client, admin):
    answer = client.post("/admin/personnes/inviter/", {"name": "Inès", "email": "Ines@demo.example"})
    person = User.objects.get(email="ines@demo.example")
    assert answer.url == f"/admin/personnes/{person.pk}/"
    assert Letter.objects.get().kind == "accounts.invite"
    assert not person.has_usable_password()
    service = ServiceFactory()
    client.post(answer.url, {"kind": "service_owner", "service": service.pk})
    assert person.roles.get().service == service
    assert Entry.objects.filter(verb="role.granted").last().actor_name == admin.name


def test_an_address_already_taken_is_said_on_the_form(client, admin):
    UserFactory(email="ines@demo.example")
    page = client.post("/admin/personnes/inviter/", {"name": "Inès", "email": "INES@demo.example"})
    assert page.status_code == 200
    assert "INES@demo.example" in page.text
    assert not Letter.objects.exists()


def test_an_owner_without_service_is_refused_with_a_sentence(client, admin):
    person = UserFactory()
    page = client.post(f"/admin/personnes/{person.pk}/", {"kind": "service_owner"})
    assert page.status_code == 200
    assert not Role.objects.filter(user=person).exists()


def test_a_role_is_withdrawn_from_the_right_person_only(client, admin):
    one, other = with_role(RoleKind.AGENT), with_role(RoleKind.AGENT)
    role = one.roles.get()
    assert client.post(f"/admin/personnes/{other.pk}/roles/{role.pk}/retirer/").status_code == 404
    assert client.get(f"/admin/personnes/{one.pk}/roles/{role.pk}/retirer/").status_code == 405
    client.post(f"/admin/personnes/{one.pk}/roles/{role.pk}/retirer/")
    assert not one.roles.exists()
    assert other.roles.exists()


@pytest.mark.parametrize(
    ("act", "verb"),
    [
        ("suspendre", "account.suspended"),
        ("restaurer", "account.restored"),
        ("second-facteur", "account.second_factor_reset"),
        ("organisation", "account.organisation_verified"),
    ],
)
def test_each_act_is_done_by_post_and_journalled(client, admin, act, verb):
    person = UserFactory()
    assert client.get(f"/admin/personnes/{person.pk}/{act}/").status_code == 405
    assert client.post(f"/admin/personnes/{person.pk}/{act}/").status_code == 302
    assert Entry.objects.get(verb=verb).actor_name == admin.name


def test_nobody_touches_themselves_nor_a_superuser(client, admin):
    root = User.objects.create_superuser("racine@demo.example", "x", name="Racine")
    for person in (admin, root):
        assert client.get(f"/admin/personnes/{person.pk}/").status_code == 404
        assert client.post(f"/admin/personnes/{person.pk}/suspendre/").status_code == 404
        assert client.post(f"/admin/personnes/{person.pk}/", {"kind": "agent"}).status_code == 404
    assert "racine@" not in client.get("/admin/personnes/").text


def test_wagtails_own_pages_of_users_and_groups_stay_shut_to_administrators(client, admin):
    victim = UserFactory()
    for place in (
        "users/",
        f"users/{victim.pk}/",
        "users/add/",
        f"users/{victim.pk}/delete/",
        "groups/",
        "groups/new/",
    ):
        assert client.get(f"/admin/{place}").status_code in {302, 403, 404}, place
        client.post(
            f"/admin/{place}", {"email": victim.email, "name": "x", "is_superuser": "on", "password1": "x" * 12}
        )
    victim.refresh_from_db()
    assert not victim.is_superuser
    assert victim.check_password("cahier-demo")


def test_a_superuser_may_open_wagtails_pages_of_users(client):
    client.force_login(User.objects.create_superuser("racine@demo.example", "x", name="Racine"))
    assert client.get("/admin/users/").status_code == 200
    page = client.get(f"/admin/users/edit/{UserFactory().pk}/")
    assert page.status_code == 200
    assert 'name="password1"' not in page.text


def test_posting_unknown_fields_gives_no_power(client, admin):
    person = UserFactory()
    client.post(f"/admin/personnes/{person.pk}/", {"kind": "agent", "is_superuser": "on", "is_staff": "on"})
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff) == (False, False)


@pytest.mark.parametrize("number", [3, 40])
def test_the_list_of_people_asks_the_same_number_of_questions(client, admin, number, django_assert_max_num_queries):
    for rank in range(number):
        with_role(RoleKind.CLERK, office=OfficeFactory(name=f"Guichet n° {rank}"))
    client.get("/admin/personnes/")
    with django_assert_max_num_queries(20):
        assert client.get("/admin/personnes/").text.count("Guichet n°") == number


def test_people_are_found_by_name_or_address(client, admin):
    UserFactory(name="Inès Roussel", email="ines@demo.example")
    UserFactory(name="Paul Santerre", email="paul@demo.example")
    for words in ("roussel", "INES@"):
        page = client.get("/admin/personnes/", {"q": words}).text
        assert "Inès Roussel" in page
        assert "Paul Santerre" not in page


class TestDoubtfulLetters:
    def test_they_are_listed_without_any_address(self, client, admin):
        letter = doubtful()
        doubtful(LetterState.SENT, number=2)
        page = client.get("/admin/courriers/").text
        assert letter.message_id.strip("<>") in page
        assert "answer:2" not in page
        assert "nadia@demo.example" not in page

    @pytest.mark.parametrize(
        ("act", "state", "verb"),
        [
            ("envoye", LetterState.SENT, "letter.marked_sent"),
            ("renvoyer", LetterState.PROMISED, "letter.sent_again"),
        ],
    )
    def test_a_person_decides_and_it_is_journalled(self, client, admin, act, state, verb):
        letter = doubtful()
        assert client.get(f"/admin/courriers/{letter.pk}/{act}/").status_code == 405
        client.post(f"/admin/courriers/{letter.pk}/{act}/")
        letter.refresh_from_db()
        assert letter.state == state
        assert Entry.objects.get(verb=verb).actor_name == admin.name

    def test_two_people_decide_and_the_second_changes_nothing(self, client, admin):
        letter = doubtful()
        client.post(f"/admin/courriers/{letter.pk}/envoye/")
        assert client.post(f"/admin/courriers/{letter.pk}/renvoyer/").status_code == 404
        letter.refresh_from_db()
        assert letter.state == LetterState.SENT

    def test_a_failed_letter_is_not_called_sent(self, client, admin):
        letter = doubtful(LetterState.FAILED)
        client.post(f"/admin/courriers/{letter.pk}/envoye/")
        letter.refresh_from_db()
        assert letter.state == LetterState.FAILED
        assert not Entry.objects.filter(verb="letter.marked_sent").exists()

    def test_editors_decide_nothing(self, client):
        letter = doubtful()
        client.force_login(with_role(RoleKind.EDITOR))
        assert client.post(f"/admin/courriers/{letter.pk}/envoye/").status_code == 404
