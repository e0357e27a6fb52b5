"""``mask FILE``: the same texts without personal data, and the list of what was hidden. No database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

import masking
from config.tables import Row, UnreadableTable, read_texts, write_table


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Hides personal data in a file of texts (CSV, TSV, JSONL or plain lines).")

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--text", metavar="COLUMN", help=_("column of the texts (recognised by default)"))
        parser.add_argument("--id", metavar="COLUMN", help=_("column of the identifiers (rank by default)"))
        parser.add_argument(
            "--out", metavar="DIR", type=Path, help=_("folder of the results (beside the file by default)")
        )

    def handle(self, *, file: Path, text: str | None, id: str | None, out: Path | None, **_options: Any) -> None:
        rows = self._rows(file, text=text, id=id)
        folder = out or file.parent
        spans = [masking.find(row.text) for row in tqdm(rows, file=self.stderr, disable=None, leave=False)]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder, rows, spans)
        except OSError as error:
            raise CommandError(
                _("“%(name)s” cannot be written: %(reason)s.") % {"name": folder, "reason": error.strerror}
            ) from error
        self.stdout.write(_summary(rows, spans, folder))

    def _rows(self, file: Path, *, text: str | None, id: str | None) -> list[Row]:
        try:
            return read_texts(file, text=text, id=id)
        except UnreadableTable as refusal:
            raise CommandError(str(refusal)) from refusal


def _write(folder: Path, rows: list[Row], spans: list[list[masking.Span]]) -> None:
    """Offsets are those of the text as read, in characters."""
    write_table(
        folder / "masked.csv",
        ["id", "masked_text"],
        ((row.id, masking.mask(row.text, found)) for row, found in zip(rows, spans, strict=True)),
    )
    write_table(
        folder / "spans.csv",
        ["id", "kind", "start", "end", "score"],
        (
            (row.id, span.kind, span.start, span.end, span.score)
            for row, found in zip(rows, spans, strict=True)
            for span in found
        ),
    )


def _summary(rows: list[Row], spans: list[list[masking.Span]], folder: Path) -> str:
    touched, hidden = sum(map(bool, spans)), sum(map(len, spans))
    texts = ngettext("%(count)d text read", "%(count)d texts read", len(rows)) % {"count": len(rows)}
    masked = ngettext("%(count)d text masked", "%(count)d texts masked", touched) % {"count": touched}
    values = ngettext("%(count)d value hidden", "%(count)d values hidden", hidden) % {"count": hidden}
    return _("%(texts)s, %(masked)s, %(values)s. Results in %(folder)s") % {
        "texts": texts,
        "masked": masked,
        "values": values,
        "folder": folder,
    }
