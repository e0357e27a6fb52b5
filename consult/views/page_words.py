"""The page of a consultation in words: what is open, until when, how many took part, out of how many."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from consult import policies, public, reminding
from consult.choices import TAKING_PART, PhaseKind, TimeZone, VoteWidget, Wording
from consult.models import Section
from consult.public import Asked, Origins
from journal.models import Entry
from pages.dates import clock, full_date, long_date, long_moment, short_date, written

SOON = timedelta(days=7)
PARTS = "#parties"  # on a phone, the head of the page is three screens long: one goes on where one reads


def figure(number: int) -> str:
    """« 48 200 »."""
    return _figure(number, get_language() or "")


@lru_cache(maxsize=4096, typed=True)
def _figure(number: int, _language: str) -> str:
    return number_format(number, force_grouping=True)


def kicker(page: Any) -> str:
    """Who consults."""
    if page.administration:
        return _("Consultation · %(administration)s") % {"administration": page.administration.name}
    return _("Consultation")


def state(asked: Asked) -> dict[str, str]:
    """The pill, and the sentence beside it: what is open and until when, or when it opens, or since when it is over."""
    now = [phase for phase in asked.current if phase.kind in TAKING_PART]
    if now:
        phase = max(now, key=lambda one: (one.kind == PhaseKind.VOTE, one.opens_at))
        left = phase.closes_at - asked.at
        label = _("%(phase)s: %(left)s left") % {"phase": phase, "left": time_left(left)}
        closes = _("Closes on %(moment)s") % {"moment": moment(phase.closes_at)}
        return {"state": "ending" if left <= SOON else "open", "label": label, "sentence": closes}
    return _not_open(asked)


def _not_open(asked: Asked) -> dict[str, str]:
    taking_part = [phase for phase in asked.phases if phase.kind in TAKING_PART]
    to_come = [phase for phase in taking_part if phase.opens_at > asked.at]
    if to_come:
        opens = _("%(phase)s: opens on %(moment)s") % {"phase": to_come[0], "moment": moment(to_come[0].opens_at)}
        return {"state": "coming", "label": "", "sentence": opens}
    if taking_part:
        return {"state": "closed", "label": "", "sentence": closed_since(asked)}
    return {"state": "coming", "label": "", "sentence": ""}


def closed_since(asked: Asked) -> str:
    last = max(phase.closes_at for phase in asked.phases if phase.kind in TAKING_PART)
    return _("Taking part closed on %(moment)s") % {"moment": moment(last)}


def is_over(asked: Asked) -> bool:
    """Whether people can no longer take part, and could."""
    taking_part = [phase for phase in asked.phases if phase.kind in TAKING_PART]
    return bool(taking_part) and all(phase.closes_at <= asked.at for phase in taking_part)


def closed_banner(asked: Asked) -> dict[str, str] | None:
    """What every door says once people may no longer take part; None before."""
    if not is_over(asked):
        return None
    last = max(phase.closes_at for phase in asked.phases if phase.kind in TAKING_PART)
    said = _("The participation period is now closed, since %(moment)s.") % {"moment": moment(last)}
    return {"title": said, "text": follow_up(asked)}


def follow_up(asked: Asked) -> str:
    """When the administration says what it made of it."""
    due = asked.consultation.page.follow_up_due
    if due is None:
        return ""
    told = policies.told_what_became_on(asked.consultation) if is_over(asked) else None
    if told:
        said = _("What became of your contributions has been told since %(day)s. It was promised for %(due)s.")
        return said % {"day": long_date(told), "due": long_date(due)}
    late = reminding.days_late(asked.consultation, due, on=timezone.localdate(asked.at))
    if late:
        said = ngettext(
            "What became of your contributions was due on %(day)s: %(n)s day late.",
            "What became of your contributions was due on %(day)s: %(n)s days late.",
            late,
        )
        return said % {"day": long_date(due), "n": figure(late)}
    return _("Last day to say what became of your contributions: %(day)s.") % {"day": long_date(due)}


def moment(when: datetime) -> str:
    """« lundi 30 novembre 2026 à 20 h », with its zone where it is not the site's. In the zone that is active."""
    said = _("%(day)s at %(hour)s") % {"day": full_date(when), "hour": clock(when)}
    zone = timezone.get_current_timezone_name()
    return (
        said
        if zone == settings.TIME_ZONE
        else _("%(moment)s (local time: %(place)s)") % {"moment": said, "place": TimeZone(zone).label}
    )


def time_left(left: timedelta) -> str:
    if left < timedelta(hours=1):
        minutes = max(1, int(left.total_seconds() // 60))
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if left < timedelta(days=2):
        hours = int(left.total_seconds() // 3600)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", left.days) % {"n": left.days}


def phases(asked: Asked) -> list[dict[str, str]]:
    """The thread: each phase with its dates, then the day of the follow-up."""
    steps = steps_of(asked.phases, at=asked.at)
    due = asked.page.follow_up_due
    if due:
        when = "next" if timezone.localdate(asked.at) <= due else "past"
        dates = _("before %(day)s") % {"day": long_date(due)}
        steps.append({"title": _numbered(len(steps) + 1, _("Report back")), "dates": dates, "text": "", "when": when})
    return steps


def steps_of(phases: Sequence[Any], *, at: datetime) -> list[dict[str, str]]:
    """Phases of a consultation or of a budget, in order, for the thread."""
    return [_step(number, phase, at) for number, phase in enumerate(phases, start=1)]


def _step(number: int, phase: Any, at: datetime) -> dict[str, str]:
    when = "past" if phase.closes_at <= at else "now" if phase.opens_at <= at else "next"
    return {
        "title": _numbered(number, str(phase)),
        "dates": span(phase.opens_at, phase.closes_at),
        "text": phase.note or {"past": _("Finished"), "now": _("At the moment"), "next": ""}[when],
        "when": when,
    }


def _numbered(number: int, title: str) -> str:
    return _("%(number)d. %(title)s") % {"number": number, "title": title}


def span(opens_at: datetime, closes_at: datetime) -> str:
    """« 1er au 30 novembre », « 15 septembre au 31 octobre »: the last day is one on which people may still act."""
    first = timezone.localdate(opens_at)
    last = timezone.localdate(closes_at - timedelta(microseconds=1))
    if first == last:
        return short_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return _span(written(first, "j"), short_date(last))
    return _span(_with_year(first, last), short_date(last))


def _span(first: str, last: str) -> str:
    return pgettext("days", "%(first)s to %(last)s") % {"first": first, "last": last}


def _with_year(first: date, last: date) -> str:
    return written(first, "j F") if first.year == last.year else long_date(first)


def facts(asked: Asked) -> list[dict[str, str]]:
    """The figures, each out of how many or made of what, on which day."""
    counted, day = asked.consultation, short_date(timezone.localdate(asked.at))
    origins = public.origins(asked.consultation) if counted.proposition_count else None
    shown = [_propositions(asked, origins), _arguments(asked), *(_keyed_in(origins) if origins else [])]
    if not any(section.vote != VoteWidget.NONE for section in asked.sections):
        return shown
    if any(asked.hides_votes(section) for section in asked.sections):
        return [*shown, {"label": _("Votes"), "value": _("Hidden"), "note": _("told once the vote is closed")}]
    voters = {"label": _("Voters"), "value": figure(counted.voter_count), "note": _out_of(asked, day)}
    votes = {"label": _("Votes"), "value": figure(counted.vote_count), "note": _("on %(day)s") % {"day": day}}
    return [voters, *shown, votes]


def _out_of(asked: Asked, day: str) -> str:
    page = asked.page
    if not page.population:
        return _("on %(day)s") % {"day": day}
    word = page.population_word or _("inhabitants")
    return _("out of %(all)s %(people)s, on %(day)s") % {
        "all": figure(page.population),
        "people": word,
        "day": day,
    }


def _propositions(asked: Asked, origins: Origins | None) -> dict[str, str]:
    open_to = len([section for section in asked.sections if section.takes_propositions])
    sections = ngettext("in %(n)d section", "in %(n)d sections", open_to) % {"n": open_to}
    note = _by_whom(origins) if origins and (origins.people or origins.organisations) else sections
    return {"label": _("Propositions"), "value": figure(asked.consultation.proposition_count), "note": note}


def _by_whom(origins: Origins) -> str:
    """« par 187 personnes et 12 organisations »."""
    people = ngettext("%(n)s person", "%(n)s people", origins.people) % {"n": figure(origins.people)}
    groups = ngettext("%(n)s organisation", "%(n)s organisations", origins.organisations) % {
        "n": figure(origins.organisations)
    }
    if origins.people and origins.organisations:
        return _("by %(people)s and %(groups)s") % {"people": people, "groups": groups}
    return _("by %(people)s") % {"people": people if origins.people else groups}


def _keyed_in(origins: Origins) -> list[dict[str, str]]:
    """What people did not type themselves, where there is some."""
    paper = ngettext("proposition keyed in at a desk", "propositions keyed in at a desk", origins.paper)
    room = ngettext("proposition keyed in from the room", "propositions keyed in from the room", origins.meeting)
    told = [(_("Came on paper"), origins.paper, paper), (_("Said in a meeting"), origins.meeting, room)]
    return [{"label": label, "value": figure(count), "note": note} for label, count, note in told if count]


def _arguments(asked: Asked) -> dict[str, str]:
    pro, against = asked.consultation.for_count, asked.consultation.against_count
    note = _("%(pro)s for, %(against)s against") % {"pro": figure(pro), "against": figure(against)}
    return {"label": _("Arguments"), "value": figure(pro + against), "note": note}


@dataclass(frozen=True)
class Place:
    """A section in the list of sections."""

    section: Section
    number: int
    count: int | None
    url: str
    is_current: bool


def places(asked: Asked, *, chosen: Section | None, counts: dict[int, int], base: str) -> list[Place]:
    """Every section; those where nobody may propose, and where nothing stands, are headings without a link."""
    found = []
    for section in asked.sections:
        count = counts.get(section.pk, 0)
        is_open = section.takes_propositions or count > 0
        url = f"{base}?rubrique={section.pk}{PARTS}" if is_open else ""
        number = len([place for place in found if place.url]) + 1
        found.append(Place(section, number, count if is_open else None, url, is_current=section is chosen))
    return found


def section_sentence(place: Place, out_of: int) -> str:
    """« Rubrique 2 sur 4, 71 propositions. »"""
    here = _("Section %(number)d out of %(all)d") % {"number": place.number, "all": out_of}
    return _("%(here)s, %(count)s.") % {"here": here, "count": how_many(place.section, place.count or 0)}


def how_many(section: Section, count: int) -> str:
    """« 71 propositions », in the words of the section."""
    words = {
        Wording.PROPOSITION: ngettext("%(n)s proposition", "%(n)s propositions", count),
        Wording.IDEA: ngettext("%(n)s idea", "%(n)s ideas", count),
        Wording.GRIEVANCE: ngettext("%(n)s grievance", "%(n)s grievances", count),
    }
    return words[Wording(section.wording)] % {"n": figure(count)}


def to_propose(section: Section) -> str:
    """The words of the button, in those of the section."""
    words = {
        Wording.PROPOSITION: _("File a proposition"),
        Wording.IDEA: _("File an idea"),
        Wording.GRIEVANCE: _("File a grievance"),
    }
    return words[Wording(section.wording)]


def next_date(asked: Any) -> dict[str, str] | None:
    """The next moment when something opens or closes."""
    opening = [(phase.opens_at, phase) for phase in asked.phases if phase.opens_at > asked.at]
    closing = [(phase.closes_at, phase) for phase in asked.phases if phase.closes_at > asked.at]
    if not opening and not closing:
        return None
    when = min(turn for turn, _phase in [*opening, *closing])
    ends = [str(phase) for turn, phase in closing if turn == when]
    starts = [str(phase) for turn, phase in opening if turn == when]
    last, first = _("Last moment: %(phases)s"), _("Opens: %(phases)s")
    words = [words % {"phases": ", ".join(told)} for words, told in ((last, ends), (first, starts)) if told]
    return {"when": moment(when), "what": ". ".join(words)}


def moves(entries: Iterable[Entry], kinds: Any = PhaseKind) -> list[str]:
    """« Dates modifiées le 12 novembre 2026, parce que… », one sentence for each time they moved."""
    told = {}
    for entry in entries:
        reason = entry.details.get("reason", "")
        told.setdefault((long_date(entry.at), reason), []).append(_one_move(entry, kinds))
    return [
        _("Dates changed on %(day)s, because: %(reason)s. %(changes)s")
        % {"day": day, "reason": reason.rstrip(". "), "changes": " ".join(changes)}
        for (day, reason), changes in told.items()
    ]


def _one_move(entry: Entry, kinds: Any) -> str:
    was, now = entry.details["before"], entry.details["after"]
    announced = now or was
    title = announced["title"] or kinds(announced["kind"]).label
    words = {
        "moved": _("%(title)s: %(after)s, instead of %(before)s."),
        "added": _("%(title)s: added, %(after)s."),
        "removed": _("%(title)s: removed, it was %(before)s."),
    }
    return words[re.split("[._]", entry.verb)[-1]] % {
        "title": title,
        "before": _announced(was),
        "after": _announced(now),
    }


def _announced(dates: dict[str, str] | None) -> str:
    """From one moment to another, the hour told: it may be all that changed."""
    if not dates:
        return ""
    opens_at, closes_at = (datetime.fromisoformat(dates[name]) for name in ("opens_at", "closes_at"))
    return _("from %(first)s to %(last)s") % {"first": long_moment(opens_at), "last": long_moment(closes_at)}


def tabs(asked: Asked, *, chosen: str, has_propositions: bool) -> list[dict[str, Any]]:
    """Only what exists. ``chosen``: propositions, file or rules, which open where one reads, under the same head."""
    main = address("consultation", asked) + PARTS
    entries = [("propositions", _("Propositions"), main)] if has_propositions else []
    file_url = address("file", asked) + PARTS if has_propositions else main
    entries.append(("file", pgettext("consultation", "The file"), file_url))
    entries.append(("rules", _("Rules and contacts"), address("rules", asked) + PARTS))
    if asked.consultation.page.has_map:
        entries.append(("map", pgettext("consultation", "Opinion map"), address("map", asked)))
    if has_propositions and closed_banner(asked):
        entries.append(("results", _("Results"), address("results", asked)))
        if policies.syntheses_to_read(asked.consultation).exists():
            entries.append(("synthesis", _("Synthesis"), address("synthesis", asked)))
    return [{"label": label, "url": url, "is_current": name == chosen} for name, label, url in entries]


def address(name: str, asked: Asked) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug])
