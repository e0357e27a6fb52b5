"""Ten thousand past fiches, from the file to the board: ``./cahier bench importing [--fiches N] [--words]``.

The file is received and checked as the page does; then Celery workers, started as ``./cahier up`` starts them, import
it, cut it, encode it and group it, while a fiche is filed by somebody; then its owner opens the board. Texts are
recombined from real sentences (``bench._recombined``): a sentence or three on one of 156 subjects, two letters in a
hundred mistyped. CPU seconds are those of the workers, with those of their PostgreSQL sessions beside. ``projected``
is what the wall would be on two free cores: all that one worker does alone, half of what they share.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

from bench import _recombined

RESULTS = Path(__file__).parent / "results"
ROOT = Path(__file__).resolve().parents[1]
OPENED = 5  # times the board is opened
SHARED = "cut and encoded"  # the step that workers share
TICKS = os.sysconf("SC_CLK_TCK")
CITIZEN = "Le car passe trop tôt le matin et ma fille arrive en retard au collège."


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.importing", description=__doc__)
    parser.add_argument("--fiches", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--words", action="store_true", help="words alone, no encoder")
    wanted = parser.parse_args()
    if not _recombined.DATA.is_dir():
        print(f"bench importing: no data in {_recombined.DATA}", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    os.environ["CAHIER_ENCODER"] = "" if wanted.words else "clustering.encode"
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            report = measured(wanted.fiches, Stack(Path(folder), workers=wanted.workers))
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    report = {"encoder": not wanted.words, "workers": wanted.workers, **report}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "importing.json").write_text(json.dumps(report, indent=1) + "\n")
    show(report)
    return 0


class Stack:
    """A broker and workers of our own, on the database of the bench."""

    def __init__(self, folder: Path, *, workers: int):
        from celery import current_app

        from tests.addresses import address_of_the_database
        from tests.trust.test_crashes import Broker, wait_until

        self.broker = Broker(folder)
        current_app.conf.broker_url = self.broker.url
        given = {"DATABASE_URL": address_of_the_database(), "CAHIER_BROKER_URL": self.broker.url}
        logs = [folder / f"worker{rank}.log" for rank in range(workers)]
        self.workers = [self._worker(log, {**os.environ, **given}) for log in logs]
        wait_until(lambda: all(" ready." in log.read_text() for log in logs), seconds=300)

    def _worker(self, log: Path, environment: dict[str, str]) -> subprocess.Popen:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "INFO", "-n", log.stem]
        with log.open("w") as output:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)

    def spent(self) -> list[float]:
        """CPU seconds of each worker so far, then of their sessions in PostgreSQL (0 when it runs elsewhere)."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            sessions = [pid for (pid,) in cursor.fetchall()]
        return [*(cpu(one.pid) for one in self.workers), sum(map(cpu, sessions))]

    def stop(self) -> None:
        for one in self.workers:
            one.kill()
            one.wait()
        self.broker.stop()


def cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass
class Watch:
    """Steps one after the other: wall, and CPU of each worker and of PostgreSQL."""

    stack: Stack
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.began, self.before = time.perf_counter(), self.stack.spent()

    def until(self, step: str, happened: Callable[[], object]) -> None:
        while not happened():
            time.sleep(0.2)
        now, spent = time.perf_counter(), self.stack.spent()
        each = [max(0.0, round(after - before, 1)) for after, before in zip(spent, self.before, strict=True)]
        alone = max(sum(each) / 2, max(each)) if step == SHARED else sum(each)
        self.steps[step] = {
            "wall s": round(now - self.began, 1),
            "CPU s of each worker": each[:-1],
            "PostgreSQL": each[-1],
            "projected": round(alone, 1),
        }
        print(step, self.steps[step], flush=True)  # what was measured is not lost with what follows
        self.began, self.before = now, spent


def measured(wanted: int, stack: Stack) -> dict[str, Any]:
    from feedback import importing
    from feedback.actions import importing as acts
    from feedback.models import Fiche, PainPoint, Segment
    from tests.factories import ServiceFactory, UserFactory

    content = file_of(wanted)
    service = ServiceFactory()
    owner = UserFactory(owns=[service])
    received = time.process_time()
    brought = acts.upload(service=service, content=content, file_name="a.csv", by=owner)
    acts.check(brought, mapping=importing.Mapping.of(brought.mapping))
    received = time.process_time() - received
    watch = Watch(stack)
    try:
        acts.start(brought, by=owner)
        watch.until("recorded", lambda: Fiche.objects.exists())
        citizen = Citizen(service)
        watch.until(SHARED, lambda: citizen.looked_at() and cut(brought) >= wanted)
        watch.until("first pain points on the board", lambda: citizen.looked_at() and PainPoint.objects.exists())
        watch.until("all pain points", lambda: citizen.looked_at() and not waits(brought))
    finally:
        stack.stop()
    return {
        "fiches": Fiche.objects.count(),
        "passages": Segment.objects.count(),
        "pain points": PainPoint.objects.count(),
        "weak": PainPoint.objects.filter(is_weak=True).count(),
        "to sort": Segment.objects.unplaced().count(),
        "load average": [round(one, 1) for one in os.getloadavg()],
        "CPU s of receiving and checking": round(received, 1),
        "a fiche filed meanwhile is placed after, s": citizen.waited,
        "steps": watch.steps,
        "board": board(owner),
    }


class Citizen:
    """Somebody who files a fiche while the file is cut; how long until it is placed."""

    def __init__(self, service: Any):
        from feedback.actions.intake import submit_fiche

        self.filed, self.waited = time.perf_counter(), None
        self.fiche = submit_fiche(text=CITIZEN, service=service).pk

    def looked_at(self) -> bool:
        from feedback.models import Fiche

        if self.waited is None and Fiche.objects.get(pk=self.fiche).placed_at:
            self.waited = round(time.perf_counter() - self.filed, 1)
        return True


def cut(brought: Any) -> int:
    from feedback.models import Segment

    return Segment.objects.filter(fiche__imported_in=brought).values("fiche").distinct().count()


def waits(brought: Any) -> bool:
    return brought.fiches.waiting_for_placement().exists()


def file_of(wanted: int) -> bytes:
    texts, _topics = _recombined.recombined(wanted)
    file = io.StringIO()
    table = csv.writer(file, delimiter=";")
    table.writerow(["Remarque", "Date de dépôt"])
    table.writerows((" ".join(text.split()), f"{1 + n % 28:02}/{1 + n % 9:02}/2025") for n, text in enumerate(texts))
    return file.getvalue().encode()


def board(owner: Any) -> dict[str, float]:
    """The owner opens the board: the best of several times, in milliseconds."""
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(owner)
    address = reverse("feedback:board")
    assert client.get(address).status_code == 200
    spent = []
    for _time in range(OPENED):
        wall, used = time.perf_counter(), time.process_time()
        client.get(address)
        spent.append((time.perf_counter() - wall, time.process_time() - used))
    wall, used = (round(1000 * min(column), 1) for column in zip(*spent, strict=True))
    return {"wall ms": wall, "CPU ms": used}


def show(report: dict[str, Any]) -> None:
    print({name: value for name, value in report.items() if name != "steps"})
    steps = report["steps"].values()
    workers = sum(sum(one["CPU s of each worker"]) for one in steps)
    print(f"in all: {sum(one['wall s'] for one in steps):.1f} s wall, {workers:.1f} CPU s of workers")
    print(f"PostgreSQL {sum(one['PostgreSQL'] for one in steps):.1f}, projected {projected(report):.1f} s")


def projected(report: dict[str, Any]) -> float:
    return sum(one["projected"] for one in report["steps"].values())


if __name__ == "__main__":
    sys.exit(main())
