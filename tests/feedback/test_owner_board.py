"""The board: what it shows, to whom, in how many queries; its filters, its views, its keys, its acts on a selection."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.models import Office
from feedback import counting
from feedback.actions import triage
from feedback.board import figures, rows, weeks
from feedback.choices import IntakeChannel
from feedback.models import Answer, Fiche, FollowUp, Membership, PainPoint, Recipient, SavedView, Segment
from tests.factories import ServiceFactory, SupportingDocumentFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db
BOARD = "/pilotage/"


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


def made(service, title, *, ago=0, count=1, **fields):
    """A confirmed pain point with ``count`` fiches received ``ago`` days ago."""
    on = timezone.localdate() - timedelta(days=ago)
    fiches = [file(service, f"{title}, c’est la {n}e fois que je le dis.", received_on=on) for n in range(count)]
    pain_point = gather(service, *fiches, title=title)
    PainPoint.objects.filter(pk=pain_point.pk).update(**fields)
    pain_point.refresh_from_db()
    return pain_point


def many(service, number):
    """``number`` more pain points, each with a passage, a service, a document: written straight into the tables."""
    fiche = file(service, "Une fiche qui en tient beaucoup.")
    document = SupportingDocumentFactory()
    segments = Segment.objects.bulk_create(
        [Segment(fiche=fiche, position=50 + n, start=0, end=5, text=f"Passage {n}") for n in range(number)]
    )
    pain_points = PainPoint.objects.bulk_create(
        [PainPoint(title=f"Irritant {n}", service=service, state="confirmed", fiche_count=1) for n in range(number)]
    )
    pairs = list(zip(segments, pain_points, strict=True))
    Membership.objects.bulk_create([Membership(segment=s, pain_point=p, source="machine") for s, p in pairs])
    PainPoint.services.through.objects.bulk_create(
        [PainPoint.services.through(painpoint=p, service=service) for p in pain_points]
    )
    PainPoint.documents.through.objects.bulk_create(
        [PainPoint.documents.through(painpoint=p, supportingdocument=document) for p in pain_points]
    )
    return pain_points


def titles(response):
    return [row.pain_point.title for row in response.context["rows"]]


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


def test_an_owner_sees_the_pain_points_of_the_service_and_those_that_touch_it_and_no_other(client, service, owner):
    mine = made(service, "Mon irritant")
    elsewhere = ServiceFactory()
    theirs, touching = made(elsewhere, "Le leur"), made(elsewhere, "Touche la cantine")
    touching.services.add(service)
    client.force_login(owner)
    assert set(titles(client.get(BOARD, {"view": "all"}))) == {mine.title, touching.title}
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(touching.get_absolute_url()).status_code == 200


def test_the_board_is_for_owners_only(client, service):
    assert "next=" in client.get(BOARD).url
    client.force_login(UserFactory())
    for name in ("board", "sorting", "without_service", "save_view"):
        assert client.get(reverse(f"feedback:{name}")).status_code == 404


def test_three_or_three_hundred_pain_points_cost_the_same_queries(client, service, owner):
    client.force_login(owner)
    client.get(BOARD)  # what the process keeps: the site and its settings
    many(service, 3)
    few = queries_of(client, f"{BOARD}?view=all&sort=trend")
    many(service, 297)
    lots = queries_of(client, f"{BOARD}?view=all&sort=trend")
    assert len(few) == len(lots) <= 12, "\n".join(lots)
    page = client.get(f"{BOARD}?view=all")
    assert (page.context["pages"]["shown"], page.context["pages"]["total"]) == (20, 300)


def test_each_row_says_how_many_when_where_and_how_it_grows(client, service, owner):
    one = made(service, "Justificatif redemandé", ago=0, count=3)
    one.documents.add(SupportingDocumentFactory(name="Justificatif de domicile"))
    Fiche.objects.filter(pk=Fiche.objects.first().pk).update(received_on=timezone.localdate() - timedelta(days=30))
    triage.assign(one, to=owner, by=owner)
    client.force_login(owner)
    html = client.get(BOARD).content.decode()
    for words in ("Justificatif redemandé", "Cantine", "Justificatif de domicile", "Inès R.", 'class="c-spark"'):
        assert words in html
    counted = weeks.of_pain_points([one.pk])[one.pk]
    assert (len(counted.counts), counted.last, counted.counts[-5], sum(counted.counts)) == (12, 2, 1, 3)


def test_a_fiche_with_two_passages_counts_once_in_its_week(service):
    one = made(service, "Une seule fiche")
    extra = Fiche.objects.get().segments.create(position=9, start=0, end=5, text="Et encore.")
    one.memberships.create(segment=extra, source="machine")
    assert weeks.of_pain_points([one.pk])[one.pk].last == 1


def test_old_and_future_fiches_are_outside_the_twelve_weeks(service):
    one = made(service, "Anciennes", ago=84)
    assert sum(weeks.of_pain_points([one.pk])[one.pk].counts) == 0
    Fiche.objects.update(received_on=timezone.localdate() - timedelta(days=83))
    assert weeks.of_pain_points([one.pk])[one.pk].counts[0] == 1


def test_sorting_by_size_growth_age_priority_and_last_fiche(client, service, owner):
    made(service, "Grand", ago=60, count=3)
    made(service, "Montant", ago=1, count=2)
    made(service, "Vieux", ago=80, impact=3, effort=1)
    client.force_login(owner)

    def first(order):
        return titles(client.get(BOARD, {"view": "all", "sort": order}))[0]

    assert {order: first(order) for order in ("size", "trend", "age", "priority", "last")} == {
        "size": "Grand",
        "trend": "Montant",
        "age": "Vieux",
        "priority": "Vieux",
        "last": "Montant",
    }


def test_each_filter_keeps_what_it_says(client, service, owner):
    office = Office.objects.create(service=service, name="Guichet Familles")
    one = made(service, "Gardé", ago=3)
    Fiche.objects.update(office=office, channel="phone")
    document = SupportingDocumentFactory()
    one.documents.add(document)
    touched = ServiceFactory()
    one.services.add(touched)
    made(service, "Autre", ago=200, state="done")
    client.force_login(owner)
    for name, value in {
        "state": "confirmed",
        "service": touched.pk,
        "office": office.pk,
        "channel": "phone",
        "document": document.pk,
        "period": "7",
        "since": (timezone.localdate() - timedelta(days=3)).isoformat(),
        "words": "GARDE",
    }.items():
        assert titles(client.get(BOARD, {name: value})) == ["Gardé"], name
    past = client.get(BOARD, {"until": f"{one.first_on - timedelta(days=1)}", "since": "2001-02-01"})
    assert titles(past) == ["Autre"]
    assert "1er février 2001" in past.content.decode() or "1 February 2001" in past.content.decode()
    assert titles(client.get(BOARD, {"words": str(one.number)})) == ["Gardé"]
    assert titles(client.get(BOARD, {"words": "introuvable"})) == []


def test_each_filter_that_is_on_is_said_and_can_be_taken_off_alone(client, service, owner):
    made(service, "Gardé")
    client.force_login(owner)
    on = client.get(BOARD, {"view": "all", "state": "confirmed", "words": "garde", "page": "1"}).context["active"]
    assert [one["url"] for one in on] == ["?view=all&words=garde", "?view=all&state=confirmed"]
    assert on[1]["label"].endswith("garde")


def test_several_values_of_a_filter_add_up_and_each_is_taken_off_alone(client, service, owner):
    for title, state in (("Neuf", "suggested"), ("Sûr", "confirmed"), ("Fait", "done")):
        made(service, title, state=state)
    client.force_login(owner)
    page = client.get(f"{BOARD}?view=all&state=suggested&state=done")
    assert sorted(titles(page)) == ["Fait", "Neuf"]
    assert [one["url"] for one in page.context["active"]] == ["?view=all&state=done", "?view=all&state=suggested"]
    html = page.content.decode()
    assert "2 choisis" in html
    assert html.count("checked") >= 2
    # Open ones and those done: the word stands for its states.
    assert sorted(titles(client.get(f"{BOARD}?view=all&state=open&state=done"))) == ["Fait", "Neuf", "Sûr"]


def test_a_view_keeps_several_values_and_is_known_again_in_any_order(client, service, owner):
    made(service, "Neuf", state="suggested")
    client.force_login(owner)
    client.post(reverse("feedback:save_view"), {"name": "À voir", "query": "state=suggested&state=done&view=all"})
    kept = SavedView.objects.get().query
    assert kept == "view=all&state=done&state=suggested"
    assert titles(client.get(f"{BOARD}?{kept}")) == ["Neuf"]
    assert client.get(f"{BOARD}?state=suggested&view=all&state=done").context["saved_view"].name == "À voir"


@pytest.mark.parametrize(
    "query",
    [
        "inconnu=1",
        "state=nimporte",
        "service=abc&office=99999999999999999999&document=-1",
        "sort=title;drop",
        "period=999999999999",
        "since=0001-01-01&until=9999-12-31",
        "since=2026-02-31&until=%00",
        "page=0&words=%00",
        "page=-3",
        "page=99999999999999999999",
        "view=../../etc",
        "fiche_count__gte=1&title__regex=(a%2B)%2B%24",
        "words=" + "a%20" * 90,
        "state=confirmed&state=done",
        "words=%F0%9F%A6%93",
    ],
)
def test_unknown_names_and_values_never_break_the_board(client, service, owner, query):
    made(service, "Toujours là")
    client.force_login(owner)
    assert client.get(f"{BOARD}?{query}", follow=True).status_code in (200, 400)


def test_what_is_not_on_the_allow_list_changes_nothing(client, service, owner):
    made(service, "Toujours là")
    client.force_login(owner)
    assert titles(client.get(f"{BOARD}?view=all&fiche_count__gt=50&assigned_to=7")) == ["Toujours là"]
    assert titles(client.get(f"{BOARD}?view=all&state=nimporte")) == ["Toujours là"]


def test_a_page_past_the_end_goes_back_to_the_start_with_its_filters(client, service, owner):
    made(service, "Seul")
    client.force_login(owner)
    assert client.get(f"{BOARD}?view=all&page=7").url == f"{BOARD}?view=all"


def test_an_empty_board_says_what_will_come_and_a_filtered_one_how_to_see_more(client, service, owner):
    client.force_login(owner)
    assert "c-empty" in client.get(BOARD).content.decode()
    assert "view=all" in client.get(BOARD, {"view": "priorities", "words": "rien"}).content.decode()


def test_a_view_is_kept_under_a_name_replaced_shown_as_a_tab_and_deleted(client, service, owner):
    client.force_login(owner)
    query = "view=all&state=done&inconnu=1&page=3"
    assert client.get(reverse("feedback:save_view") + f"?{query}").status_code == 200
    for _twice in range(2):
        response = client.post(reverse("feedback:save_view"), {"name": "Ce qui est fait", "query": query})
        assert response.url == f"{BOARD}?view=all&state=done"
    view = SavedView.objects.get()
    page = client.get(response.url)
    assert [tab["label"] for tab in page.context["tabs"] if tab["is_current"]] == ["Ce qui est fait"]
    client.force_login(UserFactory(owns=[service]))
    assert client.post(reverse("feedback:delete_view", args=[view.pk])).status_code == 404
    client.force_login(owner)
    client.post(reverse("feedback:delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_keeps_what_was_chosen(client, owner):
    client.force_login(owner)
    response = client.post(reverse("feedback:save_view"), {"name": " ", "query": "state=done"})
    assert response.status_code == 200
    assert "state=done" in response.content.decode()


def test_the_figures_say_how_many_out_of_how_many(service, owner):
    made(service, "En retard", ago=40)
    made(service, "À l’heure", ago=2)
    answered = made(service, "Répondu", ago=20, state="done")
    file(service, "Personne ne me rattache.", received_on=timezone.localdate() - timedelta(days=9))
    answer = Answer.objects.create(pain_point=answered, outcome="done", changes="C’est fait.", author=owner)
    for fiche in Fiche.objects.filter(segments__membership__pain_point=answered):
        Recipient.objects.create(answer=answer, fiche=fiche)
        FollowUp.objects.create(answer=answer, fiche=fiche, reply="yes")
    FollowUp.objects.create(answer=answer, fiche=Fiche.objects.last(), reply="no")
    numbers = figures.figures_of(owner)
    assert (numbers.to_sort, numbers.to_sort_long) == (1, 1)
    assert (numbers.late, numbers.waiting) == (1, 2)
    assert numbers.median_delay == 20
    assert (numbers.settled, numbers.replies) == (1, 2)
    assert (numbers.pain_points, numbers.fiches) == (3, 4)
    assert figures.figures_of(UserFactory(owns=[ServiceFactory()])).waiting == 0


def test_who_wrote_after_the_answer_did_not_wait_for_it(service, owner):
    answered = made(service, "Répondu", ago=20, state="done")
    answer = Answer.objects.create(pain_point=answered, outcome="done", changes="C’est fait.", author=owner)
    Answer.objects.filter(pk=answer.pk).update(created_at=timezone.now() - timedelta(days=10))
    Recipient.objects.create(answer=answer, fiche=Fiche.objects.get())
    Recipient.objects.create(answer=answer, fiche=file(service, "J’arrive après la réponse."))
    assert figures.figures_of(owner).median_delay == 10


def test_a_transfer_sets_the_day_by_which_an_answer_is_due(service, owner):
    caf = ServiceFactory()
    member = UserFactory(owns=[caf])
    one = made(service, "Transféré", ago=100)
    due = timezone.localdate() + timedelta(days=5)
    triage.transfer(one, to_service=caf, reason="Sa pièce.", due_on=due, by=owner)
    assert rows.with_due_on(PainPoint.objects.all()).get(pk=one.pk).due_on == due
    assert figures.figures_of(member).late == 0


def test_nobody_waits_since_the_days_told_by_a_file(service, owner):
    target = timedelta(days=service.response_target_days)
    past = made(service, "Dit il y a longtemps", ago=300)
    Fiche.objects.update(channel=IntakeChannel.IMPORT)
    counting.recount([past])
    due = rows.with_due_on(PainPoint.objects.all())
    assert due.get(pk=past.pk).due_on == timezone.localdate() + target
    assert figures.figures_of(owner).late == 0
    Fiche.objects.update(channel=IntakeChannel.WEB)
    counting.recount([past])
    assert due.get(pk=past.pk).due_on == past.first_on + target
    assert figures.figures_of(owner).late == 1


def test_the_keys_of_the_board_are_in_its_page(client, service, owner):
    made(service, "Un irritant")
    client.force_login(owner)
    html = client.get(BOARD).content.decode()
    for key in ("m", "a", "r", "e", "/"):
        assert f'data-key="{key}"' in html
    for mark in ("data-row-check", "data-row-open", "data-keys-help", "cahier/js/keys.js", "cahier/js/board.js"):
        assert mark in html
    for key in ("j", "k", "x", "o", "m", "a", "r", "e", "/", "?"):
        assert f"<kbd>{key}</kbd>" in html
    assert "<script>" not in html
    assert " style=" not in html


class TestSelection:
    def post(self, client, act, **data):
        return client.post(reverse("feedback:selection", args=[act]), data)

    def test_several_are_confirmed_at_once_and_the_others_say_why_not(self, client, service, owner):
        first, second = made(service, "Un", state="suggested"), made(service, "Deux", state="done")
        client.force_login(owner)
        page = client.get(self.post(client, "confirmer", chosen=[first.pk, second.pk]).url)
        first.refresh_from_db()
        assert first.state == "confirmed"
        assert [message.level_tag for message in page.context["messages"]] == ["error", "success"]

    def test_several_are_assigned_after_a_page_that_asks_to_whom(self, client, service, owner):
        chosen = [made(service, "Un").pk, made(service, "Deux").pk]
        client.force_login(owner)
        assert self.post(client, "attribuer", chosen=chosen).status_code == 200
        assert self.post(client, "attribuer", chosen=chosen, to=owner.pk, sent="1").status_code == 302
        assert PainPoint.objects.filter(assigned_to=owner).count() == 2

    def test_several_are_merged_into_the_one_chosen(self, client, service, owner):
        small, big = made(service, "Petit"), made(service, "Grand", count=2)
        client.force_login(owner)
        asked = self.post(client, "fusionner", chosen=[small.pk, big.pk])
        assert f'value="{big.pk}" ' in asked.content.decode()
        self.post(client, "fusionner", chosen=[small.pk, big.pk], into=big.pk, sent="1")
        small.refresh_from_db()
        big.refresh_from_db()
        assert (small.merged_into, big.fiche_count) == (big, 3)

    def test_one_leads_to_its_answer_several_to_the_list_of_theirs(self, client, service, owner):
        one, two = made(service, "Un"), made(service, "Deux")
        client.force_login(owner)
        assert str(one.pk) in self.post(client, "repondre", chosen=[one.pk]).url
        several = self.post(client, "repondre", chosen=[one.pk, two.pk])
        assert client.get(several.url).status_code == 200
        assert {str(one.pk), str(two.pk)} == set(several.url.rpartition("=")[2].split(","))

    @pytest.mark.parametrize("act", ["confirmer", "attribuer", "fusionner", "repondre"])
    def test_nothing_is_done_to_the_pain_points_of_another_service(self, client, service, owner, act):
        theirs = made(ServiceFactory(), "Le leur", state="suggested")
        client.force_login(owner)
        assert self.post(client, act, chosen=[theirs.pk], into=theirs.pk, to=owner.pk, sent="1").url == BOARD
        theirs.refresh_from_db()
        assert (theirs.state, theirs.assigned_to) == ("suggested", None)
        client.force_login(UserFactory())
        assert self.post(client, act, chosen=[theirs.pk]).status_code == 404

    @pytest.mark.parametrize("rubbish", ["", "x", "9" * 40])
    def test_nothing_chosen_goes_back_to_the_board(self, client, owner, rubbish):
        client.force_login(owner)
        assert self.post(client, "fusionner", chosen=[rubbish]).url == BOARD


def test_filters_that_leave_nothing_say_which_one_to_remove_and_what_it_hides(client, service, owner):
    annexe = Office.objects.create(service=service, name="Annexe")
    for title in ("Redemandé", "Fermé", "En panne"):
        made(service, title)
    client.force_login(owner)
    page = client.get(f"{BOARD}?view=all&office={annexe.pk}&state=confirmed")
    html = page.content.decode()
    assert "Enlevez «\N{NO-BREAK SPACE}Guichet\N{NO-BREAK SPACE}» pour en voir 3." in html
    assert page.context["way_out"]["url"] == "?view=all&state=confirmed"
    assert titles(client.get(BOARD + page.context["way_out"]["url"])) != []


def test_filters_that_no_single_one_explains_say_so(client, service, owner):
    client.force_login(owner)
    made(service, "Redemandé")
    page = client.get(f"{BOARD}?view=all&state=done&words=introuvable")
    assert page.context["way_out"] is None
    assert "Aucun irritant avec ces filtres" in page.content.decode()


def test_a_filter_that_is_folded_opens_when_it_is_on(client, service, owner):
    client.force_login(owner)
    assert '<details class="c-filters__more">' in client.get(BOARD).content.decode()
    assert '<details class="c-filters__more" open>' in client.get(f"{BOARD}?channel=web").content.decode()


def test_a_row_counts_the_services_when_there_are_several(client, service, owner):
    one = made(service, "Redemandé")
    client.force_login(owner)
    assert "1 service" not in client.get(BOARD).content.decode()
    one.services.add(*(ServiceFactory() for _ in range(3)))
    assert "4 services" in client.get(BOARD).content.decode()


def test_what_is_chosen_is_let_go_at_once_without_a_script(client, service, owner):
    made(service, "Redemandé")
    client.force_login(owner)
    assert re.search(r'type="reset">\s*Tout désélectionner', client.get(BOARD).content.decode())
