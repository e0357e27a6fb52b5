"""Is the journal whole? One line, and status 1 at the first fault."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from journal.sealing import head, verify


class Command(BaseCommand):
    help = "Checks that no line of the journal was changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect", metavar="NUMBER:HASH", help="a seal noted earlier, which must still be there")

    def handle(self, *args: Any, expect: str | None = None, **options: Any) -> None:
        faults = verify(expect=_read(expect) if expect else None)
        if faults:
            raise CommandError(
                _("The journal is damaged: %(count)d fault(s). The first: %(fault)s")
                % {"count": len(faults), "fault": faults[0]}
            )
        number, last = head()
        self.stdout.write(
            _("The journal is whole: %(number)d sealed entries. Note its head: %(head)s")
            % {"number": number, "head": f"{number}:{last}"}
        )


def _read(noted: str) -> tuple[int, str]:
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", noted)
    if not match:
        raise CommandError(_("--expect is written NUMBER:HASH, as this command prints it."))
    return int(match[1]), match[2]
