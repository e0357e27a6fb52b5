"""``cluster FILE``: any file of texts, grouped into themes. No database."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

import clustering
from config import theme_report
from config.tables import Broken, Row, UnreadableTable, column_names, read_texts, write_table

# Meaning is worth its time on short texts; long arguments are told apart by their words alone.
# About ten seconds of one core per million characters.
SHORT, MANY_SHORT, MANY_LONG = 250, 3_000_000, 400_000  # mean and total characters
BATCH = 128
SHOWN = 20


@dataclass(frozen=True)
class Passage:
    """One passage of one row of the file."""

    id: str
    text: str
    context: str
    day: date | None = None


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Groups the texts of a file (CSV, workbook, JSON, JSONL or plain lines) into themes.")

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--text", metavar="COLUMN", help=_("column of the texts (recognised by default)"))
        parser.add_argument("--id", metavar="COLUMN", help=_("column of the identifiers (rank by default)"))
        parser.add_argument(
            "--context", metavar="COLUMN,…", default="", help=_("columns used as a weak hint, such as the service")
        )
        parser.add_argument("--date", metavar="COLUMN", help=_("column of the days (recognised by default)"))
        parser.add_argument(
            "--semantic", choices=["auto", "on", "off"], default="auto", help=_("compare meanings, not only words")
        )
        parser.add_argument("--resolution", choices=["coarse", "medium", "fine"], default="medium")
        parser.add_argument("--out", metavar="DIR", type=Path, help=_("folder of the results (none by default)"))
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *, file: Path, semantic: str, out: Path | None, **options: Any) -> None:
        broken = Broken()
        rows, dated = self._rows(file, broken, options)
        passages = _cut(rows, dated=dated)
        if not passages:
            raise CommandError(_("This file holds no text."))
        texts = [passage.text for passage in passages]
        vectors = self._meanings(texts) if _by_meaning(texts, semantic) else None
        grouping = self._group(passages, vectors, options)
        if out is not None:
            source = theme_report.Source(
                name=file.name,
                texts=texts,
                contexts=[passage.context for passage in passages],
                days=[passage.day for passage in passages],
                by_meaning=vectors is not None,
            )
            self._write(out, passages, grouping, theme_report.html(source, grouping))
        self.stdout.write(_summary(texts, grouping, by_meaning=vectors is not None))
        for notice in unread(rows, broken):
            self.stderr.write(notice)
        if out is not None:
            self.stdout.write(_("Results in %(folder)s") % {"folder": out})

    def _rows(self, file: Path, broken: Broken, options: dict[str, Any]) -> tuple[list[Row], bool]:
        """The rows of the file, and whether their last context cell is a day."""
        context = [name.strip() for name in options["context"].split(",") if name.strip()]
        try:
            day = options["date"] or _date_column(file)
            columns = [*context, *([day] if day else [])]
            rows = read_texts(file, text=options["text"], id=options["id"], context=columns, broken=broken)
        except UnreadableTable as refusal:
            raise CommandError(str(refusal)) from refusal
        return rows, bool(day)

    def _meanings(self, texts: list[str]) -> np.ndarray:
        """Vectors of all texts; the shortest first, so that a batch holds texts of one length."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        vectors = np.zeros((len(texts), 0), dtype=np.float32)
        for start in self._bar(range(0, len(texts), BATCH), _("meaning")):
            rows = order[start : start + BATCH]
            found = clustering.encode([texts[row] for row in rows])
            if not vectors.shape[1]:
                vectors = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
            vectors[rows] = found
        return vectors

    def _group(self, passages: list[Passage], vectors: np.ndarray | None, options: dict[str, Any]):
        contexts = [passage.context for passage in passages]
        with tqdm(total=100, desc=_("themes"), file=self.stderr, disable=None, leave=False) as bar:

            def progress(_step: str, share: float) -> None:
                bar.update(round(100 * share) - bar.n)

            return clustering.group(
                [passage.text for passage in passages],
                vectors=vectors,
                contexts=contexts if any(contexts) else None,
                resolution=options["resolution"],
                seed=options["seed"],
                progress=progress,
            )

    def _bar(self, steps: Iterable[int], name: str) -> tqdm:
        return tqdm(steps, desc=name, file=self.stderr, disable=None, leave=False)

    def _write(self, folder: Path, passages: list[Passage], grouping: clustering.Grouping, report: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_table(
                folder / "assignments.csv",
                ["id", "segment", "theme", "score", "family"],
                _assignments(passages, grouping),
            )
            content = json.dumps(_themes(passages, grouping), ensure_ascii=False, indent=1)
            (folder / "themes.json").write_text(content + "\n", encoding="utf-8")
            (folder / "report.html").write_text(report, encoding="utf-8", errors="replace")
        except OSError as error:
            raise CommandError(
                _("“%(name)s” cannot be written: %(reason)s.") % {"name": folder, "reason": error.strerror}
            ) from error


def unread(rows: list[Row], broken: Broken) -> list[str]:
    """What to say of the lines that gave nothing: those that could not be read, those without a text."""
    notices = [_left_aside(broken)] if broken else []
    if empty := sum(not row.text.strip() for row in rows):
        words = ngettext("%(count)d line has no text.", "%(count)d lines have no text.", empty)
        notices.append(words % {"count": empty})
    return notices


def _left_aside(broken: Broken) -> str:
    shown = ", ".join(map(str, broken[:10])) + (", …" if len(broken) > 10 else "")
    return ngettext(
        "%(count)d line cannot be read and was left aside: %(lines)s.",
        "%(count)d lines cannot be read and were left aside: %(lines)s.",
        len(broken),
    ) % {"count": len(broken), "lines": shown}


def _date_column(file: Path) -> str | None:
    return next((name for name in column_names(file) if name.lower() in theme_report.DATE_NAMES), None)


def _cut(rows: list[Row], *, dated: bool) -> list[Passage]:
    """The grievances of each row; a row without any text gives none. ``dated``: the last context cell is a day."""
    passages = []
    for row in rows:
        cells = row.context[:-1] if dated else row.context
        day = theme_report.day_in(row.context[-1]) if dated else None
        context = " · ".join(cell for cell in cells if cell)
        passages += [Passage(row.id, passage.text, context, day) for passage in clustering.segment(row.text)]
    return passages


def _by_meaning(texts: list[str], semantic: str) -> bool:
    if semantic != "auto":
        return semantic == "on"
    characters = sum(map(len, texts))
    return characters <= (MANY_SHORT if characters <= SHORT * len(texts) else MANY_LONG)


def _assignments(passages: list[Passage], grouping: clustering.Grouping) -> Iterable[tuple[str, str, int, float, int]]:
    """One line per passage; theme -1 means that the passage fits nowhere, family -1 that its theme is in none."""
    family = _families(grouping)
    for passage, theme, score in zip(passages, grouping.labels, grouping.scores, strict=True):
        yield passage.id, passage.text, int(theme), round(float(score), 4), family.get(int(theme), (-1, ""))[0]


def _families(grouping: clustering.Grouping) -> dict[int, tuple[int, str]]:
    """Number and title of the family of each theme that has one."""
    found = theme_report.families_of(grouping)
    return {theme: (number, title) for number, (title, family) in enumerate(found) for theme in family}


def _themes(passages: list[Passage], grouping: clustering.Grouping) -> list[dict[str, Any]]:
    family = _families(grouping)
    return [
        {
            "id": theme.index,
            **{key: value for key, value in asdict(theme).items() if key not in {"index", "previous"}},
            "representative": [passages[row].text for row in theme.representative],
            "family": family.get(theme.index, (-1, ""))[0],
            "family_title": family.get(theme.index, (-1, ""))[1],
        }
        for theme in grouping.themes
    ]


def _summary(texts: list[str], grouping: clustering.Grouping, *, by_meaning: bool) -> str:
    alone = int((grouping.labels < 0).sum())
    passages = ngettext("%(count)d passage", "%(count)d passages", len(texts)) % {"count": len(texts)}
    themes = ngettext("%(count)d theme", "%(count)d themes", len(grouping.themes)) % {"count": len(grouping.themes)}
    how = _("words and meaning") if by_meaning else _("words alone")
    heading = _("%(passages)s, %(themes)s, %(alone)d on their own (%(how)s)") % {
        "passages": passages,
        "themes": themes,
        "alone": alone,
        "how": how,
    }
    shown = [_described(theme, texts) for theme in grouping.themes[:SHOWN]]
    if not shown:
        shown = [_("A theme takes at least three passages that say the same thing.")]
    hidden = len(grouping.themes) - len(shown)
    if hidden:
        shown.append(
            ngettext("… and %(count)d smaller theme", "… and %(count)d smaller themes", hidden) % {"count": hidden}
        )
    return "\n".join([heading, "", *shown])


def _described(theme: clustering.Theme, texts: list[str]) -> str:
    weak = _(" (weak group)") if theme.is_weak else ""
    verbatim = " ".join(texts[theme.representative[0]].split())
    verbatim = verbatim if len(verbatim) <= 110 else verbatim[:110].rsplit(" ", 1)[0] + "…"
    phrases = ", ".join(theme.keyphrases)
    return f"{theme.size:>5}  {theme.title}{weak}\n       {phrases}\n       « {verbatim} »"
