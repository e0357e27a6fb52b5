"""One page that says what a file of texts holds: themes, sizes, trends, verbatims. It needs nothing but a browser.

Verbatims are masked: the page is made to be sent around, the file was not.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.defaultfilters import date as written
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import clustering
import masking
from clustering.families import shared_words

DATE_NAMES = (
    *("date", "received_on", "occurred_on", "created_at", "submitted_at", "jour"),
    *("recu_le", "reçu le", "reçu_le", "recu le", "date de réception", "date_reception", "déposé le", "depose_le"),
)
STYLES = ("cahier/css/tokens.css", "cahier/css/report.css")
FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
MOST_THEMES = 300  # told one by one; the table of the others is in themes.json
CONTEXTS = 8  # of a theme, the most frequent
ALONE = 5  # texts that fit nowhere, shown as examples
WEEKS = 26  # a longer time is counted by months
SHOWN = 600  # characters of a verbatim
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})", re.ASCII)


@dataclass(frozen=True)
class Source:
    """What was read: the file's name, and per passage its text, its context ("" for none) and its day."""

    name: str
    texts: Sequence[str]
    contexts: Sequence[str]
    days: Sequence[date | None]
    by_meaning: bool


@dataclass(frozen=True)
class Section:
    """One theme, as the page shows it. ``periods``: counts from the oldest to the newest period of the file."""

    number: int
    title: str
    size: int
    keyphrases: str
    verbatims: list[str]
    is_weak: bool
    periods: list[dict[str, object]]
    contexts: list[dict[str, object]]

    @property
    def counts(self) -> list[int]:
        return [period["value"] for period in self.periods]


@dataclass(frozen=True)
class Family:
    """Themes that say nearly the same, the largest first."""

    title: str
    sections: list[Section]

    @property
    def number(self) -> int:
        return self.sections[0].number

    @property
    def size(self) -> int:
        return sum(section.size for section in self.sections)


def families_of(grouping: clustering.Grouping) -> list[tuple[str, list[int]]]:
    """A title and the themes of each family, the largest first; none when one list reads better.

    A theme may be in none: one alone is no family.
    """
    found = [list(family) for family in grouping.families if len(family) > 1]
    if len(grouping.families) < 2:
        return []
    titles = {theme.index: theme.title for theme in grouping.themes}
    return [(_family_title([titles[theme] for theme in family]), family) for family in found]


def _family_title(titles: Sequence[str]) -> str:
    """The words that most of them share, else the title of the largest."""
    return shared_words(titles) or _("Around “%(title)s”") % {"title": titles[0]}


def _families(sections: Sequence[Section], grouping: clustering.Grouping) -> list[Family]:
    """The sections that the page shows under their families; those of none come last, together."""
    left = {section.number: section for section in sections}
    found = []
    for title, themes in families_of(grouping):
        held = [left.pop(theme + 1) for theme in themes if theme + 1 in left]
        found += [Family(_shown(title), held)] if held else []
    return [*found, Family(_("Other themes"), list(left.values()))] if found and left else found


def day_in(cell: str) -> date | None:
    """The day a cell begins with, written 2026-01-31 or 31/01/2026; None for anything else."""
    found = _YEAR_FIRST.match(cell.strip()) or _DAY_FIRST.match(cell.strip())
    if found is None:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:  # 31 February
        return None


def html(source: Source, grouping: clustering.Grouping) -> str:
    """The whole page, in the active language."""
    periods = Periods.of(day for day in source.days if day)
    sections = [_section(theme, source, grouping, periods) for theme in grouping.themes[:MOST_THEMES]]
    alone = [row for row, label in enumerate(grouping.labels) if label < 0]
    context = {
        "source": source,
        "today": timezone.localdate(),
        "total": len(source.texts),
        "sections": sections,
        "families": _families(sections, grouping),
        "hidden": len(grouping.themes) - len(sections),
        "alone": len(alone),
        "examples": [_shown(source.texts[row]) for row in alone[:ALONE]],
        "largest": sections[0] if sections else None,
        "sizes": [{"label": section.title, "value": section.size} for section in sections[:12]],
        "span": periods.span,
        "by_week": periods.by_week,
        "undated": sum(day is None for day in source.days) if periods.span else 0,
        "style": _style(),
    }
    return render_to_string("reports/themes.html", context)


def _section(theme: clustering.Theme, source: Source, grouping: clustering.Grouping, periods: "Periods") -> Section:
    rows = [row for row, label in enumerate(grouping.labels) if label == theme.index]
    told = Counter(source.contexts[row] for row in rows if source.contexts[row])
    return Section(
        number=theme.index + 1,
        title=_shown(theme.title),
        size=theme.size,
        keyphrases=masking.mask(", ".join(theme.keyphrases)),
        verbatims=[_shown(source.texts[row]) for row in theme.representative],
        is_weak=theme.is_weak,
        periods=periods.counted(source.days[row] for row in rows),
        contexts=[{"label": name, "value": count} for name, count in told.most_common(CONTEXTS)],
    )


def _shown(text: str) -> str:
    """Masked, on one line, not endless."""
    line = " ".join(masking.mask(text).split())
    return line if len(line) <= SHOWN else line[:SHOWN].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class Periods:
    """The weeks or the months from the first to the last day of a file; none when no day is known."""

    starts: list[date]
    by_week: bool
    span: tuple[date, date] | None

    @classmethod
    def of(cls, days) -> "Periods":
        known = sorted(days)
        if not known:
            return cls([], True, None)
        first, last = known[0], known[-1]
        by_week = (last - first).days <= 7 * WEEKS
        start, starts = _start(first, by_week), []
        while start <= last:
            starts.append(start)
            start = _start(start + timedelta(days=7 if by_week else 32), by_week)
        return cls(starts, by_week, (first, last))

    def counted(self, days) -> list[dict[str, object]]:
        """A row per period: its name, and how many of ``days`` fall in it."""
        counts: Mapping[date, int] = Counter(_start(day, self.by_week) for day in days if day)
        return [{"label": self._name(start), "value": counts.get(start, 0)} for start in self.starts]

    def _name(self, start: date) -> str:
        if self.by_week:
            return _("week of %(day)s") % {"day": written(start, "SHORT_DATE_FORMAT")}
        return written(start, "F Y")


def _start(day: date, by_week: bool) -> date:
    return day - timedelta(days=day.weekday()) if by_week else day.replace(day=1)


@cache
def _style() -> SafeString:
    """The theme's colours and the page's own rules, without the fonts: a page sent by mail carries none."""
    found = [Path(finders.find(name)).read_text(encoding="utf-8") for name in STYLES]
    return SafeString(f"<style>{FONT_FACE.sub('', chr(10).join(found))}</style>")  # our own files, nothing typed
