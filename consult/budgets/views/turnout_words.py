"""Who voted, by channel, and what the paper came to: small cells are told with others, or not at all."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets.counting import FEW
from consult.budgets.views.result_words import Told, channels_word
from consult.views.page_words import figure

Row = list[str]


def of(told: Told) -> dict[str, Any]:
    """``voters``: channel, people marked, share. ``ballots``: the same of ballots counted, where they differ."""
    by_marks, by_ballots = told.figures["marks"], told.figures["by_channel"]
    return {
        "voters": _rows(by_marks),
        "voted": _voted(sum(number for _names, number in by_marks)),
        "ballots_too": told.channels if by_marks != by_ballots else [],
        "paper": _paper(told.figures.get("paper") or {}),
        "differ": bool(told.figures.get("marks_differ")),
    }


def _rows(pairs: list[Any]) -> list[Row]:
    whole = sum(number for _names, number in pairs)
    share = _("%(share)s%%")
    return [
        [channels_word(names), figure(number), share % {"share": round(100 * number / whole) if whole else 0}]
        for names, number in pairs
    ]


def _voted(count: int) -> str:
    return ngettext("%(count)s person voted.", "%(count)s people voted.", count) % {"count": figure(count)}


def _paper(came_to: dict[str, Any]) -> dict[str, Any] | None:
    """The batches in sentences; nothing where so few sheets were keyed that they would say who."""
    if came_to.get("announced", 0) < FEW:
        return None
    sheets = ngettext("%(n)s paper ballot", "%(n)s paper ballots", came_to["announced"])
    said = [
        ngettext("%(n)d valid", "%(n)d valid", came_to["valid"]) % {"n": came_to["valid"]},
        ngettext("%(n)d blank", "%(n)d blank", came_to["blank"]) % {"n": came_to["blank"]},
        ngettext("%(n)d spoiled", "%(n)d spoiled", came_to["spoiled"]) % {"n": came_to["spoiled"]},
    ]
    return {
        "sheets": sheets % {"n": figure(came_to["announced"])},
        "sums": ", ".join(said),
        "keyed": _keyed(came_to),
        "cancelled": _cancelled(came_to["cancelled"]),
        "explained": came_to["explained"],
    }


def _keyed(came_to: dict[str, Any]) -> str:
    if not came_to["settled"]:
        return _("Two people keyed each sheet, and read the same.")
    settled = ngettext(
        "Two people keyed each sheet. They read %(n)d sheet differently, which was looked at again.",
        "Two people keyed each sheet. They read %(n)d sheets differently, which were looked at again.",
        came_to["settled"],
    )
    together = came_to["settled_together"]
    said = settled % {"n": came_to["settled"]}
    if not together:
        return said
    more = ngettext(
        "%(n)d of them by the two people themselves, for want of a third.",
        "%(n)d of them by the two people themselves, for want of a third.",
        together,
    )
    return f"{said} {more % {'n': together}}"


def _cancelled(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(n)d mark made by mistake was cancelled at the desks.",
        "%(n)d marks made by mistake were cancelled at the desks.",
        count,
    )
    return said % {"n": count}
