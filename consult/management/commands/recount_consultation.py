"""``manage.py recount_consultation [SLUG] [--repair]``: the counters beside the rows; each difference is a line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consult import counting
from consult.models import Consultation


class Command(BaseCommand):
    help = "Compares the counters of consultations with their rows; fails when one is wrong and not repaired."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", default="", help="one consultation; all of them without it")
        parser.add_argument("--repair", action="store_true", help="write the true figures, alone")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Consultation.objects.select_related("page").order_by("pk")
        chosen = list(asked.filter(page__slug=options["slug"]) if options["slug"] else asked)
        if options["slug"] and not chosen:
            raise CommandError(f"no consultation {options['slug']}")
        wrong = 0
        for one in chosen:
            found = counting.recount(one) if options["repair"] else counting.differences(one)
            wrong += len(found)
            for each in found:
                self.stdout.write(f"{one.page.slug}: {each.row}, {each.counter}: {each.kept} kept, {each.true} true")
        if wrong and not options["repair"]:
            raise CommandError(f"{wrong} counters are wrong")
        self.stdout.write(f"{len(chosen)} consultations, {wrong} counters put right")
