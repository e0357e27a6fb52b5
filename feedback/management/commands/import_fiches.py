"""``manage.py import_fiches FILE.csv --service SLUG [--dry-run]``: past feedback, all of it or nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from directory.models import Service
from feedback import importing
from feedback.actions.importing import import_now
from feedback.errors import RuleBroken
from feedback.importing import Checked, Mapping, Sheet


class Command(BaseCommand):
    help = "Imports past feedback for one service, in one transaction; refused lines are listed with their numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--service", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help=_("check every line, import nothing"))
        parser.add_argument(
            "--leave-rejects", action="store_true", help=_("import the good lines when some are refused")
        )
        parser.add_argument("--received-on", metavar="2025-12-31", help=_("day received of the lines that give none"))
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=_("a column that is not recognised: %(fields)s")
            % {"fields": ", ".join(field.name for field in importing.FIELDS)},
        )

    def handle(self, *, file: Path, service: str, dry_run: bool, leave_rejects: bool, **options: Any) -> None:
        found = _service(service)
        content = _content(file)
        try:
            sheet = importing.read(importing.text_of(content))
            mapping = _mapping(sheet, options["column"], options["received_on"])
            checked = importing.check(sheet, mapping, service=found)
            self._tell_refused(checked)
            if not dry_run and (leave_rejects or not checked.rejects):
                self._import(found, content, file.name, mapping, checked, leave_rejects=leave_rejects)
                return
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken
        self._conclude(checked, dry_run=dry_run)

    def _import(
        self, service: Service, content: bytes, name: str, mapping: Mapping, checked: Checked, *, leave_rejects: bool
    ) -> None:
        with tqdm(total=len(checked.lines), unit="fiche", file=self.stderr, disable=None, leave=False) as bar:
            brought = import_now(
                service=service,
                content=content,
                file_name=name,
                mapping=mapping,
                leave_rejects=leave_rejects,
                by=None,
                progress=lambda done: bar.update(done - bar.n),
            )
        self.stdout.write(_imported(brought.imported))
        if already := len(checked.lines) - brought.imported:
            text = ngettext("%(n)d line was already there.", "%(n)d lines were already there.", already)
            self.stdout.write(text % {"n": already})

    def _tell_refused(self, checked: Checked) -> None:
        for reject in checked.rejects:
            self.stderr.write(
                _("Line %(line)d. %(problem)s") % {"line": reject.line, "problem": importing.said(reject)}
            )

    def _conclude(self, checked: Checked, *, dry_run: bool) -> None:
        good, refused = len(checked.lines), checked.refused_lines
        text = ngettext("%(n)d line can be imported.", "%(n)d lines can be imported.", good) % {"n": good}
        if not refused:
            self.stdout.write(text)
            return
        left = ngettext(
            "%(n)d line refused, nothing was imported.", "%(n)d lines refused, nothing was imported.", refused
        )
        hint = "" if dry_run or not good else _("Add --leave-rejects to import the others.")
        raise CommandError(" ".join(part for part in (left % {"n": refused}, text, hint) if part))


def _imported(count: int) -> str:
    return ngettext("%(n)d fiche imported.", "%(n)d fiches imported.", count) % {"n": count}


def _service(slug: str) -> Service:
    found = Service.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(_("There is no service “%(slug)s”.") % {"slug": slug})
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(
            _("“%(name)s” cannot be opened: %(reason)s.") % {"name": file, "reason": error.strerror}
        ) from error


def _mapping(sheet: Sheet, told: list[str], received_on: str | None) -> Mapping:
    """The columns recognised, corrected by those told."""
    guessed = importing.guess(sheet)
    columns = dict(guessed.columns)
    for pair in told:
        name, _equals, column = pair.partition("=")
        if name not in {field.name for field in importing.FIELDS} or column not in sheet.names:
            raise CommandError(
                _("“%(pair)s” is not FIELD=COLUMN. The columns are: %(columns)s.")
                % {"pair": pair, "columns": ", ".join(sheet.names)}
            )
        columns = {ours: theirs for ours, theirs in columns.items() if theirs != column} | {name: column}
    try:
        day = date.fromisoformat(received_on) if received_on else None
    except ValueError as error:
        raise CommandError(_("“%(day)s” is not a date like 2025-12-31.") % {"day": received_on}) from error
    if "received_on" not in columns and day is None:
        raise CommandError(_("No column gives the day received. Add --received-on 2025-12-31 for all lines."))
    return Mapping(columns, day)
