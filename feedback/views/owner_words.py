"""The words and lists around what ``feedback.board`` reads: tabs, figures, keys, charts, thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import User
from directory.models import Service
from feedback import policies, surges
from feedback.board import rows, weeks
from feedback.board.figures import Figures
from feedback.choices import OPEN_STATES, IntakeChannel
from feedback.filters import BoardFilter
from feedback.models import Answer, Fiche, PainPoint, SavedView, SurgeAlert
from journal.actions import sentence_of
from journal.models import Entry
from pages.dates import clock, long_date, written


@dataclass(frozen=True)
class View:
    """A view of the board that everybody has."""

    label: Any
    rows: Callable[[User], QuerySet[PainPoint]]
    figure: str


VIEWS = {
    "priorities": View(
        gettext_lazy("My priorities"),
        lambda user: rows.priorities_of(policies.pain_points_to_triage(user), user),
        "priorities",
    ),
    "across": View(
        gettext_lazy("Several services"),
        lambda user: rows.across_services(policies.pain_points_to_see(user)),
        "across",
    ),
    "unanswered": View(
        gettext_lazy("Never answered"),
        lambda user: rows.never_answered(policies.pain_points_to_triage(user)),
        "unanswered",
    ),
    "all": View(gettext_lazy("All"), policies.pain_points_to_see, "pain_points"),
}
RISING_SHOWN = 3
# The journal never learns the name of an author.
OF_AUTHORS = {"fiche.submitted", "fiche.exported", "fiche.erased", "follow_up.replied"}


def default_view(data: QueryDict) -> str:
    """One's priorities; everything as soon as something is looked for."""
    return "all" if any(data.get(name) for name in BoardFilter.base_filters if name != "sort") else "priorities"


def heading(services: Sequence[Service]) -> str:
    if len(services) == 1:
        return _("Pain points: %(service)s") % {"service": services[0]}
    return _("Pain points of your %(count)d services") % {"count": len(services)}


def section(services: Sequence[Service]) -> object:
    return services[0] if len(services) == 1 else ""


def summary(figures: Figures) -> str:
    """How many pain points and fiches, since when, and how fresh the grouping is."""
    found = ngettext("%(count)s pain point", "%(count)s pain points", figures.pain_points)
    fiches = ngettext("%(count)s fiche", "%(count)s fiches", figures.fiches)
    words = [f"{_counted(found, figures.pain_points)}, {_counted(fiches, figures.fiches)}"]
    if figures.since:
        words[0] = _("%(what)s since %(date)s") % {"what": words[0], "date": long_date(figures.since)}
    if figures.regrouped_at:
        said = {"date": written(figures.regrouped_at, "j F"), "time": clock(figures.regrouped_at)}
        words.append(_("Grouped again on %(date)s at %(time)s") % said)
    return ". ".join(words) + "."


def facts(figures: Figures, services: Sequence[Service]) -> list[dict[str, Any]]:
    """The four figures, each with what it is out of."""
    targets = {service.response_target_days for service in services}
    late = _("out of %(waiting)d that wait") % {"waiting": figures.waiting}
    if len(targets) == 1:
        late = _("%(late)s, target %(days)d days") % {"late": late, "days": targets.pop()}
    return [
        {
            "label": _("To sort"),
            "value": figures.to_sort,
            "note": _("of which %(count)d for over 3 days") % {"count": figures.to_sort_long},
        },
        {"label": _("Late answers"), "value": figures.late, "note": late},
        {"label": _("Usual delay"), "value": _days(figures.median_delay), "note": _("median over 90 days")},
        {
            "label": _("“It is settled”"),
            "value": _share(figures.settled, figures.replies),
            "note": _replies(figures.settled, figures.replies),
        },
    ]


def _replies(settled: int, replies: int) -> str:
    if not replies:
        return _("no reply yet")
    words = ngettext("%(yes)d yes out of %(replies)d reply", "%(yes)d yes out of %(replies)d replies", replies)
    return words % {"yes": settled, "replies": replies}


def _days(median: float | None) -> str:
    if median is None:
        return _("no answer yet")
    days = round(median)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _share(part: int, whole: int) -> str:
    return _("%(share)s%%") % {"share": round(100 * part / whole)} if whole else "–"


def _counted(words: str, count: int) -> str:
    return words % {"count": number_format(count, force_grouping=True)}


def tabs(stays: dict[str, str], figures: Figures, saved: Sequence[SavedView], query: str) -> list[dict[str, Any]]:
    """The views of everybody, then one's own, then the way to keep this one. ``stays``: the view, and the grouping."""
    own = [{"label": one.name, "url": f"?{one.query}", "is_current": one.query == query} for one in saved]
    taken = any(tab["is_current"] for tab in own)
    shared = [
        {
            "label": view.label,
            "url": f"?{urlencode({**stays, 'view': key})}",
            "count": getattr(figures, view.figure),
            "is_current": key == stays["view"] and not taken,
        }
        for key, view in VIEWS.items()
    ]
    keep = {"label": _("Keep this view"), "url": f"{reverse('feedback:save_view')}?{query}", "icon": "plus-lg"}
    return [*shared, *own, *([] if taken else [keep])]


def sorting_tabs(*, current: str, mine: int, lost: int) -> list[dict[str, Any]]:
    return [
        {"label": _("My services"), "url": reverse("feedback:sorting"), "count": mine, "is_current": current == "mine"},
        {
            "label": _("No service named"),
            "url": reverse("feedback:without_service"),
            "count": lost,
            "is_current": current == "lost",
        },
    ]


def fiche_facts(fiche: Fiche) -> list[tuple[str, object]]:
    """What is known of a fiche, without what nobody gave."""
    known = [
        (_("State"), capfirst(fiche.get_state_display())),
        (_("Service"), fiche.service or _("none named")),
        (_("Office"), fiche.office),
        (_("Channel"), capfirst(fiche.get_channel_display())),
        (_("Received on"), long_date(fiche.received_on)),
        (_("It happened on"), long_date(fiche.occurred_on) if fiche.occurred_on else None),
        (_("Step of the procedure"), fiche.step),
        (_("Satisfaction"), fiche.get_satisfaction_display() if fiche.satisfaction else None),
        (_("Wants an answer"), pgettext("answer", "yes") if fiche.wants_answer else pgettext("answer", "no")),
        (_("Keyed in by"), fiche.keyed_by),
    ]
    return [(label, value) for label, value in known if value]


def since(pain_point: PainPoint) -> str:
    """“Confirmed for 41 days”."""
    days = (timezone.now() - pain_point.state_changed_at).days
    if not days:
        return _("since today")
    return ngettext("for %(count)d day", "for %(count)d days", days) % {"count": days}


def rising(alerts: Sequence[SurgeAlert], services: Sequence[Service]) -> list[dict[str, Any]]:
    """The lines above the board: what rises and nobody has said to have seen, the steepest first."""
    mine = {service.pk for service in services}
    unseen = [alert for alert in alerts if alert.acknowledged_at is None]
    return [
        {
            "pain_point": alert.pain_point,
            "sentence": surges.sentence_of(alert),
            "seen_url": _seen_url(alert) if alert.pain_point.service_id in mine else "",
        }
        for alert in unseen[:RISING_SHOWN]
    ]


def surge(alert: SurgeAlert | None) -> dict[str, Any] | None:
    """What the page of a pain point says of its alert."""
    if alert is None:
        return None
    seen = {"name": alert.acknowledged_by, "day": long_date(alert.acknowledged_at) if alert.acknowledged_at else ""}
    return {
        "sentence": surges.sentence_of(alert),
        "since": _("Rising since %(day)s.") % {"day": long_date(alert.opened_at)},
        "seen": _("Seen by %(name)s on %(day)s.") % seen if alert.acknowledged_at else "",
        "seen_url": _seen_url(alert),
    }


def _seen_url(alert: SurgeAlert) -> str:
    return reverse("feedback:act", args=[alert.pain_point_id, "vu"])


def weeks_chart(counts: weeks.Weeks, alert: SurgeAlert | None = None) -> dict[str, Any]:
    """The bars of the weeks; the alert says what was expected of the last one."""
    marked = alert if alert and alert.days == weeks.DAYS else None
    days = weeks.starts(timezone.localdate())
    shown = [{"label": written(day, "j N"), "value": n} for day, n in zip(days, counts.counts, strict=True)]
    return {
        "rows": shown,
        "label": counts.label,
        "first": shown[0]["label"],
        "now": _now(counts, marked),
        "mark": marked.expected if marked else None,
    }


def _now(counts: weeks.Weeks, alert: SurgeAlert | None) -> str:
    if alert is None:
        return _("these 7 days: %(count)d") % {"count": counts.last}
    figures = {"count": counts.last, "awaited": surges.awaited(alert.expected)}
    return _("these 7 days: %(count)d (%(awaited)s)") % figures


def places(counts: dict[str, list[tuple[str, int]]]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Where the fiches come from: only what makes a difference."""
    channels = [(capfirst(IntakeChannel(key).label), count) for key, count in counts["channel"]]
    titled = [(_("Services"), counts["service"]), (_("Offices"), counts["office"]), (_("Channels"), channels)]
    return [(title, found) for title, found in titled if found]


def thread(pain_point: PainPoint, history: Sequence[Entry], answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """From the first fiche to “is it settled?”, with dates."""
    confirmed = next((line for line in history if line.verb == "pain_point.confirmed"), None)
    steps = [_step(_("First fiche"), pain_point.first_on), _step(_("Suggested"), pain_point.created_at)]
    if confirmed:
        steps.append(_step(_("Confirmed"), confirmed.at, who=confirmed.actor_name))
    for answer in reversed(answers):
        steps.append(_step(answer.get_outcome_display(), answer.created_at, who=str(answer.author)))
    if pain_point.state in rows.WAITING:
        is_late = pain_point.due_on < timezone.localdate()
        due = _("late since %(date)s") if is_late else _("before %(date)s")
        due %= {"date": long_date(pain_point.due_on)}
        steps.append({"title": _("Answer to write"), "text": due, "state": "now"})
    asked = answers[0] if answers else None
    settled = {"title": _("Is it settled?"), "text": "", "state": "" if pain_point.state in OPEN_STATES else "now"}
    if asked and asked.followed_up_at:
        settled["text"] = _("%(yes)d yes, %(partly)d in part, %(no)d no") % {
            "yes": asked.yes,
            "partly": asked.partly,
            "no": asked.no,
        }
    return [step for step in steps if step["text"]] + [settled]


def _step(title: str, when: Any, *, who: str = "") -> dict[str, Any]:
    if when is None:
        return {"title": title, "text": "", "state": "done"}
    day = long_date(when)
    return {"title": title, "text": f"{who}, {day}" if who else day, "state": "done"}


def history(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The journal in words: when, who, what, and the reason when one was written."""
    return [
        {
            "at": line.at,
            "who": _who(line),
            "what": sentence_of(line.verb),
            "why": line.details.get("reason", ""),
        }
        for line in entries
    ]


def _who(line: Entry) -> str:
    unnamed = _("the author of the fiche") if line.verb in OF_AUTHORS else _("the machine")
    return line.actor_name or unnamed
