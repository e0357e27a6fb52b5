"""From the promise to the post: each letter once, receipts until they arrive, mass letters never on doubt."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from letters import actions, carriers, delivery, renderers, tasks
from letters.choices import Channel, LetterState
from letters.models import DELAYS, MAX_ATTEMPTS, Letter
from tests.letters.conftest import RECEIPT, SECRET_ADDRESS

pytestmark = [pytest.mark.django_db]


def later(letter, delay):
    """Let time pass for this letter."""
    Letter.objects.filter(pk=letter.pk).update(
        promised_at=Now() - delay, tried_at=None if letter.tried_at is None else letter.tried_at - delay
    )


def state_of(letter):
    letter.refresh_from_db()
    return letter.state


def test_a_letter_arrives_with_both_parts_and_the_headers_of_a_machine(post, promised):
    letter = promised(7)
    tasks.deliver(letter.pk)
    (mail,) = post.mails
    assert post.recipients == [SECRET_ADDRESS]
    assert mail["Message-ID"] == letter.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "Votre fiche n° 7"
    text, html = mail.get_body(["plain"]).get_content(), mail.get_body(["html"]).get_content()
    assert "fiche 7, « été »" in text
    assert 'href="https://valbourg.example/suivi/"' in html
    assert "<h1>Votre fiche n° 7</h1>" in html
    assert state_of(letter) == LetterState.SENT
    assert letter.sent_at is not None


@pytest.mark.parametrize(("language", "word"), [("fr", "Oui"), ("en", "Yes")])
def test_a_letter_is_written_in_the_language_of_the_person(post, promised, language, word):
    tasks.deliver(promised(language=language).pk)
    assert word in post.mails[0].get_body(["plain"]).get_content()
    assert f'lang="{language}"' in post.mails[0].get_body(["html"]).get_content()


def test_the_same_campaign_reaches_a_person_once(promised):
    assert promised(1) is not None
    assert promised(1, recipient=f" {SECRET_ADDRESS.upper()} ") is None
    assert Letter.objects.count() == 1


def test_a_promise_that_is_rolled_back_was_never_made(promised):
    with transaction.atomic():
        promised()
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_a_delivered_letter_is_never_delivered_again(post, promised):
    letter = promised()
    for _ in range(3):
        tasks.deliver(letter.pk)
    assert len(post.mails) == 1


def test_paper_is_left_to_people(post, promised):
    letter = promised(channel=Channel.PRINT, address="")
    later(letter, timedelta(days=1))
    tasks.deliver(letter.pk)
    tasks.sweep()
    assert state_of(letter) == LetterState.PROMISED
    assert post.mails == []


def test_the_sweeper_leaves_fresh_promises_to_the_doorbell_and_takes_the_missed_ones(post, promised):
    fresh, missed = promised(1), promised(2)
    later(missed, timedelta(seconds=11))
    tasks.sweep()
    assert state_of(fresh) == LetterState.PROMISED
    assert state_of(missed) == LetterState.SENT


def test_a_receipt_is_tried_again_after_growing_delays_then_shown_to_a_person(no_post, promised, monkeypatch):
    monkeypatch.setattr(carriers, "SILENCE", 0)
    letter = promised()
    for attempt, delay in enumerate(DELAYS, start=1):
        tasks.deliver(letter.pk)
        assert (state_of(letter), letter.attempts) == (LetterState.PROMISED, attempt)
        later(letter, delay - timedelta(seconds=20))
        tasks.sweep()
        assert state_of(letter) == LetterState.PROMISED
        assert letter.attempts == attempt
        later(letter, timedelta(seconds=21))
    tasks.sweep()
    assert (state_of(letter), letter.attempts) == (LetterState.FAILED, MAX_ATTEMPTS)
    assert letter.error == "ConnectionRefusedError"
    assert list(Letter.objects.to_look_at()) == [letter]
    assert sorted(DELAYS) == list(DELAYS)


def test_every_attempt_bears_the_same_message_id(post, promised):
    letter = promised()
    post.on_data = lambda server: "451 come back"
    tasks.deliver(letter.pk)
    letter.refresh_from_db()
    later(letter, DELAYS[0])
    post.on_data = None
    tasks.sweep()
    assert post.message_ids == [letter.message_id] * 2
    assert state_of(letter) == LetterState.SENT


def test_a_server_that_is_away_keeps_nobody_waiting_twice(no_post, promised, post_attempts):
    letters = [promised(key) for key in range(5)]
    for letter in letters:
        tasks.deliver(letter.pk)
    assert len(post_attempts) == 1
    assert all(state_of(letter) == LetterState.PROMISED for letter in letters)


@pytest.fixture
def post_attempts(monkeypatch):
    attempts, get_connection = [], carriers.get_connection
    monkeypatch.setattr(carriers, "get_connection", lambda: attempts.append(1) or get_connection())
    return attempts


@pytest.mark.parametrize("is_mass", [True, False])
@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no {address} here", LetterState.FAILED), ("450 greylisted {address}", LetterState.PROMISED)],
)
def test_what_the_server_refuses_is_final_and_what_it_postpones_is_not(post, promised, is_mass, answer, state):
    post.rcpt_answer = answer
    letter = promised(is_mass=is_mass)
    tasks.deliver(letter.pk)
    assert state_of(letter) == state
    assert letter.error == f"SMTPRecipientsRefused {answer[:3]}"


@pytest.mark.parametrize(("is_mass", "state"), [(True, LetterState.UNKNOWN), (False, LetterState.PROMISED)])
def test_a_conversation_that_breaks_off_leaves_a_mass_letter_to_a_person(post, promised, is_mass, state):
    post.on_data = lambda server: server.transport.abort() or "250 never heard"
    letter = promised(is_mass=is_mass)
    tasks.deliver(letter.pk)
    assert state_of(letter) == state
    later(letter, timedelta(days=2))
    post.on_data = None
    tasks.sweep()
    assert len(post.mails) == (1 if is_mass else 2)


@pytest.mark.parametrize("address", ["pas une adresse", "a@b\nBcc: c@d.example", "x" * 400 + "@demo.example", ""])
def test_an_address_that_is_none_fails_and_is_shown(post, promised, address):
    letter = promised(address=address)
    tasks.deliver(letter.pk)
    assert state_of(letter) == LetterState.FAILED
    assert post.mails == []


def test_a_letter_that_cannot_be_written_fails_and_does_not_stop_the_others(post, promised):
    bad, good = promised(1), promised(2)
    Letter.objects.filter(pk=bad.pk).update(kind="test.nobody_declared_it")
    for letter in (bad, good):
        later(letter, timedelta(minutes=1))
    tasks.sweep()
    assert state_of(bad) == LetterState.FAILED
    assert state_of(good) == LetterState.SENT


def encrypted_with_a_lost_key(letter):
    kept = Fernet(Fernet.generate_key()).encrypt(b"perdue@demo.example").decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE letters_letter SET address = %s WHERE id = %s", [kept, letter.pk])
    later(letter, timedelta(minutes=1))


def test_a_letter_whose_key_is_lost_waits_for_a_person_and_the_others_leave(post, promised, client):
    lost, good = promised(1), promised(2)
    encrypted_with_a_lost_key(lost)
    later(good, timedelta(minutes=1))
    tasks.sweep()
    assert len(post.mails) == 1
    assert state_of(good) == LetterState.SENT
    (shown,) = Letter.objects.to_look_at()
    assert (shown.pk, shown.state, shown.has_address) == (lost.pk, LetterState.FAILED, True)
    tasks.sweep()
    client.force_login(User.objects.create_superuser("admin@demo.example", name="Admin"))
    page = client.get(reverse("accounts_letters")).content.decode()
    assert "CAHIER_ENCRYPTION_KEYS" in page
    assert reverse("accounts_letter_act", args=[lost.pk, "renvoyer"]) in page


def test_a_letter_set_aside_leaves_again_once_its_key_is_back(post, promised, settings):
    letter = promised()
    written_with, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, [Fernet.generate_key().decode()]
    later(Letter(pk=letter.pk), timedelta(minutes=1))
    tasks.sweep()
    (shown,) = Letter.objects.to_look_at()
    settings.ENCRYPTION_KEYS = written_with
    actions.send_again(shown)
    tasks.deliver(letter.pk)
    assert post.recipients == [SECRET_ADDRESS]


def test_letters_about_things_that_are_gone_stop_no_other(post, promised):
    kinds = sorted(renderers._renderers)
    about = [promised(key) for key, _kind in enumerate(kinds, start=1)]
    for letter, kind in zip(about, kinds, strict=True):
        Letter.objects.filter(pk=letter.pk).update(kind=kind, key=0)
    good = promised(len(kinds) + 1)
    for letter in (*about, good):
        later(letter, timedelta(minutes=1))
    tasks.sweep()
    assert state_of(good) == LetterState.SENT
    assert not Letter.objects.exclude(state__in=[LetterState.SENT, LetterState.FAILED]), "tried again for ever"
    assert all(letter.error for letter in Letter.objects.to_look_at())


class TestWhatPeopleDecide:
    def test_a_doubtful_letter_is_marked_sent(self, promised):
        letter = promised(is_mass=True)
        Letter.objects.update(state=LetterState.UNKNOWN)
        actions.mark_sent(letter)
        assert state_of(letter) == LetterState.SENT

    @pytest.mark.parametrize("state", [LetterState.UNKNOWN, LetterState.FAILED])
    def test_a_doubtful_or_failed_letter_leaves_again_when_somebody_says_so(self, post, promised, state):
        letter = promised(is_mass=True)
        Letter.objects.update(state=state, attempts=MAX_ATTEMPTS, tried_at=Now())
        actions.send_again(letter)
        tasks.deliver(letter.pk)
        assert len(post.mails) == 1
        assert state_of(letter) == LetterState.SENT

    @pytest.mark.parametrize("state", [LetterState.PROMISED, LetterState.IN_FLIGHT, LetterState.SENT])
    @pytest.mark.parametrize("act", [actions.mark_sent, actions.send_again])
    def test_other_letters_wait_for_no_decision(self, promised, state, act):
        letter = promised()
        Letter.objects.update(state=state)
        with pytest.raises(actions.AlreadyDecided):
            act(letter)
        assert state_of(letter) == state

    def test_a_failed_letter_cannot_be_called_sent(self, promised):
        letter = promised()
        Letter.objects.update(state=LetterState.FAILED)
        with pytest.raises(actions.AlreadyDecided):
            actions.mark_sent(letter)

    def test_a_forgotten_person_receives_nothing_more_and_leaves_no_address(self, post, promised):
        letter, other = promised(1), promised(2, recipient="b@demo.example", address="b@demo.example")
        actions.forget(SECRET_ADDRESS, kinds=RECEIPT)
        for promise in (letter, other):
            tasks.deliver(promise.pk)
        assert post.recipients == ["b@demo.example"]
        letter.refresh_from_db()
        assert letter.address == ""
        with pytest.raises(actions.AlreadyDecided):
            actions.send_again(letter)


def test_a_letter_that_kills_every_worker_ends_before_a_person(promised):
    letter = promised()
    Letter.objects.update(state=LetterState.IN_FLIGHT, attempts=MAX_ATTEMPTS, tried_at=Now() - timedelta(minutes=6))
    delivery.recover()
    assert state_of(letter) == LetterState.FAILED
