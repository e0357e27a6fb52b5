"""The list of consultations and the page of each, as people read them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consult.choices import Channel, PhaseKind
from consult.models import Consultation, ConsultationPage, Phase, Proposition, Section
from consult.people import participant_of
from moderation.choices import CaseState, Timing
from moderation.models import Case
from tests.consult.world import DAY, close, consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def url(asked: Consultation) -> str:
    return f"/consultations/{asked.page.slug}/"


def propositions(asked: Consultation, many: int, **fields) -> list[Proposition]:
    """Some, filed by somebody, that everybody may read."""
    cases = Case.objects.bulk_create(
        [Case(kind="proposition", state=CaseState.SHOWN, is_shown=True, page=asked.page) for _ in range(many)]
    )
    author, section, first = participant_of(UserFactory(name="Nadia B.")), section_of(asked), asked.last_number + 1
    rows = [
        Proposition(
            consultation=asked,
            number=number,
            section=section,
            author=author,
            title=f"Fermer le quai le dimanche, {number}",
            body="<p>Oui.</p>",
            case=case,
            is_shown=True,
            **fields,
        )
        for number, case in enumerate(cases, start=first)
    ]
    found = Proposition.objects.bulk_create(rows)
    asked.last_number, asked.proposition_count = asked.last_number + many, asked.proposition_count + many
    asked.save()
    return found


def test_a_fresh_site_has_its_list_and_says_that_it_is_empty(client):
    page = words(client.get("/consultations/"))
    assert "Aucune consultation pour le moment" in page
    assert 'aria-current="page">Consultations' in words(client.get("/consultations/"))
    assert "Consultations" in words(client.get("/"))


def test_the_list_tells_what_is_open_what_comes_and_what_is_over(client):
    open_one, over = consultation(PhaseKind.VOTE), consultation(PhaseKind.CONTRIBUTE)
    coming = consultation(PhaseKind.CONTRIBUTE)
    close(over)
    now = timezone.now()
    Phase.objects.filter(page=coming.page).update(opens_at=now + 5 * DAY, closes_at=now + 30 * DAY)
    page = words(client.get("/consultations/"))
    first, second, third = (page.index(url(one)) for one in (open_one, coming, over))
    assert page.index("Participer maintenant") < first < page.index("À venir") < second
    assert second < page.index("Terminées") < third


def test_what_is_not_published_does_not_exist(client):
    hidden = consultation(PhaseKind.VOTE)
    ConsultationPage.objects.filter(pk=hidden.page_id).update(live=False)
    assert client.get(url(hidden)).status_code == 404
    assert client.get(url(hidden) + "dossier/").status_code == 404
    assert url(hidden) not in words(client.get("/consultations/"))
    assert client.get("/consultations/nulle-part/").status_code == 404


def test_the_page_tells_what_is_open_until_when_and_how_many_took_part(client):
    asked = consultation(PhaseKind.VOTE)
    propositions(asked, 3, agree_count=1204, mixed_count=212, disagree_count=486, for_count=20, against_count=9)
    Consultation.objects.filter(pk=asked.pk).update(voter_count=3482, for_count=611, against_count=435)
    ConsultationPage.objects.filter(pk=asked.page_id).update(population=48200, population_word="habitants")
    page = words(client.get(url(asked)))
    assert "Voter : encore 9 jours" in page
    assert "sur 48 200 habitants" in page
    assert "611 pour, 435 contre" in page
    assert "1 902 votes" in page
    assert "29 arguments" in page
    assert "1 204 d’accord, 212 mitigés, 486 pas d’accord, sur 1 902 votes" in page


def test_votes_that_are_hidden_stand_nowhere_on_the_page(client):
    asked = consultation(PhaseKind.VOTE, hides_counts=True, threshold=100)
    reached = {"agree_count": 1204, "threshold_reached_at": timezone.now()}
    propositions(asked, 3, **reached)
    Consultation.objects.filter(pk=asked.pk).update(voter_count=3482, vote_count=1204)
    page = words(client.get(url(asked)))
    for told in ("1 204", "3 482", "Seuil atteint"):
        assert told not in page
    close(asked)
    page = words(client.get(url(asked)))
    for told in ("1 204", "3 482", "Seuil atteint"):
        assert told in page


def test_a_consultation_that_is_over_says_it_with_the_hour(client):
    asked = consultation(PhaseKind.VOTE)
    Phase.objects.filter(page=asked.page).update(
        opens_at="2026-11-01T08:00:00+01:00", closes_at="2026-11-20T20:00:00+01:00"
    )
    page = words(client.get(url(asked)))
    assert "La période de participation est maintenant fermée, depuis le vendredi 20 novembre 2026 à 20 h." in page


def test_hours_are_those_of_the_clocks_on_the_wall_overseas(client):
    asked = consultation(PhaseKind.VOTE)
    ConsultationPage.objects.filter(pk=asked.page_id).update(time_zone="Indian/Reunion")
    Phase.objects.filter(page=asked.page).update(closes_at="2030-11-20T20:00:00+04:00")
    page = words(client.get(url(asked)))
    assert "mercredi 20 novembre 2030 à 20 h (heure locale : La Réunion)" in page


def test_what_waits_or_was_removed_is_not_listed(client):
    asked = consultation(PhaseKind.VOTE)
    waiting = propositions(asked, 1)[0]
    Case.objects.filter(pk=waiting.case_id).update(state=CaseState.WAITING, is_shown=False)
    assert waiting.title not in words(client.get(url(asked)))


def test_a_section_is_chosen_by_its_address_and_rubbish_leads_to_the_first(client):
    asked = consultation(PhaseKind.VOTE)
    Section.objects.filter(page=asked.page).update(sort_order=1)
    second = Section.objects.create(page=asked.page, title="L’eau et les arbres", sort_order=2)
    propositions(asked, 2)
    assert "Rubrique 2 sur 2, 0 proposition" in words(client.get(f"{url(asked)}?rubrique={second.pk}"))
    for rubbish in ("x", "-1", "9" * 40, ""):
        page = words(client.get(url(asked), {"rubrique": rubbish, "page": rubbish}))
        assert "Rubrique 1 sur 2" in page
    drawn = client.get(url(asked)).content.decode()
    assert 'id="parties"' in drawn
    for part in (f"{url(asked)}?rubrique={second.pk}", f"{url(asked)}regles/"):
        assert f'href="{part}#parties"' in drawn, "one goes on where one reads, not three screens above"


@pytest.mark.parametrize("many", [3, 300])
def test_the_page_and_the_list_ask_few_questions(client, many, django_assert_max_num_queries):
    asked, over = consultation(PhaseKind.VOTE), consultation(PhaseKind.VOTE)
    propositions(asked, many)
    close(over)
    client.force_login(UserFactory())
    for at in (url(asked), "/consultations/", url(asked) + "regles/"):
        client.get(at)
        with django_assert_max_num_queries(12):
            assert client.get(at).status_code == 200


def test_the_list_asks_as_many_questions_for_thirty_consultations(client):
    counts = []
    for more in (1, 29):
        for _ in range(more):
            consultation(PhaseKind.VOTE)
        client.get("/consultations/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/consultations/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_front_page_shows_what_is_open(client):
    asked = consultation(PhaseKind.VOTE)
    page = words(client.get("/"))
    assert "Votre avis compte maintenant" in page
    assert url(asked) in page


def test_before_anything_opens_the_file_is_what_one_reads(client):
    asked = consultation(PhaseKind.CONTRIBUTE, timing=Timing.BEFORE)
    later = timezone.now() + timedelta(days=3)
    Phase.objects.filter(page=asked.page).update(opens_at=later, closes_at=later + 20 * DAY)
    page = words(client.get(url(asked)))
    assert "Le dossier" in page
    assert "Rubrique 1" not in page


def test_the_figures_say_by_whom_and_what_came_on_paper(client):
    asked = consultation(PhaseKind.VOTE)
    filed = propositions(asked, 3)
    group, clerk = participant_of(UserFactory(is_organisation=True)), UserFactory()
    Proposition.objects.filter(pk=filed[0].pk).update(author=group)
    Proposition.objects.filter(pk=filed[1].pk).update(channel=Channel.PAPER, keyed_by=clerk)
    page = words(client.get(url(asked)))
    assert "par 1 personne et 1 organisation" in page
    assert "Venues du papier" in page
    assert "Dites en réunion" not in page
    propositions(asked, 1)
    assert "par 2 personnes et 1 organisation" in words(client.get(url(asked))), "who has just filed reads it at once"
