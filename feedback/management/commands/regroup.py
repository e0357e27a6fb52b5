"""``manage.py regroup [--service SLUG] [--full]``: group again, keeping identities and human decisions."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from directory.models import Service
from feedback import grouping


class Command(BaseCommand):
    help = "Group the fiches again; numbers and human decisions are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--service", help="slug of one service; all of them otherwise")
        parser.add_argument("--full", action="store_true", help="group again what the machine had grouped, too")

    def handle(self, *, service: str | None, full: bool, **_: object) -> None:
        with tqdm(total=1, unit="passage", disable=None) as bar:
            run = grouping.regroup(service=_service(service), full=full, progress=lambda done, of: _show(bar, done, of))
        figures = ", ".join(f"{name} {count}" for name, count in run.figures.items())
        self.stdout.write(f"Regroupement n° {run.pk} : {figures}.")


def _service(slug: str | None) -> Service | None:
    try:
        return Service.objects.get(slug=slug) if slug else None
    except Service.DoesNotExist:
        raise CommandError(f"Aucun service « {slug} ».") from None


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
