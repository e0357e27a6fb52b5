"""The public pages in words: the figure first, out of how many, when. A refusal is said as plainly as a success."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from feedback.board.rows import texts_of
from feedback.choices import PAIN_POINT_PUBLIC_WORDS, Outcome, PainPointState
from feedback.figures import FEW
from feedback.filters import BY_THEME
from feedback.models import Answer, PainPoint
from feedback.public import TURNS, Figures, Said, Settled, Shelf
from pages.dates import long_date


@dataclass(frozen=True)
class Row:
    """What the components of one pain point read."""

    number: str
    date: str
    state: str
    state_label: str
    state_sentence: str
    title: str
    url: str
    said: str
    said_note: str
    did: str
    did_label: str
    did_note: str
    settled: dict[str, Any] | None


def row(one: Said) -> Row:
    pain_point = one.pain_point
    return Row(
        number=_("no. %(number)d") % {"number": pain_point.number},
        date=_when(one),
        state=pain_point.state,
        state_label=state_label(pain_point),
        state_sentence=str(PAIN_POINT_PUBLIC_WORDS[PainPointState(pain_point.state)]),
        title=pain_point.title,
        url=reverse("feedback:said_one", args=[pain_point.number]),
        said=one.passages[0] if one.passages else "",
        said_note=_said_note(one),
        did=_did(one),
        did_label=did_label(pain_point.state),
        did_note=_did_note(one),
        settled=_settled(one.settled),
    )


def shelf(one: Shelf, *, opened: bool) -> dict[str, Any]:
    """A theme and its rows, as the page folds them."""
    found = ngettext("%(count)d pain point", "%(count)d pain points", one.count) % {"count": one.count}
    hidden = one.count - len(one.said)
    more = ngettext("%(n)s more, in the one list", "%(n)s more, in the one list", hidden) % {"n": hidden}
    return {
        "label": one.label or _("Under no theme"),
        "counts": found if one.fiches is None else f"{found}, {_fiches(one.fiches)}",
        "rows": [row(said) for said in one.said],
        "more": more if hidden else "",
        "is_open": opened,
    }


def ways(query: str, *, by_theme: bool) -> list[dict[str, Any]]:
    """One list, or by theme; ``query`` holds the filters of the page."""
    kept = QueryDict(query, mutable=True)
    kept.pop("par", None)
    listed = kept.urlencode()
    kept["par"] = BY_THEME
    return [
        {"label": _("One list"), "url": f"?{listed}", "is_current": not by_theme, "icon": "list-ul"},
        {"label": _("By theme"), "url": f"?{kept.urlencode()}", "is_current": by_theme, "icon": "collection"},
    ]


def state_label(pain_point: PainPoint) -> str:
    """The words of the pill; those of the theme, but for what is only recognised."""
    return _("Under study") if pain_point.state == PainPointState.CONFIRMED else ""


def did_label(state: str) -> str:
    words = {
        PainPointState.PLANNED: _("We will do"),
        PainPointState.DONE: _("We did"),
        PainPointState.REFUSED: _("We will not do"),
    }
    return words.get(PainPointState(state), _("We are working on it"))


def facts(figures: Figures) -> list[dict[str, str]]:
    """The band of figures above the list."""
    out_of = _("out of %(total)d, on %(day)s") % {"total": figures.followed, "day": long_date(figures.counted_on)}
    late = ngettext("of which %(n)d is late", "of which %(n)d are late", figures.late) % {"n": figures.late}
    gathered = _("from %(fiches)s") % {"fiches": _fiches(figures.fiches)}
    return [
        _fact(_("Pain points followed"), figures.followed, gathered),
        _fact(pgettext("figures", "Done"), figures.done, out_of),
        _fact(pgettext("figures", "Planned"), figures.planned, _("with a date")),
        _fact(pgettext("figures", "Refused"), figures.refused, _("each with its reason")),
        _fact(pgettext("figures", "Waiting"), figures.waiting, late if figures.late else ""),
        _usual_delay(figures),
    ]


def facts_of(one: Said) -> list[dict[str, str]]:
    """The figures of one pain point."""
    fiches = one.pain_point.fiche_count
    note = ", ".join(filter(None, [_texts(one.pain_point), _period(one.pain_point)]))
    found = [{"label": pgettext("figures", "Fiches"), "value": count(fiches), "note": note}]
    if (days := _days_to_answer(one)) is not None:
        value = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        note = _("from the first fiche to the last answer")
        found.append({"label": pgettext("figures", "Delay"), "value": value, "note": note})
    if one.settled:
        note = _("out of %(n)s people asked") % {"n": count(one.settled.asked)}
        found.append({"label": _("Replies to “is it settled?”"), "value": count(one.settled.replied), "note": note})
    return found


def _fact(label: str, value: int, note: str) -> dict[str, str]:
    return {"label": label, "value": _number(value), "note": note}


def _usual_delay(figures: Figures) -> dict[str, str]:
    label = pgettext("figures", "Usual delay")
    if figures.median_days is None:
        return {"label": label, "value": "…", "note": _("fewer than 5 fiches answered")}
    value = ngettext("%(n)d day", "%(n)d days", figures.median_days) % {"n": figures.median_days}
    note = _("median over %(n)s answered fiches") % {"n": _number(figures.answered)}
    return {"label": label, "value": value, "note": note}


def answer(given: Answer, pain_point: PainPoint) -> dict[str, Any]:
    """One answer as the page shows it."""
    return {
        "label": did_label(given.outcome),
        "outcome": given.outcome,
        "given_on": long_date(given.created_at),
        "changes": given.changes,
        "does_not_change": given.does_not_change,
        "planned_for": long_date(given.planned_for) if given.planned_for else "",
        "service": pain_point.service.name,
    }


def thread(one: Said, answers: Sequence[Answer]) -> list[dict[str, str]]:
    """Fiches, recognised, answers, opened again, change, « est-ce réglé ? »: always with dates."""
    first = {"title": _fiches(one.pain_point.fiche_count), "text": _period(one.pain_point), "state": "done"}
    dated = [(turn.at, _turn(turn.verb, turn.at)) for turn in one.turns]
    dated += [(given.created_at, _given(given)) for given in answers]
    middle = [step for _at, step in sorted(dated, key=lambda pair: pair[0])]
    return [first, *middle, *_to_come(one)]


def _turn(verb: str, at: date) -> dict[str, str]:
    title = _("Recognised by the service") if verb == TURNS[0] else _("Opened again: it was not settled")
    return {"title": title, "text": long_date(at), "state": "done"}


def _given(given: Answer) -> dict[str, str]:
    state = "refused" if given.outcome == Outcome.REFUSED else "done"
    return {"title": given.get_outcome_display(), "text": long_date(given.created_at), "state": state}


def _to_come(one: Said) -> list[dict[str, str]]:
    pain_point = one.pain_point
    if pain_point.state == PainPointState.REFUSED:
        return []
    if pain_point.state == PainPointState.CONFIRMED:
        return [
            {"title": pgettext("thread", "Answer"), "text": _expected(pain_point), "state": "now"},
            {"title": pgettext("thread", "Change"), "text": _("to come")},
            {"title": _("Is it settled?"), "text": _("after the change")},
        ]
    steps = []
    if pain_point.state == PainPointState.PLANNED:
        steps.append({"title": pgettext("thread", "Change"), "text": _planned(pain_point), "state": "now"})
    asked = one.answer.followed_up_at if one.answer else None
    text = _("asked on %(day)s") % {"day": long_date(asked)} if asked else _("some weeks after the change")
    return [*steps, {"title": _("Is it settled?"), "text": text, "state": "done" if asked else ""}]


def _when(one: Said) -> str:
    """What stands in the margin: when it was decided, or by when it will be."""
    pain_point = one.pain_point
    if pain_point.state == PainPointState.CONFIRMED:
        return _expected(pain_point)
    if pain_point.state == PainPointState.PLANNED:
        return _planned(pain_point)
    return long_date(pain_point.decided_at)


def _expected(pain_point: PainPoint) -> str:
    words = _("answer late, expected on %(day)s") if _is_past(pain_point.due_on) else _("answer before %(day)s")
    return words % {"day": long_date(pain_point.due_on)}


def _planned(pain_point: PainPoint) -> str:
    on_time, late = pgettext("margin", "planned for %(day)s"), pgettext("margin", "planned for %(day)s, late")
    words = late if _is_past(pain_point.planned_for) else on_time
    return words % {"day": long_date(pain_point.planned_for)}


def _said_note(one: Said) -> str:
    return _("%(count)s, %(period)s") % {
        "count": _fiches_of(one.pain_point),
        "period": _period(one.pain_point),
    }


def _fiches(count: int) -> str:
    if count < FEW:
        return _("fewer than 5 fiches")
    return ngettext("%(n)s fiche", "%(n)s fiches", count) % {"n": _number(count)}


def _fiches_of(pain_point: PainPoint) -> str:
    """« 312 fiches, 40 textes distincts » when many say the same words."""
    fiches = _fiches(pain_point.fiche_count)
    return _("%(fiches)s, %(texts)s") % {"fiches": fiches, "texts": texts} if (texts := _texts(pain_point)) else fiches


def _texts(pain_point: PainPoint) -> str:
    if not (texts := texts_of(pain_point)):
        return ""
    return _("fewer than 5 different texts") if pain_point.distinct_count < FEW else texts


def _period(pain_point: PainPoint) -> str:
    """From which month to which: a day would say too much about a person."""
    if not pain_point.first_on:
        return ""
    first, last = pain_point.first_on, pain_point.last_on
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "F Y")
    months = {"first": date_format(first, "F" if first.year == last.year else "F Y"), "last": date_format(last, "F Y")}
    return pgettext("months", "%(first)s to %(last)s") % months


def _did(one: Said) -> str:
    if one.reopened_at:
        words = _("Opened again on %(day)s: people said that it was not settled.")
        return words % {"day": long_date(one.reopened_at)}
    return one.answer.changes if one.answer else ""


def _did_note(one: Said) -> str:
    service, days = one.pain_point.service.name, _days_to_answer(one)
    if days is None or one.reopened_at:
        return service
    words = ngettext(
        "%(service)s, %(n)d day after the first fiche", "%(service)s, %(n)d days after the first fiche", days
    )
    return words % {"service": service, "n": days}


def _days_to_answer(one: Said) -> int | None:
    if not one.answer or not one.pain_point.first_on:
        return None
    return max(0, (timezone.localdate(one.answer.created_at) - one.pain_point.first_on).days)


def _settled(settled: Settled | None) -> dict[str, Any] | None:
    """The sentence and the bar; nothing while too few have replied."""
    if settled is None or not settled.is_shown:
        return None
    figures = {"n": settled.yes_at_least, "total": _number(settled.replied)}
    if settled.yes < FEW:
        sentence = _("Yes for fewer than 5 people out of %(total)s who replied.") % figures
        return {"sentence": sentence, "part": 0, "whole": 0}
    exact = settled.yes_at_least == settled.yes
    words = (
        _("Yes for %(n)d people out of %(total)s who replied.")
        if exact
        else _("Yes for at least %(n)d people out of %(total)s who replied.")
    )
    return {"sentence": words % figures, "part": settled.yes_at_least, "whole": settled.replied}


def count(number: int) -> str:
    """With thousands set apart; « moins de 5 » under five."""
    return _("fewer than 5") if number < FEW else _number(number)


def _number(number: int) -> str:
    """Thousands set apart, as the language of the page does."""
    return number_format(number, force_grouping=True)


def _is_past(day: date) -> bool:
    return day < timezone.localdate()
