"""The page of one pain point: passages, chart, papers, neighbours, thread, journal; who reads and who acts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions import reshaping, triage
from feedback.board import one as one_board
from feedback.board import papers
from feedback.models import Fiche, Membership, PainPoint, Segment
from tests.factories import AdministrationFactory, ServiceFactory, SupportingDocumentFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db
SAID = "On m’a redemandé le justificatif de domicile à l’inscription, encore une fois."


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


@pytest.fixture
def pain_point(service, owner):
    made = gather(service, file(service, SAID), file(service, "Personne ne décroche au téléphone."), by=owner)
    PainPoint.objects.filter(pk=made.pk).update(keyphrases=["justificatif de domicile"])
    made.refresh_from_db()
    return made


def page(client, pain_point, **query):
    response = client.get(pain_point.get_absolute_url(), query)
    assert response.status_code == 200
    return response


def fill(pain_point, count):
    """``count`` more passages and fiches, written straight into the tables."""
    model = Fiche.objects.first()
    fiches = Fiche.objects.bulk_create(
        Fiche(
            reference=f"F-{pain_point.pk}-{Fiche.objects.count()}-{n}",
            service=model.service,
            channel="web",
            received_on=model.received_on,
            masked_text=f"Fiche {n}",
        )
        for n in range(count)
    )
    segments = Segment.objects.bulk_create(
        Segment(fiche=fiche, position=0, start=0, end=5, text=fiche.masked_text) for fiche in fiches
    )
    Membership.objects.bulk_create(
        Membership(segment=segment, pain_point=pain_point, source="machine", score=0.5) for segment in segments
    )


def test_people_s_words_are_shown_with_their_key_phrases_marked_and_who_joined_them(client, pain_point, owner):
    Membership.objects.filter(segment__text__startswith="Personne").update(source="machine", confirmed_by=None)
    client.force_login(owner)
    shown = page(client, pain_point)
    assert "<mark>justificatif de domicile</mark>" in shown.content.decode()
    by = {passage.segment.text[:4]: passage.by for passage in shown.context["passages"]}
    assert "Inès R." in by["On m"]
    assert "Inès R." not in by["Pers"]


def test_words_that_look_like_markup_stay_words(client, pain_point, owner):
    Segment.objects.filter(text=SAID).update(text="<script>alert(1)</script> justificatif de domicile <b>")
    PainPoint.objects.filter(pk=pain_point.pk).update(title="<img src=x onerror=alert(2)>")
    client.force_login(owner)
    html = page(client, pain_point).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


def test_thirty_or_three_hundred_passages_cost_the_same_queries(client, pain_point, owner):
    client.force_login(owner)
    page(client, pain_point)
    counts = []
    for more in (30, 300):
        fill(pain_point, more)
        with CaptureQueriesContext(connection) as captured:
            page(client, pain_point)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 13, "\n".join(query["sql"][:150] for query in captured)


def test_passages_come_typical_newest_or_far_and_page_by_page(client, pain_point, owner):
    fill(pain_point, 30)
    newest = Fiche.objects.order_by("pk").last()
    Fiche.objects.exclude(pk=newest.pk).update(received_on=timezone.localdate() - timedelta(days=5))
    Membership.objects.filter(segment__text="Fiche 3").update(score=0.01)
    client.force_login(owner)

    def first(order):
        return page(client, pain_point, order=order).context["passages"][0].segment

    assert first("far").text == "Fiche 3"
    assert first("newest").fiche == newest
    assert first("typical").text == SAID
    assert first("nimporte").text == SAID
    assert len(page(client, pain_point, page=4).context["passages"]) == 2
    assert len(page(client, pain_point, page=99).context["passages"]) == 0


def test_the_chart_has_its_table_and_its_sentence(client, pain_point, owner):
    client.force_login(owner)
    shown = page(client, pain_point)
    assert [row["value"] for row in shown.context["weeks"]["rows"]] == [0] * 11 + [2]
    html = shown.content.decode()
    assert shown.context["weeks"]["label"] in html
    assert "<details" in html


def test_where_fiches_come_from_is_counted_by_service_office_and_channel(pain_point, service, owner):
    other = ServiceFactory(name="Médiathèque")
    reshaping.attach(list(file(other, "Ici aussi, on me redemande tout.").segments.all()), to=pain_point, by=owner)
    counted = one_board.places_of(pain_point)
    assert counted["service"] == [("Cantine", 2), ("Médiathèque", 1)]
    assert counted["channel"] == [("web", 3)]
    assert counted["office"] == []


def test_a_document_is_shown_with_who_issues_it_and_who_asks_for_it(pain_point, service, owner):
    caf_administration = AdministrationFactory(name="CAF")
    caf = ServiceFactory(name="CAF", administration=caf_administration)
    document = SupportingDocumentFactory(key="attestation_caf", name="Attestation CAF", issuer=caf_administration)
    service.required_documents.add(document)
    reshaping.attach(list(file(caf, "La CAF me renvoie à la cantine.").segments.all()), to=pain_point, by=owner)
    Segment.objects.update(documents=["attestation_caf"])
    (paper,) = papers.papers_of(pain_point)
    assert (paper.name, paper.issuer) == ("Attestation CAF", "CAF")
    assert [(name, count) for name, _role, count in paper.rows] == [("Cantine", 2), ("CAF", 1)]
    assert len({role for _name, role, _count in paper.rows}) == 2
    assert "CAF le délivre" in paper.once


def test_a_service_asks_for_what_its_users_say_it_asks_again_even_undeclared(pain_point, service, owner):
    issuer = AdministrationFactory(name="CAF")
    SupportingDocumentFactory(key="attestation_caf", name="Attestation CAF", issuer=issuer)
    told = file(service, "On me redemande encore l’attestation de la CAF, je l’ai déjà donnée.")
    reshaping.attach(list(told.segments.all()), to=pain_point, by=owner)
    (paper,) = (one for one in papers.papers_of(pain_point) if one.name == "Attestation CAF")
    assert paper.rows == [("Cantine", "le redemande, disent ses usagers", 1)]
    assert "CAF le délivre, et 1 service d’une autre administration le demande" in paper.once


def test_people_should_be_asked_once_when_one_administration_asks_twice(pain_point, service, owner):
    document = SupportingDocumentFactory(key="justificatif", name="Justificatif de domicile", issuer=None)
    school = ServiceFactory(name="École", administration=service.administration)
    reshaping.attach(list(file(school, "L’école le redemande aussi.").segments.all()), to=pain_point, by=owner)
    Segment.objects.update(documents=["justificatif"])
    service.required_documents.add(document)
    assert papers.papers_of(pain_point)[0].once == ""
    school.required_documents.add(document)
    assert f"2 des 2 services qui le demandent relèvent de la même administration, {service.administration}" in (
        papers.papers_of(pain_point)[0].once
    )


def test_neighbours_share_fiches_or_resemble_by_their_title(pain_point, service, owner):
    alike = gather(service, file(service, "Une autre histoire."), by=owner, title="Justificatif de domicile perdu")
    sharing = gather(service, file(service, "Le portail est en panne."), by=owner, title="Portail")
    extra = Fiche.objects.get(segments__text=SAID).segments.create(position=9, start=0, end=5, text="Le portail aussi.")
    sharing.memberships.create(segment=extra, source="person", confirmed_by=owner)
    gather(service, file(service, "Rien à voir."), by=owner, title="Zzz")
    near = list(one_board.nearby(pain_point, owner))
    assert near == [sharing, alike]
    assert near[0].shared == 1


def test_notes_and_journal_are_read_by_the_service_in_charge_and_acts_are_offered_to_it_alone(
    client, pain_point, owner, service
):
    triage.note(pain_point, text="Voir avec la CAF.", by=owner)
    touched = ServiceFactory()
    pain_point.services.add(touched)
    client.force_login(owner)
    mine = page(client, pain_point).content.decode()
    assert "Voir avec la CAF." in mine
    assert 'name="passage"' in mine
    client.force_login(UserFactory(owns=[touched]))
    theirs = page(client, pain_point).content.decode()
    assert "Voir avec la CAF." not in theirs
    assert 'name="passage"' not in theirs
    assert f"{pain_point.get_absolute_url()}renommer/" not in theirs


def test_a_touched_service_is_not_led_to_fiches_it_may_not_open(client, pain_point, owner):
    touched = ServiceFactory()
    pain_point.services.add(touched)
    fiche = Fiche.objects.first()
    reader = UserFactory(owns=[touched])
    client.force_login(reader)
    assert fiche.reference not in page(client, pain_point).content.decode()
    assert client.get(f"/pilotage/fiches/{fiche.reference}/").status_code == 404
    client.force_login(owner)
    assert fiche.reference in page(client, pain_point).content.decode()


@pytest.mark.parametrize("number", ["999999", "9" * 30, "0"])
def test_a_number_that_does_not_exist_is_not_found(client, owner, number):
    client.force_login(owner)
    assert client.get(f"/pilotage/irritants/{number}/").status_code == 404


def test_citizens_and_visitors_do_not_enter(client, pain_point):
    assert "next=" in client.get(pain_point.get_absolute_url()).url
    client.force_login(UserFactory())
    assert client.get(pain_point.get_absolute_url()).status_code == 404


def test_the_keys_of_the_page_are_written_on_it(client, pain_point, owner):
    client.force_login(owner)
    html = page(client, pain_point).content.decode()
    for key in ("r", "a", "m", "t", "n", "p", "s", "d", "h", "c", "i"):
        assert f'data-key="{key}"' in html, key
    keys = [row["key"] for row in page(client, pain_point).context["keys"]]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("state", ["suggested", "confirmed", "planned", "done", "refused", "dismissed", "merged"])
def test_each_state_has_a_page_whose_acts_exist(client, pain_point, service, owner, state):
    target = gather(service, file(service, "Autre chose."), by=owner, title="Autre")
    fields = {"planned": {"planned_for": timezone.localdate()}, "refused": {"reason": "Trop cher."}}
    fields["merged"] = {"merged_into": target}
    PainPoint.objects.filter(pk=pain_point.pk).update(state=state, **fields.get(state, {}))
    client.force_login(owner)
    for button in page(client, pain_point).context["acts"]:
        address = button.url if button.url.startswith("/") else f"{pain_point.get_absolute_url()}{button.url}"
        assert client.get(address).status_code == 200, button.url
