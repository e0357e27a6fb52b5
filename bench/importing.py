"""Ten thousand past fiches, from the file to the board: ``./cahier bench importing [--fiches N]``.

The file is received and checked, imported, cut, and grouped, by the acts that the pages and the worker call, in one
process; then its owner opens the board. Texts are recombined from real sentences (``bench._recombined``): a sentence
or three on one of 156 subjects, two letters in a hundred mistyped. Wall and CPU seconds of this process: what
PostgreSQL spends stands in the wall.
"""

import argparse
import csv
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from bench import _recombined

RESULTS = Path(__file__).parent / "results"
OPENED = 5  # times the board is opened


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.importing", description=__doc__)
    parser.add_argument("--fiches", type=int, default=10_000)
    wanted = parser.parse_args().fiches
    if not _recombined.DATA.is_dir():
        print(f"bench importing: no data in {_recombined.DATA}", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.conf import settings

    settings.CLUSTERING_ENCODER = "clustering.encode"  # tests go by words alone; a town does not
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        report = measured(wanted)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "importing.json").write_text(json.dumps(report, indent=1) + "\n")
    show(report)
    return 0


def measured(wanted: int) -> dict[str, Any]:
    from unittest import mock

    from feedback import importing, tasks
    from feedback.actions import importing as acts
    from feedback.importing import placing
    from feedback.models import Fiche, PainPoint, Segment
    from tests.factories import ServiceFactory, UserFactory

    content = file_of(wanted)
    service = ServiceFactory()
    owner = UserFactory(owns=[service])
    stages: dict[str, tuple[float, float]] = {}
    with mock.patch.object(tasks, "ring"):  # each stage is called here, in turn
        brought = timed(
            stages, "received", lambda: acts.upload(service=service, content=content, file_name="a.csv", by=owner)
        )
        timed(stages, "checked", lambda: acts.check(brought, mapping=importing.Mapping.of(brought.mapping)))
        acts.start(brought, by=owner)
        timed(stages, "imported", lambda: acts.run(brought.pk))
        timed(stages, "cut and grouped", lambda: placing.place(brought))
    return {
        "fiches": Fiche.objects.count(),
        "passages": Segment.objects.count(),
        "pain points": PainPoint.objects.count(),
        "to sort": Segment.objects.unplaced().count(),
        "stages": {name: {"wall s": round(wall, 1), "CPU s": round(cpu, 1)} for name, (wall, cpu) in stages.items()},
        "board": board(owner),
    }


def file_of(wanted: int) -> bytes:
    texts, _topics = _recombined.recombined(wanted)
    file = io.StringIO()
    table = csv.writer(file, delimiter=";")
    table.writerow(["Remarque", "Date de dépôt"])
    table.writerows((" ".join(text.split()), f"{1 + n % 28:02}/{1 + n % 9:02}/2025") for n, text in enumerate(texts))
    return file.getvalue().encode()


def timed(stages: dict[str, tuple[float, float]], name: str, act: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    done = act()
    stages[name] = (time.perf_counter() - wall, time.process_time() - cpu)
    return done


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
        wall, cpu = time.perf_counter(), time.process_time()
        client.get(address)
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = (round(1000 * min(column), 1) for column in zip(*spent, strict=True))
    return {"wall ms": wall, "CPU ms": cpu}


def show(report: dict[str, Any]) -> None:
    print({name: value for name, value in report.items() if name != "stages"})
    for name, spent in report["stages"].items():
        print(f"{name:18} {spent['wall s']:7.1f} s wall {spent['CPU s']:7.1f} s CPU")
    for kind in ("wall s", "CPU s"):
        print(f"in all, {kind}: {sum(spent[kind] for spent in report['stages'].values()):.1f}")


if __name__ == "__main__":
    sys.exit(main())
