"""What rises fast: counted by the day fiches were received, said in one sentence everywhere, told once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import timezone

from feedback import clock, surges
from feedback.actions import alerts, reshaping, triage
from feedback.choices import IntakeChannel
from feedback.models import Fiche, Membership, PainPoint, Segment, SurgeAlert
from journal.models import Entry
from letters.delivery import deliver
from letters.models import Letter
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db
BOARD = "/pilotage/"
TODAY = date(2026, 11, 20)


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine scolaire")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


@pytest.fixture
def pain_point(service):
    return PainPoint.objects.create(title="Paiement bloqué", service=service, state="confirmed")


def received(pain_point, *days: date, channel=IntakeChannel.WEB, **fields) -> None:
    """A fiche about it for each of these days, as the database holds them once placed."""
    number = Fiche.objects.count()
    fiches = [
        Fiche(
            reference=f"F-26-{number + n:05}-AB",
            service=pain_point.service,
            channel=channel,
            received_on=day,
            masked_text="Page blanche.",
            placed_at=timezone.now(),
            **fields,
        )
        for n, day in enumerate(days)
    ]
    fiches = Fiche.objects.bulk_create(fiches)
    said = [Segment(fiche=one, position=0, start=0, end=13, text=f"Page blanche {one.pk}") for one in fiches]
    Membership.objects.bulk_create(
        [Membership(segment=one, pain_point=pain_point, source="machine") for one in Segment.objects.bulk_create(said)]
    )
    pain_point.refresh_from_db()
    reshaping.recount([pain_point])


def usual(pain_point, *, a_week: int = 3, weeks: int = 20, until: date = TODAY) -> None:
    """So many fiches each of the weeks before the last one."""
    days = [until - timedelta(days=7 * week + n) for week in range(1, weeks + 1) for n in range(a_week)]
    received(pain_point, *days)


def lately(fiches: int, *, until: date = TODAY) -> list[date]:
    return [until - timedelta(days=n % 5) for n in range(fiches)]


def rise(pain_point, fiches: int = 30, *, until: date = TODAY) -> None:
    usual(pain_point, until=until)
    received(pain_point, *lately(fiches, until=until))


def test_what_rises_is_told_once_and_a_steady_one_is_not(service, owner, pain_point):
    steady = PainPoint.objects.create(title="Stable", service=service, state="confirmed")
    usual(steady)
    received(steady, *lately(4))
    rise(pain_point)
    (alert,) = alerts.watch(today=TODAY)
    assert alert.pain_point == pain_point
    assert alert.observed == 30
    assert 2 <= alert.expected <= 6
    assert alert.told_at
    assert alerts.watch(today=TODAY) == []
    assert Letter.objects.filter(kind="feedback.surge").count() == 1
    assert Entry.objects.filter(verb="surge.opened").count() == 1


def test_the_zone_of_the_schools_reaches_what_is_expected(pain_point, settings):
    """Told in class only, on a Sunday of September: the summer is no week of class."""
    last = date(2026, 9, 27)
    usual(pain_point, weeks=28, a_week=5, until=last)
    summer = Membership.objects.filter(segment__fiche__received_on__range=(date(2026, 7, 4), date(2026, 8, 31)))
    Fiche.objects.filter(pk__in=summer.values("segment__fiche")).delete()
    reshaping.recount([pain_point])
    found = {}
    for zone in (None, "Zone C"):
        settings.SCHOOL_ZONE = zone
        found[zone] = surges.verdicts(today=last)[pain_point.pk].expected
    assert found["Zone C"] > 1.2 * found[None]


def test_a_zone_that_nobody_knows_stops_the_start(settings):
    assert surges.calendar_is_known() == []
    settings.SCHOOL_ZONE = "Zone D"
    (refused,) = surges.calendar_is_known()
    assert "Zone D" in refused.msg


def test_the_board_the_page_and_the_letter_say_the_same_sentence(client, owner, pain_point, mailoutbox):
    rise(pain_point, until=timezone.localdate())
    (alert,) = alerts.watch(today=timezone.localdate())
    said = surges.sentence_of(alert)
    assert said.startswith("30 fiches cette semaine, ")
    client.force_login(owner)
    board = client.get(BOARD).content.decode()
    assert board.count(said) == 2, "the line above, and the row"
    page = client.get(pain_point.get_absolute_url()).content.decode()
    assert said in page
    assert "s-mark" in page
    deliver(Letter.objects.get(kind="feedback.surge").pk)
    (mail,) = mailoutbox
    assert said in mail.body
    assert "Page blanche" not in mail.body


def test_an_owner_has_seen_it_and_the_line_leaves_the_top_of_the_board(client, owner, pain_point):
    rise(pain_point, until=timezone.localdate())
    alerts.watch(today=timezone.localdate())
    client.force_login(owner)
    url = reverse("feedback:act", args=[pain_point.number, "vu"])
    for _twice in range(2):
        assert client.post(url, {"from_board": "1"}).url == BOARD
    board = client.get(BOARD)
    assert board.context["rising"] == []
    assert "Ça monte vite" in board.content.decode(), "the row still says it"
    assert "Vu par Inès R." in client.get(pain_point.get_absolute_url()).content.decode()
    assert Entry.objects.filter(verb="surge.acknowledged").count() == 1


def test_who_only_reads_it_cannot_say_to_have_seen_it(client, pain_point):
    other = ServiceFactory()
    pain_point.services.add(other)
    rise(pain_point, until=timezone.localdate())
    pain_point.services.add(other)
    alerts.watch(today=timezone.localdate())
    client.force_login(UserFactory(owns=[other]))
    (line,) = client.get(BOARD).context["rising"]
    assert line["seen_url"] == ""
    assert client.post(reverse("feedback:act", args=[pain_point.number, "vu"])).status_code == 404
    assert SurgeAlert.objects.get().acknowledged_at is None


def test_an_alert_ends_after_a_calm_week_and_what_rises_meanwhile_is_the_same(owner, pain_point):
    rise(pain_point)
    alerts.watch(today=TODAY)
    later = TODAY + timedelta(days=8)
    alerts.watch(today=later)
    assert SurgeAlert.objects.get().calm_since == later
    received(pain_point, *lately(40, until=later + timedelta(days=3)))
    alerts.watch(today=later + timedelta(days=3))
    alert = SurgeAlert.objects.get()
    assert alert.calm_since is None
    assert alert.observed >= 40
    for week in (2, 3):
        alerts.watch(today=later + timedelta(weeks=week))
    assert SurgeAlert.objects.get().closed_at
    assert Letter.objects.filter(kind="feedback.surge").count() == 1


def test_a_new_surge_after_the_end_is_told_again(owner, pain_point):
    rise(pain_point)
    alerts.watch(today=TODAY)
    for week in (2, 4):
        alerts.watch(today=TODAY + timedelta(weeks=week))
    again = TODAY + timedelta(weeks=16)
    received(pain_point, *lately(40, until=again))
    assert alerts.watch(today=again)
    assert Letter.objects.filter(kind="feedback.surge").count() == 2


def test_a_box_of_paper_keyed_in_one_day_alerts_nobody(service, owner, pain_point):
    usual(pain_point)
    clerk = UserFactory()
    for week in range(12):
        happened = TODAY - timedelta(days=7 * week)
        paper = {"channel": IntakeChannel.PAPER, "keyed_by": clerk, "occurred_on": happened}
        received(pain_point, TODAY, TODAY, TODAY, **paper)
    assert alerts.watch(today=TODAY) == []


def test_a_register_imported_today_alerts_nobody(service, owner, pain_point):
    usual(pain_point, weeks=8)
    days = [TODAY - timedelta(days=n) for n in range(60, 160) for _ in range(2)]
    received(pain_point, *days, channel=IntakeChannel.IMPORT)
    assert alerts.watch(today=TODAY) == []


def test_paper_of_one_day_without_the_day_it_happened_weighs_on_all_alike(service, owner, pain_point):
    """Everything the box held came at once: what a service receives more of is expected more of."""
    others = [PainPoint.objects.create(title=f"N° {n}", service=service, state="confirmed") for n in range(4)]
    for one in [pain_point, *others]:
        usual(one, a_week=5)
        received(one, *[TODAY] * 12, channel=IntakeChannel.PAPER, keyed_by=UserFactory())
    assert alerts.watch(today=TODAY) == []


def test_a_pain_point_set_aside_rises_no_more(owner, pain_point):
    rise(pain_point)
    alerts.watch(today=TODAY)
    triage.dismiss(pain_point, reason="Doublon.", by=owner)
    alerts.watch(today=TODAY)
    assert SurgeAlert.objects.get().closed_at


def test_three_fiches_alert_nobody(service, owner, pain_point):
    usual(PainPoint.objects.create(title="Autre", service=service, state="confirmed"))
    received(pain_point, *lately(3))
    assert alerts.watch(today=TODAY) == []


def test_the_clock_watches_today(owner, pain_point):
    rise(pain_point, 60, until=timezone.localdate())
    clock.watch_surges()
    assert SurgeAlert.objects.get().day == timezone.localdate()


def test_watching_costs_the_same_questions_for_three_or_thirty(service, owner, django_assert_max_num_queries):
    for n in range(30):
        usual(PainPoint.objects.create(title=f"N° {n}", service=service, state="confirmed"), a_week=1, weeks=3)
    with django_assert_max_num_queries(6):
        alerts.watch(today=TODAY)


def test_the_sentence_is_french():
    assert surges.sentence(observed=41, expected=9.2, days=7) == "41 fiches cette semaine, 9 attendues."
    assert surges.sentence(observed=23, expected=1.4, days=7) == "23 fiches cette semaine, 1 attendue."
    assert surges.sentence(observed=12, expected=0.2, days=2) == "12 fiches en 2 jours, aucune attendue."
    assert surges.sentence(observed=1200, expected=300, days=7) == "1\xa0200 fiches cette semaine, 300 attendues."


def at_once(act, *, workers: int) -> list[Exception]:
    start, broken = threading.Barrier(workers), []

    def run() -> None:
        try:
            connection.ensure_connection()  # before the signal: what races is the act
            start.wait(timeout=30)
            act()
        except Exception as error:  # noqa: BLE001  (whatever a thread met is told by the test)
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    close_old_connections()
    return broken


@pytest.mark.django_db(transaction=True)
def test_two_who_watch_at_once_open_one_alert_and_write_one_letter(owner, pain_point):
    rise(pain_point)
    assert at_once(lambda: alerts.watch(today=TODAY), workers=6) == []
    assert SurgeAlert.objects.count() == 1
    assert Letter.objects.filter(kind="feedback.surge").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_constraint_two_alerts_are_opened_and_two_letters_leave(owner, pain_point):
    rise(pain_point)
    constraint = next(one for one in SurgeAlert._meta.constraints if one.name == "one_open_alert_per_pain_point")
    with connection.schema_editor() as editor:
        editor.remove_constraint(SurgeAlert, constraint)
    try:
        at_once(lambda: alerts.watch(today=TODAY), workers=6)
        assert SurgeAlert.objects.count() > 1
        assert Letter.objects.filter(kind="feedback.surge").count() > 1
    finally:
        SurgeAlert.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(SurgeAlert, constraint)
