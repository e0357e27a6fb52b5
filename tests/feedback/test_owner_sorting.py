"""« À trier », the page of a fiche, and the original text behind a reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.actions import sorting, triage
from feedback.actions.intake import submit_fiche
from feedback.choices import FicheState
from feedback.errors import NobodyThere, NotAllowedNow, ReasonNeeded
from feedback.models import Fiche, Membership, Original, PainPoint
from journal.models import Entry
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db
LIST, LOST = "/pilotage/a-trier/", "/pilotage/a-trier/sans-service/"
SECRET = "Je m’appelle Nadia Benali, mon numéro est le 06 12 34 56 78 et le guichet était fermé."


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


@pytest.fixture
def fiche(service):
    return file(service, "Le guichet était fermé sans prévenir, un mardi à dix heures.")


@pytest.fixture
def stranger():
    return UserFactory(owns=[ServiceFactory()])


def passages(*fiches):
    return [segment.pk for fiche in fiches for segment in fiche.segments.all()]


def sort(client, act, **data):
    return client.post(reverse("feedback:sort", args=[act]), {"sent": "1", **data})


def fiche_act(client, fiche, act, **data):
    return client.post(reverse("feedback:fiche_act", args=[fiche.reference, act]), {"sent": "1", **data})


def shown(response):
    return {passage.segment.fiche for fiche in response.context["fiches"] for passage in fiche}


def test_the_list_holds_the_passages_of_one_s_services_that_no_pain_point_took(client, service, owner, fiche):
    gather(service, file(service, "Celle-ci a trouvé son irritant."), by=owner)
    file(ServiceFactory(), "Celle-là est à un autre service.")
    client.force_login(owner)
    assert shown(client.get(LIST)) == {fiche}


def test_three_or_sixty_fiches_to_sort_cost_the_same_queries(client, service, owner):
    client.force_login(owner)
    client.get(LIST)
    counts = []
    for more in (3, 57):
        for n in range(more):
            file(service, f"Une chose à dire, la {n}e.")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_passages_are_attached_to_a_pain_point_found_by_its_words(client, service, owner, fiche):
    target = gather(service, file(service, "Le guichet ferme trop tôt."), by=owner, title="Guichet fermé")
    client.force_login(owner)
    asked = client.post(reverse("feedback:sort", args=["rattacher"]), {"passage": passages(fiche), "words": "FERME"})
    assert f'value="{target.pk}"' in asked.content.decode()
    done = sort(client, "rattacher", passage=passages(fiche), target=target.pk)
    assert done.url == target.get_absolute_url()
    assert Membership.objects.filter(pain_point=target, segment__fiche=fiche, source="person").exists()
    again = sort(client, "rattacher", passage=passages(fiche), target=target.pk)
    assert again.url == LIST  # an old page: nothing is left to attach


def test_a_new_pain_point_is_made_of_passages(client, service, owner, fiche):
    client.force_login(owner)
    done = sort(client, "fonder", passage=passages(fiche), title="Guichet fermé sans prévenir")
    made = PainPoint.objects.get()
    assert done.url == made.get_absolute_url()
    assert (made.title, made.service, made.state) == ("Guichet fermé sans prévenir", service, "confirmed")


def test_fiches_are_set_aside_with_a_reason_that_their_author_reads_and_taken_up_again(client, owner, fiche):
    client.force_login(owner)
    assert sort(client, "ecarter", passage=passages(fiche), reason=" ").status_code == 200
    sort(client, "ecarter", passage=passages(fiche), reason="Ce guichet dépend du département.")
    fiche.refresh_from_db()
    assert (fiche.state, fiche.dismissed_reason) == ("dismissed", "Ce guichet dépend du département.")
    assert shown(client.get(LIST)) == set()
    fiche_act(client, fiche, "reprendre")
    fiche.refresh_from_db()
    assert (fiche.state, fiche.dismissed_reason) == ("in_review", "")
    assert shown(client.get(LIST)) == {fiche}


def test_a_fiche_set_aside_leaves_its_pain_point_and_its_counters_follow(service, owner, fiche):
    held = gather(service, fiche, file(service, "Une autre fiche."), by=owner)
    triage.quote(held, segments=list(fiche.segments.all()), by=owner)
    sorting.dismiss_fiche(fiche, reason="Hors sujet.", by=owner)
    held.refresh_from_db()
    assert held.fiche_count == 1
    assert not held.verbatims.exists()


def test_a_fiche_is_sent_to_the_service_it_is_about(client, owner, fiche):
    caf = ServiceFactory(name="CAF")
    member = UserFactory(owns=[caf])
    client.force_login(owner)
    sort(client, "orienter", passage=passages(fiche), service=caf.pk)
    fiche.refresh_from_db()
    assert (fiche.service, fiche.state, fiche.placed_at) == (caf, FicheState.TRANSFERRED, None)
    assert client.get(f"/pilotage/fiches/{fiche.reference}/").status_code == 404
    client.force_login(member)
    assert shown(client.get(LIST)) == {fiche}


def test_a_fiche_is_not_sent_where_nobody_answers_nor_once_it_is_grouped(service, owner, fiche):
    with pytest.raises(NobodyThere):
        sorting.route_fiche(fiche, service=ServiceFactory(), by=owner)
    assert sorting.route_fiche(fiche, service=service, by=owner).service == service
    assert not Entry.objects.filter(verb="fiche.routed").exists()
    gather(service, fiche, by=owner)
    caf = ServiceFactory()
    UserFactory(owns=[caf])
    with pytest.raises(NotAllowedNow):
        sorting.route_fiche(fiche, service=caf, by=owner)


def test_a_fiche_without_a_service_is_read_masked_by_any_owner_who_takes_it(client, service, owner, stranger):
    lost = submit_fiche(text=SECRET)
    for person in (owner, stranger):
        client.force_login(person)
        html = client.get(LOST).content.decode()
        assert lost.reference in html
        assert "06 12 34 56 78" not in html
        assert client.get(f"/pilotage/fiches/{lost.reference}/").status_code == 200
    client.force_login(owner)
    fiche_act(client, lost, "orienter", service=service.pk)
    lost.refresh_from_db()
    assert (lost.service, lost.state) == (service, FicheState.RECEIVED)
    client.force_login(stranger)
    assert client.get(f"/pilotage/fiches/{lost.reference}/").status_code == 404
    assert lost.reference not in client.get(LOST).content.decode()


def test_the_original_of_a_fiche_without_a_service_is_read_by_nobody(client, owner):
    lost = submit_fiche(text=SECRET)
    client.force_login(owner)
    address = reverse("feedback:read_original", args=[lost.reference])
    assert client.post(address, {"reason": "Je veux savoir qui c’est."}).status_code == 404


@pytest.mark.parametrize("act", ["rattacher", "fonder", "ecarter", "orienter"])
def test_passages_of_another_service_are_never_sorted(client, service, owner, stranger, fiche, act):
    target = gather(service, file(service, "Un irritant de la cantine."), by=owner)
    data = {"passage": passages(fiche), "target": target.pk, "title": "Volé", "reason": "Non.", "service": service.pk}
    client.force_login(stranger)
    assert sort(client, act, **data).url == LIST
    client.force_login(UserFactory())
    assert sort(client, act, **data).status_code == 404
    client.logout()
    assert "next=" in sort(client, act, **data).url
    fiche.refresh_from_db()
    assert (fiche.service, fiche.state) == (service, FicheState.RECEIVED)
    assert not Membership.objects.filter(segment__fiche=fiche).exists()


@pytest.mark.parametrize("act", ["ecarter", "reprendre", "orienter"])
def test_the_fiche_of_another_service_cannot_be_touched(client, service, stranger, fiche, act):
    for person in (stranger, UserFactory()):
        client.force_login(person)
        for method in (client.get, client.post):
            address = reverse("feedback:fiche_act", args=[fiche.reference, act])
            assert method(address, {"reason": "Non.", "service": service.pk, "sent": "1"}).status_code == 404
    client.logout()
    assert "next=" in fiche_act(client, fiche, act).url


@pytest.mark.parametrize("rubbish", ["", "x", "9" * 40, "-1"])
def test_rubbish_instead_of_passages_goes_back_to_the_list(client, owner, rubbish):
    client.force_login(owner)
    assert sort(client, "rattacher", passage=rubbish).url == LIST


def test_the_page_of_a_fiche_shows_masked_words_where_each_passage_went_and_what_is_known(client, service, owner):
    fiche = file(service, SECRET, step="Inscription", satisfaction=2)
    held = gather(service, fiche, by=owner, title="Guichet fermé")
    client.force_login(owner)
    html = client.get(f"/pilotage/fiches/{fiche.reference}/").content.decode()
    assert "Guichet fermé" in html
    assert held.get_absolute_url() in html
    assert "Inscription" in html
    assert "06 12 34 56 78" not in html


def test_the_new_owners_of_a_transferred_pain_point_read_its_fiches_but_not_their_originals(client, service, owner):
    fiche = file(service, SECRET)
    held = gather(service, fiche, by=owner)
    caf = ServiceFactory()
    member = UserFactory(owns=[caf])
    PainPoint.objects.filter(pk=held.pk).update(service=caf)
    client.force_login(member)
    html = client.get(f"/pilotage/fiches/{fiche.reference}/").content.decode()
    address = reverse("feedback:read_original", args=[fiche.reference])
    assert address not in html
    assert client.post(address, {"reason": "Je traite le transfert."}).status_code == 404


class TestOriginal:
    def read(self, client, fiche, reason):
        return client.post(reverse("feedback:read_original", args=[fiche.reference]), {"reason": reason})

    def test_a_member_reads_it_with_a_reason_and_each_reading_is_written_down(self, client, service, owner):
        fiche = file(service, SECRET)
        client.force_login(owner)
        for reason in ("Rappeler la personne.", "Rappeler encore."):
            assert "06 12 34 56 78" in self.read(client, fiche, reason).content.decode()
        lines = Entry.objects.filter(verb="fiche.read_raw").order_by("pk")
        assert [line.details["reason"] for line in lines] == ["Rappeler la personne.", "Rappeler encore."]
        assert {line.actor_key for line in lines} == {owner.pk}

    @pytest.mark.parametrize("reason", ["", "court", " " * 30, "a" * 9 + "  "])
    def test_without_a_real_reason_nothing_is_shown_nor_written(self, client, service, owner, reason):
        fiche = file(service, SECRET)
        client.force_login(owner)
        assert "06 12 34 56 78" not in self.read(client, fiche, reason).content.decode()
        assert not Entry.objects.filter(verb="fiche.read_raw").exists()
        with pytest.raises(ReasonNeeded):
            triage.read_original(fiche, reason=reason, by=owner)

    def test_others_never_read_it(self, client, service, stranger):
        fiche = file(service, SECRET)
        for person in (stranger, UserFactory()):
            client.force_login(person)
            assert self.read(client, fiche, "Une bonne raison.").status_code == 404
            with pytest.raises(Fiche.DoesNotExist):
                triage.read_original(fiche, reason="Une bonne raison.", by=person)
        client.logout()
        assert "next=" in self.read(client, fiche, "Une bonne raison.").url

    def test_it_is_never_kept_by_the_browser_nor_read_by_address(self, client, service, owner):
        fiche = file(service, SECRET)
        client.force_login(owner)
        assert "no-store" in self.read(client, fiche, "Rappeler la personne.")["Cache-Control"]
        assert client.get(reverse("feedback:read_original", args=[fiche.reference])).status_code == 405

    def test_what_its_author_erased_is_read_by_nobody(self, client, service, owner):
        fiche = file(service, SECRET)
        Original.objects.update(erased_at="2026-11-20T10:00Z")
        client.force_login(owner)
        assert self.read(client, fiche, "Rappeler la personne.").status_code == 404
