"""The opinion map in words: what is asked, how far one is, what groups say, on what it was counted."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from consult.choices import Act, MapStep, Stance
from consult.maps.telling import FEW
from consult.models import ConsultationPage, OpinionMap, Statement
from consult.phases import closed, current
from consult.public import Asked
from consult.views import page_words
from consult.views.page_words import figure
from tally.opinions.honesty import LEAST_ANSWERS, LEAST_GROUP, LEAST_PEOPLE, Refusal

NAMES = {"agree": Stance.AGREE, "disagree": Stance.DISAGREE, "pass": Stance.PASS}
ICONS = {"agree": "check-lg", "disagree": "x-lg", "pass": "arrow-right"}


def address(name: str, asked: Asked, *more: Any) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, *more])


def question(asked: Asked) -> str:
    """In the language of the reader when the translation says it."""
    typed = asked.page.map_question or asked.consultation.page.map_question
    return typed or _("What do you think of it?")


def invitation(asked: Asked) -> dict[str, str] | None:
    """What the page of the consultation says of its map while one may answer; None otherwise."""
    if not asked.consultation.page.has_map or asked.consultation.pk is None:
        return None
    if current(asked.phases, Act.STATE, at=asked.at) is None:
        return None
    return {"question": question(asked), "url": address("map", asked)}


def crumbs(asked: Asked, *, here: str = "") -> list[dict[str, str]]:
    base = {"label": asked.page.title, "url": page_words.address("consultation", asked)}
    title = pgettext("consultation", "Opinion map")
    if not here:
        return [base, {"label": title}]
    return [base, {"label": title, "url": address("map", asked)}, {"label": here}]


def tabs(asked: Asked, *, chosen: str, is_open: bool, is_known: bool) -> list[dict[str, Any]]:
    """Answering while it is open, one's own answers once one is known, the map."""
    entries = []
    if is_open:
        entries.append(("answer", pgettext("tab", "Answer"), address("map", asked)))
    if is_known:
        entries.append(("mine", _("My answers"), address("map_mine", asked)))
    results = address("map_results", asked) if is_open else address("map", asked)
    entries.append(("map", pgettext("tab", "The map"), results))
    return [{"label": label, "url": url, "is_current": name == chosen} for name, label, url in entries]


def buttons(mine: int | None = None) -> list[dict[str, Any]]:
    """Agree, disagree, pass; ``mine``: the one already given."""
    return [
        {
            "value": name,
            "label": _("Pass, I cannot say") if stance == Stance.PASS else str(stance.label),
            "icon": ICONS[name],
            "is_chosen": mine is not None and mine == stance,
        }
        for name, stance in NAMES.items()
    ]


def by_whom(statement: Statement, page: ConsultationPage) -> str:
    """Who wrote is not told: a sentence is judged for what it says. Whether it is the administration is."""
    if statement.author_id is None:
        speaker = page.administration
        return _("Written by: %(name)s") % {"name": speaker} if speaker else _("Written by the administration")
    return _("Proposed by somebody who takes part")


def progress(answered: int, total: int) -> str:
    said = ngettext("%(n)s answer out of %(all)s statements", "%(n)s answers out of %(all)s statements", answered)
    return said % {"n": figure(answered), "all": figure(total)}


def to_be_placed(answered: int) -> str:
    """How many answers are missing for a person to be counted in a group; "" when none is."""
    left = LEAST_ANSWERS - answered
    if left <= 0:
        return ""
    said = ngettext(
        "%(n)d more answer, and yours count for the groups.",
        "%(n)d more answers, and yours count for the groups.",
        left,
    )
    return said % {"n": left}


def recorded(statement: Statement, stance: int) -> str:
    return _("Recorded: %(answer)s.") % {"answer": Stance(stance).label}


def promise(asked: Asked) -> str:
    """What becomes of one's answers, said before the first one."""
    if asked.consultation.opens_answers:
        return _(
            "Nobody reads your answers under your name. After the end, the file of all answers is published"
            " without names or dates, so that anybody can count again."
        )
    return _("Nobody reads your answers, nor where you stand. The map tells of groups of ten people at least.")


def refusal(run: OpinionMap) -> str:
    """Why there is no map, in one or two sentences."""
    words = {
        Refusal.FEW_PEOPLE: _(
            "A map needs %(needed)d people who answered %(answers)d statements or more. There are %(found)d so far."
        ),
        Refusal.CHANCE: _("The answers look like chance: no group of people answers alike. A map would invent some."),
        Refusal.NO_GROUPS: _("Opinions form no groups: they pass gradually from one to another."),
        Refusal.UNSTABLE: _("The groups change from one calculation to the next: a map would be misleading."),
        Refusal.SMALL_GROUPS: _("The groups are too small: we tell of none under %(least)d people."),
    }
    figures = {"needed": LEAST_PEOPLE, "answers": LEAST_ANSWERS, "found": run.grouped, "least": LEAST_GROUP}
    return words[Refusal(run.refusal)] % figures


def counted_on(run: OpinionMap) -> str:
    """« Calculée le 12 novembre 2026 à 14 h 05, sur 5 400 réponses de 302 personnes. »"""
    said = _("Counted on %(moment)s, on %(answers)s answers from %(people)s people.")
    return said % {"moment": _moment(run.read_at), "answers": figure(run.answers), "people": figure(run.people)}


def placed(run: OpinionMap) -> str:
    said = _("%(grouped)s of them answered %(least)d statements or more, and are counted in the groups.")
    return said % {"grouped": figure(run.grouped), "least": LEAST_ANSWERS}


def _moment(when: datetime | None) -> str:
    return page_words.moment(when) if when else ""


def working(run: OpinionMap | None) -> str:
    """What is being done to the next map; "" when nothing is."""
    return f"{MapStep(run.step).label}." if run else ""


def hidden(until: datetime) -> str:
    said = _("The map is published when answering is over, on %(moment)s.")
    return said % {"moment": page_words.moment(until)}


def group_title(group: dict[str, Any]) -> str:
    return _("Group %(name)s") % {"name": group["name"]}


def people(count: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": figure(count)}


def percent(share: float) -> str:
    return _("%(n)d%%") % {"n": round(100 * share)}


def of_those_placed(share: float) -> str:
    return _("%(share)s of those placed") % {"share": percent(share)}


def said_by(one: dict[str, Any], elsewhere: float | None = None) -> str:
    """« D’accord à 92 % (44 personnes sur 48). Ailleurs : 31 %. »"""
    said = _("Agree: %(share)s") if one["side"] == "agree" else _("Disagree: %(share)s")
    told = said % {"share": percent(one["count"] / one["seen"])}
    out_of = _("of the %(n)s who answered") % {"n": figure(one["seen"])}
    if elsewhere is None:
        return f"{told} {out_of}"
    return _("%(said)s %(out_of)s. In the other groups: %(elsewhere)s.") % {
        "said": told,
        "out_of": out_of,
        "elsewhere": percent(elsewhere),
    }


def cell(count: int | None) -> str:
    return _("fewer than %(few)d") % {"few": FEW} if count is None else figure(count)


def short_number(number: int) -> str:
    return _("Statement %(number)d") % {"number": number}


def propose_title() -> str:
    return _("Propose a statement")


def thanks(filed: Statement) -> str:
    if filed.is_shown:
        return _("Your statement is published, under number %(number)d. Others can answer it.") % {
            "number": filed.number
        }
    return _("Your statement is received. A moderator reads it before it is shown.")


def state_of(one: Statement) -> str:
    """What became of one's own statement."""
    if one.withdrawn_at:
        return _("Withdrawn: nobody answers it any more.")
    if not one.is_shown:
        return _("A moderator has not read it yet: you alone can see it.")
    return _("Published: others can answer it.")


def why_closed(asked: Asked) -> dict[str, str] | None:
    """What is said where one can no longer answer, or not yet; None while one can."""
    if current(asked.phases, Act.STATE, at=asked.at):
        return None
    banner = page_words.closed_banner(asked)
    return banner or {"title": str(closed(asked.phases, Act.STATE, at=asked.at)), "text": ""}


def the_group() -> str:
    return pgettext("column", "Group")


def column(group: str, side: str) -> str:
    """« A, d’accord »."""
    return f"{group}, {str(NAMES[side].label).lower()}"


def outside(run: OpinionMap) -> str:
    """How many people answered too little, or stand in groups too small to be told of; "" for nobody."""
    told = sum(group["size"] for group in run.result["groups"])
    left = run.people - told
    said = ngettext(
        "%(n)s person answered too little, or stands in a group too small to be told of.",
        "%(n)s people answered too little, or stand in groups too small to be told of.",
        left,
    )
    return said % {"n": figure(left)} if left >= FEW else ""
