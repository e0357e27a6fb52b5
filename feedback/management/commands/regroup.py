"""``manage.py regroup``: group again, keeping identities and human decisions.

It only adds. ``--full`` prepares a proposal for each service, which its owners read under /pilotage/ and accept or not.
``--full --apply`` writes what no person decided, without asking anybody.
"""

from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from directory.models import Service
from feedback import grouping
from feedback.actions import regrouping
from feedback.choices import ChangeKind, Resolution
from feedback.models import GroupingRun

FRENCH = {
    "passages": "passages lus",
    "grown": "irritants qui grandissent",
    "new": "nouveaux irritants",
    "unplaced": "passages à trier",
    "moved": "passages déplacés",
    "retired": "suggestions vides retirées",
    ChangeKind.SPLIT: "irritants à séparer",
    ChangeKind.MERGE: "irritants à réunir",
    ChangeKind.MOVE: "déplacements",
    ChangeKind.LEAVE: "départs",
}


class Command(BaseCommand):
    help = "Group the fiches again; numbers and human decisions are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--service", help="slug of one service; all of them otherwise")
        parser.add_argument(
            "--full", action="store_true", help="group again what the machine had grouped, too: prepares proposals"
        )
        parser.add_argument("--apply", action="store_true", help="with --full: write the result, nobody is asked")
        parser.add_argument(
            "--resolution",
            choices=Resolution.values,
            default="",
            help="how finely; the choice of each service otherwise",
        )

    def handle(self, *, service: str | None, full: bool, apply: bool, resolution: str, **_: object) -> None:
        if apply and not full:
            raise CommandError("--apply va avec --full : sans lui, rien n’est à accepter.")
        chosen = _service(service)
        if full and not apply:
            self._propose([chosen] if chosen else Service.objects.filter(fiches__isnull=False).distinct(), resolution)
            return
        with tqdm(total=1, unit="passage", disable=None) as bar:
            run = grouping.regroup(
                service=chosen, full=full, resolution=resolution, progress=lambda done, of: _show(bar, done, of)
            )
        self.stdout.write(f"Regroupement n° {run.pk} : {_told(run)}.")

    def _propose(self, services: Iterable[Service], resolution: str) -> None:
        for service in services:
            asked = Resolution(resolution) if resolution else regrouping.resolution_of(service)
            try:
                proposal = regrouping.ask(service, resolution=asked, by=None)
            except regrouping.AlreadyProposed:
                self.stdout.write(f"{service} : une proposition attend déjà.")
                continue
            grouping.finish_here(proposal.run)
            self.stdout.write(f"{service} : {_told(proposal.run)}. À lire : {proposal.get_absolute_url()}")


def _told(run: GroupingRun) -> str:
    return ", ".join(f"{count} {FRENCH[name]}" for name, count in run.figures.items() if count) or "rien à faire"


def _service(slug: str | None) -> Service | None:
    try:
        return Service.objects.get(slug=slug) if slug else None
    except Service.DoesNotExist:
        raise CommandError(f"Aucun service « {slug} ».") from None


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
