"""What everybody may read: public pain points, what was said and decided, and figures with their denominators.

Only what a person published, only the passages a person chose, masked. Figures under ``FEW`` are never written.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, DurationField, F, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from clustering.archetypes import family_names
from clustering.families import shared_words
from feedback import policies
from feedback.board import themes
from feedback.board.rows import with_due_on
from feedback.choices import FollowUpReply, IntakeChannel, PainPointState
from feedback.figures import FEW, Median
from feedback.models import Answer, Fiche, FollowUp, Membership, PainPoint, Recipient, Verbatim
from feedback.models.themes import around
from journal.models import Entry

ROWS_A_PAGE = 20
THEMES_A_PAGE, SHOWN_IN_A_THEME = 5, 20
TURNS = ("pain_point.confirmed", "pain_point.reopened")


@dataclass(frozen=True)
class Settled:
    """Replies to « est-ce réglé ? » after one answer."""

    yes: int
    replied: int
    asked: int

    @property
    def is_shown(self) -> bool:
        return self.replied >= FEW

    @property
    def yes_at_least(self) -> int:
        """``yes``, rounded down when the others are too few to be counted in public."""
        return self.yes if self.yes == self.replied or self.replied - self.yes >= FEW else self.replied - FEW + 1


@dataclass(frozen=True)
class Said:
    """One public pain point with what was said and decided; ``answer`` is the last one."""

    pain_point: PainPoint
    passages: list[str]
    answer: Answer | None
    settled: Settled | None
    turns: list[Entry]

    @property
    def confirmed_at(self) -> datetime | None:
        return next((turn.at for turn in self.turns if turn.verb == TURNS[0]), None)

    @property
    def reopened_at(self) -> datetime | None:
        """When what had been decided turned out not to hold; None while the last answer does."""
        is_waiting = self.pain_point.state == PainPointState.CONFIRMED and self.answer
        return self.pain_point.state_changed_at if is_waiting else None


@dataclass(frozen=True)
class Shelf:
    """Public pain points of one theme. ``fiches`` is None when it would tell a figure under ``FEW``."""

    label: str
    count: int
    fiches: int | None
    said: list[Said]


@dataclass(frozen=True)
class Figures:
    """Over all public pain points, on ``counted_on``; ``median_days`` is None under five answered fiches."""

    followed: int
    done: int
    planned: int
    refused: int
    waiting: int
    late: int
    fiches: int
    answered: int
    median_days: int | None
    counted_on: date

    @property
    def open(self) -> int:
        return self.waiting + self.planned


def listed() -> QuerySet[PainPoint]:
    """The public pain points, last decided first, with ``decided_at`` and ``due_on``."""
    last = Answer.objects.filter(pain_point=OuterRef("pk")).order_by("-pk").values("created_at")[:1]
    public = with_due_on(policies.pain_points_public().select_related("service"))
    return public.annotate(decided_at=Coalesce(Subquery(last), "state_changed_at")).order_by("-decided_at", "-number")


def page_of(pain_points: QuerySet[PainPoint], *, page: int) -> tuple[list[Said], int]:
    """One page, and how many there are (0 past the end)."""
    start = (page - 1) * ROWS_A_PAGE
    found = list(pain_points.annotate(total=Window(Count("*")))[start : start + ROWS_A_PAGE])
    return told(found), found[0].total if found else 0


def by_theme(pain_points: QuerySet[PainPoint], *, page: int) -> tuple[list[Shelf], int]:
    """One page of themes, those of no theme last, and how many themes there are (0 past the end)."""
    found = themes.keys_by_theme(pain_points)
    shown = list(found.items())[(page - 1) * THEMES_A_PAGE : page * THEMES_A_PAGE]
    first = [key for _theme, keys in shown for key in keys[:SHOWN_IN_A_THEME]]
    said = {one.pain_point.pk: one for one in told(list(pain_points.filter(pk__in=first)))}
    names = theme_names(theme for theme, _keys in shown if theme)
    fiches = _fiches_by_theme([key for _theme, keys in shown for key in keys])
    shelves = [
        Shelf(names.get(theme, ""), len(keys), fiches.get(theme), [said[key] for key in keys[:SHOWN_IN_A_THEME]])
        for theme, keys in shown
    ]
    return shelves, len(found) if shown else 0


def theme_names(keys: Iterable[int]) -> dict[int, str]:
    """What everybody may call these themes: what a person or the catalogue calls them, else words of public titles.

    A name that the machine drew from titles may say what nobody published: it is drawn again from those that are.
    """
    held: dict[int, list[PainPoint]] = {}
    public = policies.pain_points_public().filter(theme__in=set(keys)).select_related("theme")
    for one in public.order_by("-fiche_count", "-number"):
        held.setdefault(one.theme_id, []).append(one)
    return {key: _theme_name(found) for key, found in held.items()}


def _theme_name(pain_points: Sequence[PainPoint]) -> str:
    theme = pain_points[0].theme
    if theme.is_name_human or theme.name in family_names().values():
        return theme.name
    return shared_words([one.title for one in pain_points]) or around(pain_points[0].title)


def _fiches_by_theme(keys: Sequence[int]) -> dict[int | None, int]:
    """Different fiches by theme, where neither they nor what pain points share would tell of a few people."""
    held = Membership.objects.filter(pain_point__in=keys).order_by()
    counted = held.values("pain_point__theme", "pain_point").annotate(n=Count("segment__fiche", distinct=True))
    by_pain_point: dict[int | None, list[int]] = {}
    for theme, _one, count in counted.values_list("pain_point__theme", "pain_point", "n"):
        by_pain_point.setdefault(theme, []).append(count)
    whole = dict(held.values_list("pain_point__theme").annotate(n=Count("segment__fiche", distinct=True)))
    return {
        theme: count
        for theme, count in whole.items()
        if min(by_pain_point[theme]) >= FEW and not 0 < sum(by_pain_point[theme]) - count < FEW
    }


def told(pain_points: Sequence[PainPoint]) -> list[Said]:
    """What may be read of each; four questions to the database, however many."""
    keys = [one.pk for one in pain_points]
    answers = last_answers(pain_points)
    settled = settled_of(list(answers.values()))
    passages = _passages(keys)
    turns = _turns(keys)
    found = []
    for one in pain_points:
        answer = answers.get(one.pk)
        reply = settled.get(answer.pk) if answer else None
        found.append(Said(one, passages.get(one.pk, []), answer, reply, turns.get(one.pk, [])))
    return found


def last_decisions(count: int) -> list[Said]:
    """The latest decisions: refusals as well as the rest."""
    return told(list(listed().exclude(state=PainPointState.CONFIRMED)[:count]))


def figures() -> Figures:
    """For the head of the list and the home page: five questions to the database."""
    public = policies.pain_points_public()
    states = {state: Count("pk", filter=Q(state=state)) for state in ("done", "planned", "refused")}
    waiting = with_due_on(public.filter(state=PainPointState.CONFIRMED))
    counted = public.aggregate(followed=Count("pk"), waiting=Count("pk", filter=Q(state="confirmed")), **states)
    today = timezone.localdate()
    return Figures(
        **counted,
        late=waiting.filter(due_on__lt=today).count(),
        fiches=Membership.objects.filter(pain_point__in=public).aggregate(n=Count("segment__fiche", distinct=True))[
            "n"
        ],
        counted_on=today,
        **_delays(public),
    )


def where_it_went(number: int) -> PainPoint | None:
    """The public pain point that took this merged one, however many times it was merged since."""
    one = PainPoint.objects.filter(number=number, state=PainPointState.MERGED).first()
    while one and one.state == PainPointState.MERGED:
        one = one.merged_into
    return policies.pain_points_public().filter(pk=one.pk).first() if one else None


def answers_to(pain_point: PainPoint) -> list[Answer]:
    """Every answer given to a public pain point, last one first."""
    return list(pain_point.answers.order_by("-pk"))


def kin_of(pain_point: PainPoint) -> dict[str, list]:
    """Numbers it took, and the public ones it comes from or that left it."""
    public = policies.pain_points_public()
    return {
        "merged": list(PainPoint.objects.filter(merged_into=pain_point).order_by("pk").values_list("pk", flat=True)),
        "parents": list(public.filter(pk=pain_point.split_from_id)),
        "splits": list(public.filter(split_from=pain_point).order_by("pk")),
    }


def settled_of(answers: Sequence[Answer]) -> dict[int, Settled]:
    """Replies by answer; nothing for an answer that nobody was asked about."""
    counts: dict[int, Counter[str]] = {}
    asked = FollowUp.objects.filter(answer__in=[answer.pk for answer in answers])
    for key, reply, count in asked.order_by().values_list("answer", "reply").annotate(n=Count("pk")):
        counts.setdefault(key, Counter())[reply] = count
    return {key: Settled(one[FollowUpReply.YES], one.total() - one[""], one.total()) for key, one in counts.items()}


def last_answers(pain_points: Sequence[PainPoint]) -> dict[int, Answer]:
    """The last answer to each of those that have one, by number."""
    given = Answer.objects.filter(pain_point__in=[one.pk for one in pain_points])
    return {one.pain_point_id: one for one in given.order_by("pain_point_id", "-pk").distinct("pain_point_id")}


def _passages(keys: Sequence[int]) -> dict[int, list[str]]:
    """The passages chosen, one of each near-identical group."""
    chosen: dict[int, list[str]] = {}
    rows: QuerySet[Verbatim] = policies.verbatims_public().filter(pain_point__in=keys)
    folds: set[tuple[int, int | None]] = set()
    for key, text, fold in rows.order_by("pk").values_list("pain_point", "segment__text", "segment__fold"):
        if fold is None or (key, fold) not in folds:
            chosen.setdefault(key, []).append(text)
            folds.add((key, fold))
    return chosen


def _turns(keys: Sequence[int]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    subjects = {str(key): key for key in keys}
    lines = Entry.objects.filter(subject_type=PainPoint._meta.label_lower, subject_key__in=subjects, verb__in=TURNS)
    for line in lines.order_by("pk"):
        found.setdefault(subjects[line.subject_key], []).append(line)
    return found


def _delays(public: QuerySet[PainPoint]) -> dict[str, int | None]:
    """Days from a fiche to its first answer, over the fiches of these pain points. Imported ones say nothing of it."""
    first = Recipient.objects.filter(fiche=OuterRef("pk")).order_by().values("fiche").annotate(on=Min("created_at"))
    held = Recipient.objects.filter(answer__pain_point__in=public).values("fiche")
    timed = (
        Fiche.objects.filter(pk__in=held)
        .exclude(channel=IntakeChannel.IMPORT)
        .annotate(delay=TruncDate(Subquery(first.values("on"))) - F("received_on"))
    )
    counted = timed.aggregate(answered=Count("pk"), median=Median("delay", output_field=DurationField()))
    enough = counted["answered"] >= FEW
    return {"answered": counted["answered"], "median_days": counted["median"].days if enough else None}
