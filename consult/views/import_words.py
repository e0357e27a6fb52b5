"""The words of imports: what a file would bring, what is refused, and where a contribution came from."""

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult import texts
from consult.actions.importing import Ready
from consult.choices import ImportedKind, Side
from consult.models import ContributionImport, Provenance
from consult.views.page_words import figure
from pages.dates import long_date

SHOWN, TOLD, CELL = 5, 200, 120


def preview(ready: Ready, held: ContributionImport) -> dict[str, Any]:
    """The first lines as they would be read, masked, and how many there are."""
    return {
        "rows": [
            {
                "rank": line.rank,
                "title": line.title or (Side(line.side).label if line.side else ""),
                "text": Truncator(texts.plain(texts.body_of(line.text))).chars(CELL),
                "about": line.about,
                "day": long_date(line.written_at) if line.written_at else "",
            }
            for line in ready.new[:SHOWN]
        ],
        "sentences": _sentences(ready, held),
        "may_import": bool(ready.new) and not ready.rejects,
    }


def _sentences(ready: Ready, held: ContributionImport) -> list[str]:
    new, already, aside = len(ready.new), ready.already, ready.aside
    said = [ngettext("%(n)s line to import.", "%(n)s lines to import.", new) % {"n": figure(new)}]
    if already:
        said.append(
            ngettext("%(n)s line is here already.", "%(n)s lines are here already.", already) % {"n": figure(already)}
        )
    if aside:
        words = (
            ngettext("%(n)s line left aside: a double, or empty.", "%(n)s lines left aside: doubles, or empty.", aside)
            if held.kind == ImportedKind.PROPOSITIONS
            else ngettext(
                "%(n)s line left aside: neither for nor against.",
                "%(n)s lines left aside: neither for nor against.",
                aside,
            )
        )
        said.append(words % {"n": figure(aside)})
    return said


def refused(ready: Ready) -> dict[str, Any]:
    """The lines refused, with their numbers and the reason of each."""
    ranks = {one.rank for one in ready.rejects}
    title = ngettext(
        "%(n)s line refused: nothing is imported.", "%(n)s lines refused: nothing is imported.", len(ranks)
    )
    return {
        "title": title % {"n": figure(len(ranks))} if ranks else "",
        "rows": ready.rejects[:TOLD],
        "more": max(0, len(ready.rejects) - TOLD),
    }


def trace(found: Provenance | None) -> dict[str, str]:
    """Where a contribution came from; {} for one written here."""
    if found is None:
        return {}
    said = {"platform": found.platform, "day": long_date(found.brought_by.finished_at)}
    votes = ""
    if found.votes is not None:
        words = ngettext(
            "%(n)s vote counted there, not added to those given here.",
            "%(n)s votes counted there, not added to those given here.",
            found.votes,
        )
        votes = words % {"n": figure(found.votes)}
    return {
        "sentence": _("Imported from %(platform)s on %(day)s.") % said,
        "url": found.source_url,
        "votes": votes,
    }
