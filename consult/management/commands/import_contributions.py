"""``manage.py import_contributions FILE --consultation SLUG``: all the contributions of a file, or none."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from consult import importing
from consult.actions import importing as acts
from consult.choices import ImportedKind
from consult.errors import RuleBroken
from consult.models import Consultation, ContributionImport, Section
from moderation.choices import Timing


class Command(BaseCommand):
    help = (
        "Imports propositions or arguments of another platform (CSV, JSON); refused lines are told with their numbers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--consultation", required=True, metavar="SLUG")
        parser.add_argument("--kind", choices=ImportedKind.values, default=ImportedKind.PROPOSITIONS)
        parser.add_argument("--platform", default="", help="its name, when its columns do not tell")
        parser.add_argument("--section", default="", help="title of the section of all the lines")
        parser.add_argument("--moderation", choices=Timing.values, default=Timing.BEFORE)
        parser.add_argument("--past", action="store_true", help="said before: a closed phase does not refuse it")
        parser.add_argument("--dry-run", action="store_true", help="check every line, import nothing")
        names = ", ".join(field.name for field in importing.FIELDS)
        parser.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN", help=names)

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        consultation = Consultation.objects.filter(page__slug=options["consultation"]).select_related("page").first()
        if consultation is None:
            raise CommandError(f"no consultation {options['consultation']}")
        try:
            with transaction.atomic():
                brought = self._brought(consultation, file, options)
                if dry_run:
                    self._told(acts.look(brought), dry_run=True)
                    transaction.set_rollback(True)
                else:
                    self._run(brought)
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}") from error
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken

    def _brought(self, consultation: Consultation, file: Path, options: dict[str, Any]) -> ContributionImport:
        section = Section.objects.filter(page=consultation.page_id, title=options["section"]).first()
        if options["section"] and section is None:
            raise CommandError(f"no section {options['section']}")
        brought = acts.bring(
            consultation,
            file.read_bytes(),
            kind=ImportedKind(options["kind"]),
            platform=options["platform"],
            file_name=file.name,
            by=None,
            section=section,
            timing=Timing(options["moderation"]),
            is_past=options["past"],
        )
        told = dict(pair.split("=", 1) for pair in options["column"] if "=" in pair)
        if told:
            acts.choose_columns(brought, {**brought.columns, **told})
        return brought

    def _run(self, brought: ContributionImport) -> None:
        ready = acts.look(brought)
        self._told(ready, dry_run=False)
        done = acts.run(brought, by=None)
        self.stdout.write(f"{done.imported} imported, {ready.already} already here, {ready.aside} left aside")

    def _told(self, ready: acts.Ready, *, dry_run: bool) -> None:
        for one in ready.rejects:
            self.stderr.write(f"line {one.rank}, {one.column}: {one.problem}")
        if ready.rejects:
            raise CommandError(f"{len({one.rank for one in ready.rejects})} lines refused, nothing was imported")
        if dry_run:
            self.stdout.write(f"{len(ready.new)} to import, {ready.already} already here, {ready.aside} left aside")
