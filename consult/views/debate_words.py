"""Votes and arguments in words: how many, out of how many, on which day and at which hour."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from consult.choices import OPINIONS_OF, Act, ArgumentOrder, Opinion, Side, VoteWidget
from consult.models import Proposition, Section
from consult.phases import closed, current
from consult.public import Asked
from consult.views.page_words import figure
from consult.views.rows import share
from pages.dates import clock, long_date

_ICONS = {Opinion.AGREE: "hand-thumbs-up", Opinion.MIXED: "arrow-left-right", Opinion.DISAGREE: "hand-thumbs-down"}


def opinion_words() -> dict[str, str]:
    """As they stand on a button, with their capital."""
    return {
        Opinion.AGREE: pgettext("vote", "Agree"),
        Opinion.MIXED: pgettext("vote", "Mixed"),
        Opinion.DISAGREE: pgettext("vote", "Disagree"),
    }


def address(name: str, asked: Asked, *place: int) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, *place])


def vote_panel(
    asked: Asked, section: Section, proposition: Proposition, *, kept: str, may_write: bool
) -> dict[str, Any] | None:
    """The panel « Votre avis »; None where nobody votes. ``kept``: the opinion chosen before signing in."""
    opinions = OPINIONS_OF[VoteWidget(section.vote)]
    if not opinions:
        return None
    phase = current(asked.phases, Act.VOTE, at=asked.at)
    words = opinion_words()
    chosen = proposition.my_opinion or ""  # annotated by ``policies.with_the_opinion_of``
    return {
        "is_open": phase is not None and may_write,
        "url": address("vote", asked, proposition.number),
        "buttons": [
            {"value": one, "label": words[one], "icon": _ICONS[one], "is_chosen": one == chosen} for one in opinions
        ],
        "chosen": words.get(chosen, "").lower(),
        "kept": words.get(kept, "").lower() if kept != chosen else "",
        "kept_value": kept,
        "until": _("You can change it until %(day)s at %(hour)s.") % _day_and_hour(phase.closes_at) if phase else "",
        "why_closed": "" if phase else str(closed(asked.phases, Act.VOTE, at=asked.at)),
        "counts": counts(asked, section, proposition),
        "reached": _reached(asked, section, proposition),
        "threshold": _threshold(section) if phase and may_write else "",
    }


def _day_and_hour(when: Any) -> dict[str, str]:
    return {"day": long_date(when), "hour": clock(when)}


def counts(asked: Asked, section: Section, proposition: Proposition) -> dict[str, Any]:
    """How many voted, and how; « hidden » as long as the section hides it."""
    if asked.hides_votes(section):
        return {"hidden": True}
    kept = {one: getattr(proposition, f"{one}_count") for one in OPINIONS_OF[VoteWidget(section.vote)]}
    total = sum(kept.values())
    words = opinion_words()
    return {
        "hidden": False,
        "total": ngettext("%(n)s vote", "%(n)s votes", total) % {"n": figure(total)},
        "note": _note(asked),
        "share": share(proposition, section) if total else None,
        "rows": [
            {"value": one, "label": words[one], "count": figure(count), "percent": _percent(count, total)}
            for one, count in kept.items()
        ]
        if len(kept) > 1
        else [],
    }


def _percent(count: int, total: int) -> str:
    return _("%(n)d %%") % {"n": round(100 * count / total)} if total else ""


def _note(asked: Asked) -> str:
    over = (
        current(asked.phases, Act.VOTE, at=asked.at) is None and closed(asked.phases, Act.VOTE, at=asked.at).closed_at
    )
    when = _("final result") if over else _("on %(day)s at %(hour)s") % _day_and_hour(asked.at)
    if not asked.page.population:
        return when
    return _("%(when)s, out of %(all)s %(people)s") % {
        "when": when,
        "all": figure(asked.page.population),
        "people": asked.page.population_word or _("inhabitants"),
    }


def _reached(asked: Asked, section: Section, proposition: Proposition) -> str:
    reached = None if asked.hides_votes(section) else proposition.threshold_reached_at
    return _("Threshold reached on %(day)s") % {"day": long_date(reached)} if reached else ""


def _threshold(section: Section) -> str:
    if not section.threshold:
        return ""
    return ngettext(
        "From %(n)s vote “agree”, the administration must answer.",
        "From %(n)s votes “agree”, the administration must answer.",
        section.threshold,
    ) % {"n": figure(section.threshold)}


def heading(proposition: Proposition) -> str:
    """« 29 arguments »."""
    return how_many(proposition.for_count + proposition.against_count)


def how_many(count: int) -> str:
    if not count:
        return _("No argument")
    return ngettext("%(n)s argument", "%(n)s arguments", count) % {"n": figure(count)}


def useful(count: int) -> str:
    return ngettext("%(n)s person finds it useful", "%(n)s people find it useful", count) % {"n": figure(count)}


@dataclass(frozen=True)
class SideWords:
    """One column: its title, its count, what it says when empty, and the way to the rest."""

    side: str
    title: str
    icon: str
    count: str
    none: str
    more: str
    more_url: str


def side_words(side: Side, *, count: int, left: int, more_url: str) -> SideWords:
    is_for = side == Side.FOR
    more = (
        ngettext("Read the other argument for", "Read the %(n)s other arguments for", left)
        if is_for
        else ngettext("Read the other argument against", "Read the %(n)s other arguments against", left)
    )
    return SideWords(
        side=side,
        title=side_title(side),
        icon="plus-circle" if is_for else "dash-circle",
        count=figure(count),
        none="" if count else (_("No argument for") if is_for else _("No argument against")),
        more=more % {"n": figure(left)} if left else "",
        more_url=more_url,
    )


def side_title(side: str) -> str:
    return pgettext("column", "For") if side == Side.FOR else pgettext("column", "Against")


def orders(chosen: ArgumentOrder) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": one.label, "is_chosen": one == chosen} for one in ArgumentOrder]


def order_sentence(chosen: ArgumentOrder) -> str:
    """What the order rests on, for whoever wants to know."""
    return {
        ArgumentOrder.LOT: _("Drawn by lot for you, anew each day: nobody is always first."),
        ArgumentOrder.USEFUL: _(
            "Of those who found something useful since the argument is there, the share who chose it."
        ),
        ArgumentOrder.DISCUSS: _("What nobody has answered yet, the most useful first."),
        ArgumentOrder.NEWEST: "",
        ArgumentOrder.OLDEST: "",
    }[chosen]
