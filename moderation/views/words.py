"""What the queue says: its rows, its clues, its history, its buttons."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from moderation import kinds
from moderation.choices import CaseState, Clue, Outcome, Rule
from moderation.queue import Queue, Waiting
from pages.dates import long_moment

ICONS = {
    "waiting": "hourglass-split",
    "reported": "flag",
    Clue.PERSONAL_DATA: "person-lock",
    Clue.COPIES: "copy",
    Clue.LINKS: "link-45deg",
    Clue.CAPITALS: "type",
}

DECIDED = {
    Outcome.KEEP: pgettext_lazy("decision", "Kept"),
    Outcome.HIDE: pgettext_lazy("decision", "Hidden"),
    Outcome.REMOVE: pgettext_lazy("decision", "Removed"),
}


def is_waiting(one: Waiting) -> bool:
    return one.case.state == CaseState.WAITING


def is_reported(one: Waiting) -> bool:
    return one.case.open_notices > 0


def holds(clue: Clue):
    return lambda one: clue in one.clue_names


def filters() -> dict[str, tuple[str, Any]]:
    """Key in the address → words, and which entries it keeps."""
    return {
        "": (_("All"), lambda _one: True),
        "lire": (_("To publish"), is_waiting),
        "signales": (_("Reported"), is_reported),
        "donnees": (_("Personal data"), holds(Clue.PERSONAL_DATA)),
        "copies": (_("Copies"), holds(Clue.COPIES)),
        "liens": (_("Links"), holds(Clue.LINKS)),
    }


def chips(queue: Queue, chosen: str) -> list[dict[str, Any]]:
    """One for each filter that keeps something, with how many."""
    made = []
    for key, (label, keeps) in filters().items():
        count = sum(1 for one in queue.entries if keeps(one)) if key else queue.cases
        if count or key in ("", chosen):
            words = _("%(label)s %(count)s") % {"label": label, "count": number_format(count, force_grouping=True)}
            made.append({"label": words, "url": f"?file={key}" if key else "?", "chosen": key == chosen})
    return made


def summary(queue: Queue) -> str:
    """« 9 dossiers, 34 signalements. Le plus ancien attend depuis 5 heures. »"""
    if not queue.cases:
        return _("Nothing waits.")
    cases = ngettext("%(n)s text to judge", "%(n)s texts to judge", queue.cases)
    notices = ngettext("%(n)s notice", "%(n)s notices", queue.notices)
    said = f"{cases % {'n': number_format(queue.cases)}}, {notices % {'n': number_format(queue.notices)}}."
    if queue.oldest:
        said += " " + _("The oldest has waited for %(time)s.") % {"time": _ago(queue.oldest)}
    return said


def rows(entries: list[Waiting], current: Waiting | None, *, base: str) -> list[dict[str, Any]]:
    """The list of the queue; those that say nearly the same as the row above are set in."""
    made, seen = [], set()
    for one in entries:
        group = frozenset([one.case.pk, *(copy.case.pk for copy in one.copies)])
        made.append(
            {
                "pk": one.case.pk,
                "value": f"{one.case.pk}-{one.last or 0}",
                "title": title(one.shown, one.case),
                "note": _note(one),
                "excerpt": Truncator(" ".join(f"{one.shown.title} {one.shown.text}".split())).chars(60),
                "badges": badges(one),
                "url": f"{base}dossier={one.case.pk}",
                "is_current": current is not None and one.case.pk == current.case.pk,
                "is_copy": group in seen,
            }
        )
        if one.copies:
            seen.add(group)
    return made


def title(shown: kinds.Shown, case: Any) -> str:
    return shown.number or str(kinds.kind_of(case).label)


def _note(one: Waiting) -> str:
    time = _ago(one.waits_since)
    if is_reported(one):
        count = ngettext("%(n)s notice", "%(n)s notices", one.case.open_notices)
        return f"{count % {'n': number_format(one.case.open_notices)}}, {time}"
    return time


def _ago(moment: Any) -> str:
    """« 5 heures »."""
    is_new = timezone.now() - moment < timedelta(minutes=1)
    return _("less than a minute") if is_new else timesince(moment, depth=1)


def badges(one: Waiting) -> list[dict[str, str]]:
    """What a row is there for, in one word each."""
    made = []
    if is_waiting(one):
        made.append({"tone": "open", "icon": ICONS["waiting"], "label": pgettext("case", "To publish")})
    if is_reported(one):
        made.append({"tone": "warn", "icon": ICONS["reported"], "label": pgettext("case", "Reported")})
    short = {Clue.PERSONAL_DATA: _("Data"), Clue.COPIES: _("Copies"), Clue.LINKS: _("Links")}
    for clue in one.clue_names:
        made.append({"tone": "still", "icon": ICONS[clue], "label": str(short.get(clue, clue.label))})
    return made


def why(one: Waiting) -> list[list[str]]:
    """The table « Pourquoi il est ici »: what, in detail, how many."""
    table = []
    if is_waiting(one):
        table.append([_("Moderation"), _("Read before it is published."), ""])
    if one.rules:
        table.append([_("Notices"), reasons(one.rules), number_format(one.rules.total())])
    details = {
        Clue.PERSONAL_DATA: _("Underlined in the text."),
        Clue.LINKS: _("Underlined in the text."),
        Clue.CAPITALS: _("Most of the text."),
        Clue.COPIES: _("Other texts of the queue say nearly the same."),
    }
    for clue in one.clue_names:
        count = len(one.copies) if clue == Clue.COPIES else one.clues.counts[clue]
        table.append([str(clue.label), str(details[clue]), "" if clue == Clue.CAPITALS else number_format(count)])
    return table


def reasons(rules: Counter[str]) -> str:
    """« accuse quelqu’un sans preuve (9), insulte ou menace (3) »."""
    return ", ".join(f"{Rule(rule).label} ({number_format(count)})" for rule, count in rules.most_common())


def outcomes(state: str) -> list[dict[str, str]]:
    """The decisions to choose from, with their key and what they change."""
    kept = _("It is published.") if state == CaseState.WAITING else _("Nothing changes.")
    if state in (CaseState.HIDDEN, CaseState.REMOVED):
        kept = _("It is published again.")
    label = _("Publish") if state != CaseState.SHOWN else _("Keep")
    offered = [
        {"value": Outcome.KEEP, "key": "1", "label": label, "note": kept},
        {"value": Outcome.HIDE, "key": "2", "label": _("Hide"), "note": _("Nobody reads it any more.")},
        {"value": Outcome.REMOVE, "key": "3", "label": _("Remove"), "note": _("Goes to the public basket.")},
    ]
    closed = {CaseState.HIDDEN: {Outcome.HIDE}, CaseState.REMOVED: {Outcome.HIDE, Outcome.REMOVE}}
    return [one for one in offered if one["value"] not in closed.get(CaseState(state), set())]


def history(decisions: list[Any]) -> list[dict[str, str]]:
    """Each decision, the last first, for moderators."""
    return [
        {
            "when": long_moment(one.created_at),
            "who": str(one.by) if one.by else _("A machine"),
            "what": str(DECIDED[one.outcome]),
            "rule": str(one.get_rule_display()) if one.rule else "",
            "facts": one.facts,
        }
        for one in reversed(decisions)
    ]


def notices(found: list[Any]) -> list[dict[str, Any]]:
    """What people said, without who they are."""
    return [
        {
            "when": long_moment(one.created_at),
            "rule": str(one.get_rule_display()),
            "text": one.text,
            "is_answered": one.answered_at is not None,
        }
        for one in found
    ]


def keys(state: str, *, in_the_queue: bool) -> list[dict[str, str]]:
    """Those that do something on this page."""
    moves = [
        {"key": "j", "label": pgettext("key", "next")},
        {"key": "k", "label": pgettext("key", "previous")},
        {"key": "o", "label": pgettext("key", "open")},
        {"key": "x", "label": _("judge with it")},
    ]
    offered = [{"key": one["key"], "label": one["label"].lower()} for one in outcomes(state)]
    facts = [{"key": "f", "label": _("write the facts")}] if len(offered) > 1 else []
    return [*(moves if in_the_queue else []), *offered, *facts, {"key": "d", "label": _("decide")}]
