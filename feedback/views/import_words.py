"""The words and tables of the import pages. What the file holds is shown masked, even to who brought it."""

from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from feedback import importing, intake_text, policies
from feedback.actions.importing import KEPT_DAYS, good_lines, refused_lines
from feedback.choices import ImportState
from feedback.importing import Reject, Sheet
from feedback.models import Import
from pages.dates import long_date

PREVIEWED = 5
CELL = 90  # characters
FOUND_SHOWN = 6  # pain points that hold the most fiches of a file
REFUSED_SHOWN = 200
# How each state looks, among those of the theme.
LOOKS = {
    ImportState.UPLOADED: "not_submitted",
    ImportState.RUNNING: "underway",
    ImportState.REFUSED: "refused",
    ImportState.DONE: "done",
}


def row(brought: Import) -> dict[str, Any]:
    """One line of the list of files."""
    return {
        "name": brought.file_name,
        "url": reverse("feedback:import", args=[brought.pk]),
        "look": LOOKS[ImportState(brought.state)],
        "label": brought.get_state_display(),
        "service": brought.service,
        "when": long_date(brought.created_at),
        "by": str(brought.by) if brought.by else _("by command"),
        "summary": _summary(brought),
    }


def preview(sheet: Sheet) -> dict[str, Any]:
    """The first lines, masked and cut."""
    rows = [
        [str(line.rank), *(_shown(sheet.cell(line, name)) for name in sheet.names)] for line in sheet.rows[:PREVIEWED]
    ]
    columns = [{"label": _("Line")}, *({"label": name} for name in sheet.names)]
    caption = ngettext("The first line of the file", "The %(n)d first lines of the file", len(rows)) % {"n": len(rows)}
    return {"columns": columns, "rows": rows, "caption": caption}


def told(brought: Import, *, by: User) -> dict[str, Any]:
    """What the page of one file says, whatever its state."""
    good, refused = good_lines(brought), refused_lines(brought)
    already = brought.mapping.get("already", 0)
    context = {
        "good": good,
        "refused": refused,
        "new": good - already,
        "already": good - brought.imported if brought.state == ImportState.DONE else already,
        "facts": _facts(brought, good=good, refused=refused),
        "reason": next((Reject(**one).sentence for one in brought.rejects if not one["line"]), ""),
        "rejects": _refused_table(brought),
        "hidden": max(0, len(brought.rejects) - REFUSED_SHOWN),
        "import_label": import_label(good, refused),
        "is_own": brought.by_id == by.pk,
        "kept_days": KEPT_DAYS,
    }
    found = _found(brought, by)
    all_facts = [*context["facts"], *found["found_facts"]]
    return {**context, **_progress(brought, good), **_placing(brought), **found, "all_facts": all_facts}


def import_label(good: int, refused: int) -> str:
    """What the button does, said by the button."""
    take = ngettext("Import the good line", "Import the %(n)s good lines", good) % {"n": _number(good)}
    if not refused:
        return ngettext("Import the only line", "Import the %(n)s lines", good) % {"n": _number(good)}
    leave = ngettext("leave the refused line", "leave the %(n)s refused lines", refused) % {"n": _number(refused)}
    return f"{take}, {leave}"


def _summary(brought: Import) -> str:
    lines = ngettext("%(n)s line", "%(n)s lines", brought.total) % {"n": _number(brought.total)}
    if brought.state != ImportState.DONE:
        return lines
    imported = ngettext("%(n)s fiche imported", "%(n)s fiches imported", brought.imported) % {
        "n": _number(brought.imported)
    }
    refused = refused_lines(brought)
    if not refused:
        return imported
    left = ngettext("%(n)s line left", "%(n)s lines left", refused) % {"n": _number(refused)}
    return f"{imported}, {left}"


def _facts(brought: Import, *, good: int, refused: int) -> list[dict[str, str]]:
    out_of = _("out of %(n)s") % {"n": _number(brought.total)}
    if brought.state == ImportState.DONE:
        first = {"label": _("Fiches imported"), "value": _number(brought.imported), "note": out_of}
    else:
        first = {"label": _("Lines ready"), "value": _number(good), "note": out_of}
    return [first, {"label": pgettext("lines", "Refused"), "value": _number(refused), "note": out_of}]


def _refused_table(brought: Import) -> dict[str, Any]:
    listed = [Reject(**one) for one in brought.rejects if one["line"]][:REFUSED_SHOWN]
    return {
        "caption": _("Lines are numbered as in a spreadsheet."),
        "columns": [{"label": _("Line")}, {"label": _("Column")}, {"label": _("What to correct")}],
        "rows": [[str(one.line), one.column or _("the whole line"), one.sentence] for one in listed],
    }


def _progress(brought: Import, good: int) -> dict[str, Any]:
    if brought.state != ImportState.RUNNING:
        return {}
    read = importing.lines_read(brought.pk)
    if read is None:
        return {"percent_done": None, "progress_text": _("You may leave this page: the import goes on without you.")}
    text = _("%(done)s lines imported out of %(total)s. You may leave this page.")
    return {"percent_done": read, "progress_text": text % {"done": _number(read), "total": _number(good)}}


def _placing(brought: Import) -> dict[str, Any]:
    """While fiches that came in are not all grouped: what is being done, how far, and what the first ones say."""
    if brought.state != ImportState.DONE or not brought.fiches.waiting_for_placement().exists():
        return {"is_placing": False}
    heard = [{"title": title, "fiches": fiches} for title, fiches in importing.heard_in(brought.pk)]
    context = {"is_placing": True, "heard": heard, "heard_of": importing.HEARD}
    told = importing.placing_of(brought.pk)
    if told is None or told.is_grouping:
        text = _("What people say is being compared. Pain points appear one after the other.")
        return context | {"placed": None, "to_place": None, "placing_text": text}
    text = _("%(done)s fiches read out of %(total)s. You may leave this page.")
    text %= {"done": _number(told.done), "total": _number(told.total)}
    return context | {"placed": told.done, "to_place": told.total, "placing_text": text}


def _found(brought: Import, by: User) -> dict[str, Any]:
    """What its fiches say: the pain points that hold the most of them, as soon as there are some."""
    held = importing.held_by(brought) if brought.state == ImportState.DONE else {}
    seen = policies.pain_points_to_see(by).filter(pk__in=held)
    first = sorted(seen.filter(pk__in=list(held)[:FOUND_SHOWN]), key=lambda one: -held[one.pk])
    found = [{"pain_point": one, "fiches": held[one.pk]} for one in first]
    if not held:
        return {"found": found, "found_facts": []}
    new = seen.filter(created_at__gte=brought.finished_at).count()
    of_which = ngettext("of which %(n)s new one", "of which %(n)s new ones", new) % {"n": _number(new)}
    to_sort = _number(policies.fiches_to_sort(by).filter(imported_in=brought).count())
    facts = [
        {"label": _("Pain points"), "value": _number(len(held)), "note": of_which if new else ""},
        {"label": _("To sort"), "value": to_sort, "note": _("fiches that no pain point took")},
    ]
    return {"found": found, "found_facts": facts}


def _shown(cell: str) -> str:
    """A cell on one line, masked, short, without characters that no page may hold."""
    line = " ".join("".join(one if one.isprintable() else " " for one in cell).split())
    masked = intake_text.masked_line(line)
    return masked if len(masked) <= CELL else masked[: CELL - 1].rsplit(" ", 1)[0] + "…"


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)
