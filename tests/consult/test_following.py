"""Following, and the digest: nothing hidden in it, nothing told twice, even when the clock rings twice."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consult import digests, letters, policies
from consult.actions import arguments, deciding, following, propositions
from consult.choices import HappeningKind, PhaseKind, Side, Verdict
from consult.models import Digest, Follow, Happening, Participant, Phase, Proposition
from consult.people import email_key, participant_of
from journal.actions import record
from letters import preferences
from letters.choices import Frequency
from letters.models import Letter
from letters.renderers import NothingLeft
from moderation.actions import decide
from moderation.choices import Outcome, Timing
from tests.consult.world import close, consultation, proposition, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 7, 5, tzinfo=timezone.get_default_timezone())
FRIDAY = MONDAY - timedelta(days=3)


@pytest.fixture
def asked():
    return consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE, hides_counts=True)


@pytest.fixture
def reader(asked):
    """Somebody who has followed the consultation for a month."""
    person = participant_of(UserFactory())
    following.follow(asked, by=person)
    long_followed(person)
    return person


def long_followed(*people):
    """What these people follow, they have followed for a month."""
    Follow.objects.filter(participant__in=people).update(since=MONDAY - timedelta(days=30))


def happened(at=FRIDAY):
    """Everything that has happened so far did at this moment."""
    Happening.objects.update(at=at)


def said(letter: Letter) -> str:
    message = letters.render_digest(letter)
    return message.subject + message.text + message.html


def test_authors_follow_what_they_write_and_what_they_argue_on_until_they_stop(asked) -> None:
    author, other = participant_of(UserFactory()), participant_of(UserFactory())
    written = propositions.Written("Un banc devant la crèche", "Pour attendre.")
    filed = propositions.file(asked, section_of(asked), written, by=author)
    assert list(Follow.objects.values_list("participant", "proposition")) == [(author.pk, filed.pk)]
    arguments.argue(asked, filed.number, Side.FOR, "Oui.", by=other)
    following.stop(filed, by=other)
    arguments.argue(asked, filed.number, Side.FOR, "Oui, vraiment.", by=other)
    assert Follow.objects.get(participant=other).stopped_at is not None
    following.follow(filed, by=other)
    following.follow(filed, by=other)
    assert Follow.objects.get(participant=other).stopped_at is None


def test_a_button_follows_and_stops_and_a_visitor_is_led_to_sign_in(asked, client) -> None:
    filed = proposition(asked)
    address = reverse("consult:follow_proposition", args=[asked.page.slug, filed.number])
    assert reverse("account_login") in client.post(address, {"follow": "1"}).url
    assert not Follow.objects.exists()
    client.force_login(UserFactory())
    assert "Suivre" in client.get(filed.get_absolute_url()).content.decode()
    assert client.post(address, {"follow": "1"}).status_code == 302
    assert "Ne plus suivre" in client.get(filed.get_absolute_url()).content.decode()
    assert filed.title in client.get(reverse("consult:follows")).content.decode()
    client.post(address, {"follow": "0"})
    assert filed.title not in client.get(reverse("consult:follows")).content.decode()


def test_what_may_not_be_read_is_not_followed(asked, client) -> None:
    hidden = proposition(asked, timing=Timing.BEFORE)
    client.force_login(UserFactory())
    address = reverse("consult:follow_proposition", args=[asked.page.slug, hidden.number])
    assert client.post(address, {"follow": "1"}).status_code == 404


def test_a_week_is_told_once_in_one_letter_and_an_empty_one_not_at_all(asked, reader) -> None:
    assert digests.promise_due(at=MONDAY) == 0
    filed = proposition(asked)
    arguments.argue(asked, filed.number, Side.AGAINST, "Trop de bruit.", by=participant_of(UserFactory()))
    happened()
    assert digests.promise_due(at=MONDAY) == 1
    assert digests.promise_due(at=MONDAY) == 0
    assert digests.promise_due(at=MONDAY + timedelta(days=2)) == 0
    assert digests.promise_due(at=MONDAY + timedelta(days=7)) == 0, "told last week already"
    letter = Letter.objects.get(kind=letters.digests.DIGEST)
    assert filed.title in said(letter)
    assert "1 nouvel argument" in said(letter)


def test_what_happens_between_two_digests_is_told_once_whatever_the_rhythm(asked, reader) -> None:
    """A week of days and weeks mixed: each proposition stands in exactly one letter."""
    key = preferences.recipient_key(reader.user.email)
    told: list[str] = []
    for day in range(1, 15):
        filed = proposition(asked, number=day)
        Proposition.objects.filter(pk=filed.pk).update(title=f"Idée numéro {day:02}.")
        Happening.objects.filter(subject=filed.pk).update(at=MONDAY + timedelta(days=day, hours=3))
        preferences.choose(key, digests.DIGEST, Frequency.DAY if day % 3 else Frequency.WEEK)
        digests.promise_due(at=MONDAY + timedelta(days=day, hours=1))
    preferences.choose(key, digests.DIGEST, Frequency.DAY)
    digests.promise_due(at=MONDAY + timedelta(days=20))
    for digest in Digest.objects.all():
        chapters = digests.read(digest)
        told += [one.title for chapter in chapters for one in chapter.propositions]
    assert sorted(told) == [f"Idée numéro {day:02}." for day in range(1, 15)]


def test_no_digest_for_whoever_said_never_left_or_wrote_it(asked, reader) -> None:
    gone = participant_of(UserFactory(is_active=False))
    following.follow(asked, by=gone)
    stopped = participant_of(UserFactory())
    following.follow(asked, by=stopped)
    following.stop(asked, by=stopped)
    own = UserFactory()
    following.follow(asked, by=participant_of(own))
    proposition(asked, by=own)
    long_followed(reader, gone, stopped, participant_of(own))
    happened()
    preferences.choose(preferences.recipient_key(reader.user.email), digests.DIGEST, Frequency.NEVER)
    assert digests.promise_due(at=MONDAY) == 0


def test_nothing_hidden_and_no_count_of_votes_is_ever_told(asked, reader) -> None:
    shown, hidden = proposition(asked, number=1), proposition(asked, number=2)
    waiting = proposition(asked, number=3, timing=Timing.BEFORE)
    Proposition.objects.filter(pk=hidden.pk).update(title="CANARI-RETIRE")
    Proposition.objects.filter(pk=waiting.pk).update(title="CANARI-ATTENTE")
    Proposition.objects.filter(pk=shown.pk).update(agree_count=4711)
    argued = arguments.argue(asked, 1, Side.FOR, "CANARI-ARGUMENT", by=participant_of(UserFactory()))
    following.follow(shown, by=reader)
    long_followed(reader)
    happened()
    assert digests.promise_due(at=MONDAY) == 1
    letter = Letter.objects.get(kind=digests.DIGEST)
    assert "CANARI-RETIRE" in said(letter)
    assert "CANARI-ARGUMENT" in said(letter)
    for case in (hidden.case, argued.case):
        decide(case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=UserFactory())
    now = said(letter)
    assert "CANARI" not in now
    assert "4711" not in now
    assert "4 711" not in now
    assert shown.title in now


def test_what_moderators_hid_is_no_longer_listed_among_what_one_follows(asked) -> None:
    person, filed = participant_of(UserFactory()), proposition(asked)
    following.follow(filed, by=person)
    assert [one.proposition for one in policies.followed_by(person)] == [filed]
    decide(filed.case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=UserFactory())
    assert not policies.followed_by(person).exists()


def test_a_digest_of_which_everything_was_hidden_is_not_sent(asked, reader) -> None:
    filed = proposition(asked)
    happened()
    digests.promise_due(at=MONDAY)
    decide(filed.case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=UserFactory())
    with pytest.raises(NothingLeft):
        letters.render_digest(Letter.objects.get(kind=digests.DIGEST))


def test_a_text_told_then_hidden_then_shown_again_is_not_told_again(asked, reader) -> None:
    filed, judge = proposition(asked), UserFactory()
    happened()
    digests.promise_due(at=MONDAY)
    first = decide(filed.case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=judge)
    decide(filed.case, outcome=Outcome.KEEP, after=first.pk, by=judge)
    assert Happening.objects.filter(kind=HappeningKind.PROPOSITION).count() == 1
    assert digests.promise_due(at=MONDAY + timedelta(days=7)) == 0


def test_a_text_read_before_publication_is_told_when_it_is_shown(asked, reader) -> None:
    waiting = proposition(asked, timing=Timing.BEFORE)
    assert not Happening.objects.exists()
    decide(waiting.case, outcome=Outcome.KEEP, after=None, by=UserFactory())
    assert Happening.objects.get().subject == waiting.pk


def test_phases_moves_decisions_and_states_are_told(asked, reader) -> None:
    filed, taken = proposition(asked, number=1), proposition(asked, number=2)
    following.follow(filed, by=reader)
    following.follow(taken, by=reader)
    close(asked)
    deciding.prepare([filed], verdict=Verdict.RETAINED, reason="Faite en mai.", by=UserFactory())
    deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=UserFactory())
    Proposition.objects.filter(pk=taken.pk).update(state="withdrawn")
    record("phase.moved", asked, by=None)
    Phase.objects.filter(page=asked.page).update(opens_at=FRIDAY, closes_at=FRIDAY + timedelta(days=30))
    digests.note_dates(until=timezone.now() + timedelta(days=1))
    happened()
    long_followed(reader)
    digests.promise_due(at=MONDAY)
    words = said(Letter.objects.get(kind=digests.DIGEST))
    for expected in ("retenue", "retirée", "est ouverte jusqu’au", "Des dates ont changé"):
        assert expected in words, expected


def test_the_digest_asks_as_many_questions_for_one_thing_as_for_thirty(
    asked, reader, django_assert_max_num_queries
) -> None:
    for number in range(1, 31):
        one = proposition(asked, number=number)
        following.follow(one, by=reader)
        arguments.argue(asked, number, Side.FOR, "Oui.", by=participant_of(UserFactory()))
    long_followed(reader)
    happened()
    digests.promise_due(at=MONDAY)
    digest = Digest.objects.get()
    with django_assert_max_num_queries(14):
        digests.read(digest)
    with django_assert_max_num_queries(16):
        letters.render_digest(Letter.objects.get(kind=digests.DIGEST))


def test_the_page_of_follows_asks_as_many_questions_for_thirty(asked, reader, client, django_assert_max_num_queries):
    client.force_login(reader.user)
    for number in range(1, 31):
        following.follow(proposition(asked, number=number), by=reader)
    with django_assert_max_num_queries(12):
        client.get(reverse("consult:follows"))


def _ring_at_once(times: int = 8) -> list[BaseException]:
    failed: list[BaseException] = []
    start = threading.Barrier(times)

    def ring():
        start.wait()
        try:
            digests.promise_due(at=MONDAY)
        except Exception as error:  # noqa: BLE001  (whatever a thread meets is told by the test)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ring) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.fixture
def _fifteen_readers(asked, reader):
    for _ in range(14):
        following.follow(asked, by=participant_of(UserFactory()))
    Follow.objects.update(since=MONDAY - timedelta(days=30))
    proposition(asked)
    happened()


@pytest.mark.usefixtures("_fifteen_readers")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_clock_rings_eight_times_at_once_and_each_is_told_once() -> None:
    assert _ring_at_once() == []
    digests.promise_due(at=MONDAY)
    assert Digest.objects.count() == 15
    assert Letter.objects.filter(kind=digests.DIGEST).count() == 15


@pytest.mark.usefixtures("_fifteen_readers")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_when_nothing_remembers_who_was_told_people_are_told_twice(monkeypatch) -> None:
    """Without the constraints of digests and letters, nor the question of who was told: thirty letters for fifteen."""
    everybody = Participant.objects
    constraints = ("one_digest_a_period", "a_digest_never_repeats")
    with connection.cursor() as cursor:
        for name in constraints:
            cursor.execute(f"ALTER TABLE consult_digest DROP CONSTRAINT {name}")
        cursor.execute("ALTER TABLE letters_letter DROP CONSTRAINT one_letter_per_person_and_campaign")
    try:
        due = digests._due
        keys = list(due(digests.periods(MONDAY)[Frequency.WEEK]).values_list("pk", flat=True))
        period = digests.periods(MONDAY)[Frequency.WEEK]
        again = everybody.filter(pk__in=keys).annotate(told_until=digests._ALWAYS)
        monkeypatch.setattr(digests, "_due", lambda _period: again)
        digests._promise_some(keys, Frequency.WEEK, period)
        digests._promise_some(keys, Frequency.WEEK, period)
        assert Letter.objects.filter(kind=digests.DIGEST).count() == 30
    finally:
        Digest.objects.all().delete()
        Letter.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE consult_digest ADD CONSTRAINT one_digest_a_period UNIQUE (participant_id, period),"
                " ADD CONSTRAINT a_digest_never_repeats"
                " EXCLUDE USING gist (participant_id WITH =, TSTZRANGE(since, until) WITH &&)"
            )
            cursor.execute(
                "ALTER TABLE letters_letter ADD CONSTRAINT one_letter_per_person_and_campaign"
                " UNIQUE (campaign, recipient_key)"
            )


def test_a_worker_that_dies_leaves_the_others_to_be_told(asked, reader, monkeypatch) -> None:
    second = participant_of(UserFactory())
    following.follow(asked, by=second)
    Follow.objects.update(since=MONDAY - timedelta(days=30))
    proposition(asked)
    happened()
    monkeypatch.setattr(digests, "AT_ONCE", 1)
    real, calls = digests._promise_one, []

    def dies(person, *args, **kwargs):
        calls.append(person)
        if len(calls) == 2:
            raise SystemExit
        return real(person, *args, **kwargs)

    monkeypatch.setattr(digests, "_promise_one", dies)
    with pytest.raises(SystemExit):
        digests.promise_due(at=MONDAY)
    assert Digest.objects.count() == 1
    monkeypatch.setattr(digests, "_promise_one", real)
    assert digests.promise_due(at=MONDAY) == 1
    assert Letter.objects.filter(kind=digests.DIGEST).count() == 2


def test_a_visitor_whose_address_is_confirmed_follows_and_is_told(asked, client) -> None:
    visitor = Participant.objects.create(
        email="visite@site.example", email_key=email_key("visite@site.example"), name="Ana", confirmed_at=timezone.now()
    )
    session = client.session
    session["consult.visitor"] = visitor.pk
    session.save()
    client.post(reverse("consult:follow", args=[asked.page.slug]), {"follow": "1"})
    assert asked.page.title in client.get(reverse("consult:follows")).content.decode()
    long_followed(visitor)
    proposition(asked)
    happened()
    assert digests.promise_due(at=MONDAY) == 1
    assert Letter.objects.get(kind=digests.DIGEST).address == "visite@site.example"
