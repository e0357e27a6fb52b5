"""A night's regrouping by 1 and by 2 workers, on generated fiches: processor seconds, and what it found.

    DATABASE_URL=postgresql://…/an_empty_database python bench/regroup.py 5000

The database must be migrated and empty; each pass leaves it empty again. The texts say one of 40 things in many ways:
they measure the time, not the quality. ``--semantic`` reads their meaning too, as the product does by default.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

WHO = ["ma fille", "mon père", "notre voisine", "un collègue", "mon fils", "une amie", "ma mère", "le gardien"]
WHEN = ["hier", "ce matin", "depuis juin", "chaque mois", "encore une fois", "la semaine passée", "tout l’été"]
WHAT = [
    f"{thing} {trouble}"
    for thing in (
        "le justificatif de domicile", "l’ascenseur de la gare", "le portail de paiement", "le guichet du soir",
        "la liste d’attente", "le créneau de passeport", "la poubelle jaune", "le menu de la cantine",
    )
    for trouble in ("est redemandé", "ne marche pas", "reste sans réponse", "ferme trop tôt", "a disparu")
]  # fmt: skip
END = ["Que faire", "Personne ne répond", "C’est fatigant", "Merci de voir cela", "Je ne comprends pas", "Cela dure"]


def load(passages: int) -> None:
    from django.utils import timezone

    from directory.models import Administration, Service
    from feedback.models import Fiche, Segment

    chance = random.Random(1)
    homes = [Administration.objects.create(name=f"Banc {n}", slug=f"banc-{n}") for n in range(2)]
    services = [
        Service.objects.create(administration=homes[n % 2], name=f"Banc {n}", slug=f"banc-service-{n}")
        for n in range(16)
    ]
    today = timezone.localdate()
    fiches = Fiche.objects.bulk_create(
        [
            Fiche(
                reference=f"B-{n:07}",
                service=services[n % 16],
                channel="import",
                received_on=today,
                masked_text=_text(chance, n),
            )
            for n in range(passages)
        ]
    )
    Segment.objects.bulk_create(
        [Segment(fiche=one, position=0, start=0, end=len(one.masked_text), text=one.masked_text) for one in fiches]
    )


def _text(chance: random.Random, n: int) -> str:
    said = f"{WHAT[chance.randrange(40)]} {chance.choice(WHEN)}, dit {chance.choice(WHO)}"
    return f"{said[0].upper()}{said[1:]}. {chance.choice(END)}, dossier {n % 977}."


def work() -> None:
    """One worker: any part that may start and that nobody holds, until the run is over."""
    import django

    django.setup()
    from feedback import grouping
    from feedback.models import GroupingRun

    grouping.finish_here(GroupingRun.objects.latest("pk"))


def measure(workers: int, passages: int) -> dict[str, object]:
    from django.db import connection
    from django.db.models import Sum

    from feedback import grouping
    from feedback.grouping import partition
    from feedback.models import GroupingRun, Membership

    load(passages)
    partition.TOGETHER = passages // 4  # each administration is shared out by service
    run = grouping.plan("add")
    parts = run.parts.count()
    connection.close()
    began = time.monotonic()
    started = [multiprocessing.get_context("spawn").Process(target=work) for _ in range(workers)]
    for one in started:
        one.start()
    for one in started:
        one.join()
    wall = time.monotonic() - began
    run = GroupingRun.objects.get(pk=run.pk)
    cpu = run.parts.aggregate(n=Sum("cpu_seconds"))["n"]
    result = {"workers": workers, "passages": passages, "parts": parts, "cpu_seconds": round(cpu, 1)}
    result |= {"wall_seconds": round(wall, 1), "figures": run.figures, "placed": Membership.objects.count()}
    empty()
    return result


def empty() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=int, nargs="?", default=5000)
    parser.add_argument("--semantic", action="store_true")
    given = parser.parse_args()
    if not given.semantic:
        os.environ["CAHIER_ENCODER"] = ""
    import django

    django.setup()
    from directory.models import Administration

    if Administration.objects.exists():
        parser.error("this database is not empty: give one that may be emptied")
    for workers in (1, 2):
        print(json.dumps(measure(workers, given.passages), ensure_ascii=False))


if __name__ == "__main__":
    main()
