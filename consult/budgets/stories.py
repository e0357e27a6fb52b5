"""The story of a project, from the ideas to the opening day: what happened, when, what it cost. All public."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets.choices import BudgetPhaseKind, ProjectState
from consult.budgets.models import (
    BallotOption,
    BudgetPhase,
    Milestone,
    Project,
    ProjectMove,
    ProjectNews,
    ProjectPhoto,
    Spending,
    Study,
    Suggestion,
)

SILENT = 6  # months without news before the page says so
LAST = frozenset({"opened", "abandoned", "withdrawn"})  # of what happened on one day
WORKING = frozenset({ProjectState.FUNDED, ProjectState.UNDERWAY})


@dataclass(frozen=True)
class Moment:
    """One thing that happened, or is planned. ``kind`` tells the page what to draw beside it."""

    kind: str
    on: date
    title: str
    text: str = ""
    state: str = "done"  # done, now, refused, or "" when it is to come
    ideas: list[Suggestion] = field(default_factory=list)
    photos: list[ProjectPhoto] = field(default_factory=list)


@dataclass(frozen=True)
class Money:
    """In cents: what was planned, what is paid, and each payment."""

    cost: int
    paid: int
    lines: list[Spending]

    @property
    def share(self) -> int:
        """Of the cost, in per cent; above 100 when it costs more than was planned."""
        return round(100 * self.paid / self.cost) if self.cost else 0

    @property
    def over(self) -> int:
        """Cents paid above what was planned."""
        return max(0, self.paid - self.cost)


@dataclass(frozen=True)
class Story:
    project: Project
    moments: list[Moment]
    photos: list[ProjectPhoto]
    money: Money | None
    last_news: date | None
    silent_months: int  # 0 while there are news, or when nothing is expected


def of(project: Project, *, today: date | None = None) -> Story:
    """Everything dated, the oldest first; what is planned comes last. About nine queries."""
    now = today or timezone.localdate()
    photos = list(ProjectPhoto.objects.filter(project=project))
    past, to_come = _works(project, now)
    ideas = _ideas(project)
    moves = _moves(project, sum(len(one.ideas) for one in ideas))
    moments = [*ideas, *moves, *_ballot(project, now), *_news(project), *past]
    told = _with_now(sorted(moments, key=lambda one: (one.on, one.kind in LAST)), project)
    last = last_news([project.pk]).get(project.pk)
    return Story(
        project=project,
        moments=[*_with_photos(told, photos), *to_come],
        photos=photos,
        money=_money(project),
        last_news=last,
        silent_months=silence(project.state, last, today=now),
    )


def _with_now(told: list[Moment], project: Project) -> list[Moment]:
    """The last thing that happened says where a project stands, until it is over."""
    if not told or project.state in ENDS or told[-1].state != "done":
        return told
    return [*told[:-1], replace(told[-1], state="now")]


def silence(state: str, last: date | None, *, today: date) -> int:
    """For how many whole months nothing was told of works that are expected; 0 below six."""
    if state not in WORKING or last is None:
        return 0
    months = (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day)
    return months if months >= SILENT else 0


def last_news(projects: Iterable[int]) -> dict[int, date]:
    """When something was last told of each of these projects: a state, a step done, a payment, a picture, a news."""
    keys, found = list(projects), {}
    sources = (
        ProjectMove.objects.filter(project__in=keys).values_list("project").annotate(last=Max("at")),
        Milestone.objects.filter(project__in=keys, done_on__isnull=False)
        .values_list("project")
        .annotate(last=Max("done_on")),
        Spending.objects.filter(project__in=keys).values_list("project").annotate(last=Max("on")),
        ProjectPhoto.objects.filter(project__in=keys).values_list("project").annotate(last=Max("taken_on")),
        ProjectNews.objects.filter(project__in=keys).values_list("project").annotate(last=Max("published_at")),
    )
    for rows in sources:
        for key, last in rows.order_by():
            found[key] = max(found.get(key, date.min), _day(last))
    return found


def _day(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _ideas(project: Project) -> list[Moment]:
    ideas = list(Suggestion.objects.public().filter(became__project=project).order_by("created_at"))
    if not ideas:
        return []
    supports = sum(one.support_count for one in ideas)
    title = ngettext("%(n)d idea is filed", "%(n)d ideas are filed", len(ideas)) % {"n": len(ideas)}
    text = ngettext("%(n)d person supports it.", "%(n)d supports in all.", supports) % {"n": supports}
    for one in ideas:
        one.budget = project.budget
    return [Moment("ideas", _day(ideas[0].created_at), title, text if supports else "", ideas=ideas)]


def _moves(project: Project, ideas: int) -> list[Moment]:
    """Its states. What a study said is told with the state it led to."""
    reasons = _studied(project)
    told = []
    for move in ProjectMove.objects.filter(project=project):
        words = _MOVED.get(ProjectState(move.state))
        if words is None:
            continue
        kind, title, state = words
        text = move.reason or reasons.get(move.state, "")
        told.append(Moment(kind, _day(move.at), title(ideas), text, state))
    return told


ENDS = frozenset({ProjectState.REALISED, ProjectState.NOT_RETAINED, ProjectState.WITHDRAWN, ProjectState.ABANDONED})
_MOVED: dict[ProjectState, tuple[str, Any, str]] = {
    ProjectState.PREPARED: ("grouped", lambda ideas: _written_from(ideas), "done"),
    ProjectState.STUDIED: ("studied", lambda _ideas: _("The services study it"), "done"),
    ProjectState.RETAINED: ("studied", lambda _ideas: _("Retained: it goes to the vote"), "done"),
    ProjectState.NOT_RETAINED: ("studied", lambda _ideas: _("Not retained"), "refused"),
    ProjectState.WITHDRAWN: ("withdrawn", lambda _ideas: _("Withdrawn"), "refused"),
    ProjectState.FUNDED: ("result", lambda _ideas: _("Funded by the vote"), "done"),
    ProjectState.NOT_FUNDED: ("result", lambda _ideas: _("Not funded"), "refused"),
    ProjectState.UNDERWAY: ("works", lambda _ideas: _("Works begin"), "done"),
    ProjectState.REALISED: ("opened", lambda _ideas: _("It is open"), "done"),
    ProjectState.ABANDONED: ("abandoned", lambda _ideas: _("Given up"), "refused"),
}


def _written_from(ideas: int) -> str:
    if not ideas:
        return _("The project is written")
    return ngettext("The project is written from this idea", "The project is written from these ideas", ideas)


def _studied(project: Project) -> dict[str, str]:
    """The public reason of each verdict, by the state it led to: an older move may have kept none."""
    rows = Study.objects.public().filter(project=project).values_list("verdict", "reason")
    to = {"not_feasible": ProjectState.NOT_RETAINED}
    return {to.get(verdict, ProjectState.RETAINED): reason for verdict, reason in rows}


def _ballot(project: Project, today: date) -> list[Moment]:
    """The vote, once it has opened, for a project that was on the ballot."""
    option = BallotOption.objects.filter(project=project).first()
    phase = BudgetPhase.objects.filter(page=project.budget.page_id, kind=BudgetPhaseKind.BALLOT).first()
    if option is None or phase is None or _day(phase.opens_at) > today:
        return []
    words = {"title": option.title, "number": option.number}
    return [Moment("ballot", _day(phase.opens_at), _("The vote opens"), _("On the ballot: #%(number)d.") % words)]


def _news(project: Project) -> list[Moment]:
    rows = ProjectNews.objects.filter(project=project)
    return [Moment("news", _day(one.published_at), one.title, one.text) for one in rows]


def _works(project: Project, today: date) -> tuple[list[Moment], list[Moment]]:
    """Steps done, then those to come, the late ones first."""
    rows = list(Milestone.objects.filter(project=project))
    done = [Moment("milestone", one.done_on, one.title, one.note) for one in rows if one.done_on]
    if project.state not in WORKING:
        return done, []
    waiting = sorted((one for one in rows if not one.done_on), key=lambda one: one.planned_on)
    return done, [Moment("planned", one.planned_on, one.title, _late(one, today), "") for one in waiting]


def _late(step: Milestone, today: date) -> str:
    late = _("Planned for this day, and not done yet.") if step.planned_on < today else ""
    return " ".join(part for part in (late, step.note) if part)


def _with_photos(moments: list[Moment], photos: list[ProjectPhoto]) -> list[Moment]:
    """Each picture beside the last thing that had happened when it was taken."""
    for photo in photos:
        before = [one for one in moments if one.on <= photo.taken_on] or moments[:1]
        if before:
            before[-1].photos.append(photo)
    return moments


def _money(project: Project) -> Money | None:
    """Once it is funded, and as soon as something was paid."""
    lines = list(Spending.objects.filter(project=project))
    if project.cost is None or (project.state not in WORKING | {ProjectState.REALISED} and not lines):
        return None
    return Money(project.cost, sum(one.amount for one in lines), lines)


def paid_of(projects: Iterable[int]) -> dict[int, int]:
    """Cents paid for each of these projects, for lists."""
    rows = Spending.objects.filter(project__in=list(projects)).order_by().values_list("project")
    return dict(rows.annotate(total=Sum("amount")))
