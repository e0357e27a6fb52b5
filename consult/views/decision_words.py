"""Decisions in words: a verdict and its look, who speaks, when, and how far the work is."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.choices import Verdict, VoteWidget
from consult.models import Decision, Proposition, Section
from consult.public import Asked
from consult.views.page_words import figure
from consult.views.rows import share
from consult.views.verdicts import pill
from pages.dates import long_date


def decision(one: Decision, asked: Asked) -> dict[str, Any]:
    """A decision as it is read: verdict, reason, speaker, day."""
    speaker = one.service or asked.page.administration
    slug = asked.consultation.page.slug
    return {
        "pill": pill(one.verdict),
        "reason": one.reason,
        "speaker": str(speaker or ""),
        "day": long_date(one.publication.published_at) if one.publication_id else "",
        "correction": one.correction_reason,
        "number": one.proposition.number,
        "title": one.proposition.title,
        "url": reverse("consult:proposition", args=[slug, one.proposition.number]),
    }


def panel(history: Sequence[Decision], asked: Asked) -> dict[str, Any] | None:
    """What ``_decision.html`` reads: the decision that stands, and those it corrected."""
    if not history:
        return None
    said = [decision(one, asked) for one in history]
    return {**said[0], "before": said[1:]}


def line(one: Any, section: Section, asked: Asked, *, ticked: set[int]) -> dict[str, Any]:
    """A row of the board (``results.with_decisions``)."""
    slug = asked.consultation.page.slug
    notes = one.notes_count or 0
    return {
        "number": one.number,
        "title": one.title,
        "section": section.title,
        "url": reverse("consult:decide", args=[slug, one.number]),
        "is_ticked": one.number in ticked,
        "counts": counts(one, section, asked),
        "share": None if asked.hides_votes(section) or not _votes(one) else share(one, section),
        "prepared": pill(one.prepared),
        "public": pill(one.public),
        "reached": bool(one.threshold_reached_at) and not asked.hides_votes(section),
        "notes": ngettext("%(n)d note", "%(n)d notes", notes) % {"n": notes} if notes else "",
    }


def _votes(one: Proposition) -> int:
    return one.agree_count + one.mixed_count + one.disagree_count


def counts(one: Proposition, section: Section, asked: Asked) -> list[str]:
    """Votes, unless they are hidden from everybody, then arguments."""
    said = []
    if section.vote != VoteWidget.NONE:
        votes = _votes(one)
        shown = ngettext("%(n)s vote", "%(n)s votes", votes) % {"n": figure(votes)}
        said.append(_("Votes hidden until the vote is closed") if asked.hides_votes(section) else shown)
    said.append(
        _("%(pro)s for, %(against)s against") % {"pro": figure(one.for_count), "against": figure(one.against_count)}
    )
    return said


def progress(rows: QuerySet) -> dict[str, Any]:
    """« 41 propositions décidées sur 71 », and how many of them wait to be published."""
    all_of_them = rows.count()
    decided = rows.filter(Q(prepared__isnull=False) | Q(public__isnull=False)).count()
    waiting = rows.filter(prepared__isnull=False).count()
    text = ngettext(
        "%(done)s proposition decided out of %(all)s.", "%(done)s propositions decided out of %(all)s.", decided
    )
    note = ngettext("%(n)s decision waits to be published.", "%(n)s decisions wait to be published.", waiting)
    return {
        "done": decided,
        "total": all_of_them,
        "waiting": waiting,
        "text": text % {"done": figure(decided), "all": figure(all_of_them)},
        "note": note % {"n": figure(waiting)} if waiting else _("None waits to be published."),
    }


def by_verdict(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """How many of each verdict: label, value."""
    return [
        {"label": str(verdict.label).capitalize(), "value": len([one for one in decisions if one.verdict == verdict])}
        for verdict in Verdict
    ]


def pages(chosen: QueryDict, *, number: int, total: int, size: int) -> dict[str, Any]:
    """The way to the page before and the page after, with the same filters."""

    def url(page: int) -> str:
        asked_for = chosen.copy()
        asked_for["page"] = str(page)
        return "?" + asked_for.urlencode()

    return {
        "shown": max(0, min(size, total - (number - 1) * size)),
        "total": total,
        "first_url": url(1) if number > 2 else "",
        "previous_url": url(number - 1) if number > 1 else "",
        "next_url": url(number + 1) if number * size < total else "",
    }
