"""``documents FILE``: the supporting documents that each text mentions, and who issues them. No database."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

import clustering
from config.management.commands.cluster import unread
from config.tables import Broken, Row, UnreadableTable, read_texts, write_table


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Finds the supporting documents mentioned in a file of texts.")

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--text", metavar="COLUMN", help=_("column of the texts (recognised by default)"))
        parser.add_argument("--id", metavar="COLUMN", help=_("column of the identifiers (rank by default)"))
        parser.add_argument("--out", metavar="DIR", type=Path, help=_("folder of the results (none by default)"))

    def handle(self, *, file: Path, text: str | None, id: str | None, out: Path | None, **_options: Any) -> None:
        broken = Broken()
        try:
            rows = read_texts(file, text=text, id=id, broken=broken)
        except UnreadableTable as refusal:
            raise CommandError(str(refusal)) from refusal
        found = [clustering.documents(row.text) for row in tqdm(rows, file=self.stderr, disable=None, leave=False)]
        if out is not None:
            _write(out, rows, found)
        self.stdout.write(_summary(rows, found))
        for notice in unread(rows, broken):
            self.stderr.write(notice)
        if out is not None:
            self.stdout.write(_("Results in %(folder)s") % {"folder": out})


def _write(folder: Path, rows: list[Row], found: list[list[clustering.Mention]]) -> None:
    """``documents.csv``, one line per mention; the offset is in characters of the text as read."""
    lines = (
        (row.id, mention.document, mention.issuer, mention.matched, mention.start)
        for row, mentions in zip(rows, found, strict=True)
        for mention in mentions
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "documents.csv", ["id", "document", "issuer", "matched_text", "offset"], lines)
    except OSError as error:
        raise CommandError(
            _("“%(name)s” cannot be written: %(reason)s.") % {"name": folder, "reason": error.strerror}
        ) from error


def _summary(rows: list[Row], found: list[list[clustering.Mention]]) -> str:
    """Documents by how many texts mention them."""
    counted = Counter(document for mentions in found for document in {mention.document for mention in mentions})
    read = sum(bool(row.text.strip()) for row in rows)
    texts = ngettext("%(count)d text read", "%(count)d texts read", read) % {"count": read}
    lines = [f"{count:>5}  {document}" for document, count in counted.most_common()]
    return "\n".join([texts, *lines])
