"""Two workers at once, a worker killed in the middle, a broker that is away. Every defence has its control."""

import logging
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.db.models.functions import Now

from letters import delivery, tasks
from letters.choices import LetterState
from letters.models import Letter
from tests.addresses import address_of_the_database
from tests.letters.conftest import RECEIPT, SECRET_ADDRESS

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("_no_broker")]

ROOT = Path(__file__).resolve().parents[2]
WORKER = f"""
import django
django.setup()
from letters import delivery, renderers
renderers.declare({RECEIPT!r}, lambda letter: renderers.Message(subject="Fiche", text="Fiche"))
print("ready", flush=True)
delivery.deliver(int(input()))
"""


def deliver_from_two_connections(letter):
    barrier = Barrier(2)

    def work():
        try:
            barrier.wait()
            tasks.deliver(letter.pk)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_with_the_same_letter_send_one_mail(post, promised):
    letter = promised()
    deliver_from_two_connections(letter)
    assert post.message_ids == [letter.message_id]


def test_control_without_the_claim_two_workers_send_two_mails(post, promised, monkeypatch):
    monkeypatch.setattr(delivery, "_claim", lambda pk: Letter.objects.due().filter(pk=pk).first())
    barrier = Barrier(2)
    carry = delivery.carry
    monkeypatch.setattr(delivery, "carry", lambda *args: barrier.wait(5) is None or carry(*args))
    deliver_from_two_connections(promised())
    assert len(post.mails) == 2


def test_many_sweepers_send_each_letter_once(post, promised):
    letters = [promised(key) for key in range(12)]
    Letter.objects.update(promised_at=Now() - timedelta(minutes=1))

    def work():
        try:
            tasks.sweep()
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(post.message_ids) == sorted(letter.message_id for letter in letters)


def start_worker(settings):
    """Another process on the same database and the same post."""
    url = address_of_the_database()
    script = WORKER.replace(
        "django.setup()",
        "from django.conf import settings; settings.EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'\n"
        f"settings.EMAIL_HOST, settings.EMAIL_PORT = {settings.EMAIL_HOST!r}, {settings.EMAIL_PORT!r}\n"
        "django.setup()",
    )
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    worker = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout.readline() == "ready\n"
    return worker


def kill_a_worker_after_the_post_took_the_mail(letter, post, settings):
    """The server has the mail; the worker is killed -9 before it hears so."""
    with start_worker(settings) as worker:
        post.on_data = lambda server: os.kill(worker.pid, signal.SIGKILL) or time.sleep(0.2) or "250 too late"
        worker.stdin.write(f"{letter.pk}\n")
        worker.stdin.flush()
        assert worker.wait(20) == -signal.SIGKILL
    post.on_data = None
    letter.refresh_from_db()
    assert letter.state == LetterState.IN_FLIGHT
    assert len(post.mails) == 1


def test_a_receipt_whose_worker_was_killed_leaves_again_under_the_same_message_id(post, promised, settings):
    letter = promised()
    kill_a_worker_after_the_post_took_the_mail(letter, post, settings)
    tasks.deliver(letter.pk)  # Celery hands the lost task to another worker
    tasks.sweep()
    assert len(post.mails) == 1, "within five minutes the first worker might still be there"
    Letter.objects.update(tried_at=Now() - timedelta(minutes=6), promised_at=Now() - timedelta(minutes=6))
    tasks.sweep()
    assert post.message_ids == [letter.message_id] * 2
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT


def test_a_mass_letter_whose_worker_was_killed_waits_for_a_person(post, promised, settings):
    letter = promised(is_mass=True)
    kill_a_worker_after_the_post_took_the_mail(letter, post, settings)
    tasks.deliver(letter.pk)
    Letter.objects.update(tried_at=Now() - timedelta(days=3), promised_at=Now() - timedelta(days=3))
    for _ in range(3):
        tasks.sweep()
    assert len(post.mails) == 1
    letter.refresh_from_db()
    assert letter.state == LetterState.UNKNOWN
    assert list(Letter.objects.to_look_at()) == [letter]


def test_with_the_broker_down_the_promise_holds_and_the_sweeper_keeps_it(post, promised, caplog):
    begun = time.monotonic()
    with transaction.atomic():
        letter = promised()
    assert time.monotonic() - begun < 15, "the person at the door waits for no broker"
    assert "waits for the sweeper" in caplog.text
    Letter.objects.update(promised_at=Now() - timedelta(seconds=11))
    tasks.sweep()
    assert post.message_ids == [letter.message_id]


def test_the_doorbell_rings_after_commit_with_a_key_and_nothing_else(broker, promised):
    broker("memory://")
    with transaction.atomic():
        letter = promised()
    with current_app.connection() as bell:
        queue = bell.SimpleQueue("celery")
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.payload[0] == [letter.pk]
    assert message.payload[1] == {}
    assert SECRET_ADDRESS not in repr(message.payload) + repr(message.headers) + repr(message.properties)


@pytest.mark.parametrize("answer", ["550 no such <{address}>", "450 later, {address}", None])
def test_no_log_line_and_no_error_holds_an_address(post, promised, caplog, answer):
    caplog.set_level(logging.DEBUG)
    post.rcpt_answer = answer
    letter = promised()
    tasks.deliver(letter.pk)
    ours = [record for record in caplog.records if record.name != "mail.log"]  # the SMTP server of the test
    assert SECRET_ADDRESS not in "\n".join(logging.Formatter().format(record) for record in ours)
    letter.refresh_from_db()
    assert SECRET_ADDRESS not in letter.error


def test_a_renderer_that_quotes_the_address_in_its_error_does_not_reach_the_log(promised, caplog, monkeypatch):
    def quote(letter):
        raise ValueError(letter.address)

    monkeypatch.setattr(delivery, "render", quote)
    letter = promised()
    tasks.deliver(letter.pk)
    assert "ValueError" in caplog.text
    assert SECRET_ADDRESS not in caplog.text


def test_the_address_is_encrypted_in_the_database(promised):
    promised()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(letters_letter)::text FROM letters_letter")
        (row,) = cursor.fetchone()
    assert "secret-address" not in row
    assert django_settings.SECRET_KEY not in row
