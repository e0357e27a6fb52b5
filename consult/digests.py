"""The digest of what people follow: who is to receive one, for which time, and what it says.

A period ends at six in the morning, an hour before letters leave: what was written before is then committed, so that
each digest says the same however often it is asked for. It tells no vote and no count of votes, hidden or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from consult.choices import HappeningKind
from consult.models import (
    Argument,
    Consultation,
    Decision,
    Digest,
    Follow,
    Happening,
    Participant,
    Phase,
    Proposition,
    Reply,
)
from consult.models import Version as TextVersion
from consult.public import MOVED
from journal.models import Entry
from letters import preferences
from letters.actions import promise
from letters.choices import Frequency
from letters.topics import Topic

DIGEST = "consult.digest"
ENDS_AT = time(6)
LONGEST = timedelta(days=31)  # whoever begins to receive digests again is not told years
AT_ONCE = 200  # people in one transaction
LISTED, QUOTED = 5, 3  # propositions, then arguments, that a digest names; their number says the rest
TOPIC = Topic(
    DIGEST,
    gettext_lazy("The digest of what you follow"),
    gettext_lazy("One letter with everything new in what you follow, and none when nothing is."),
    (DIGEST,),
    choices=(Frequency.DAY, Frequency.WEEK, Frequency.NEVER),
    default=Frequency.WEEK,
)
_ALWAYS = Value(datetime.min.replace(year=1970, tzinfo=timezone.get_fixed_timezone(0)), output_field=DateTimeField())


@dataclass(frozen=True)
class Period:
    """``name`` is the same all along: 2026-11-22, or 2026-W47. What happened before ``until`` is told."""

    name: str
    until: datetime


def periods(at: datetime) -> dict[Frequency, Period]:
    """The last day and the last week that are over, in the time zone of the site."""
    here = timezone.localtime(at)
    day = here.date() if here.time() >= ENDS_AT else here.date() - timedelta(days=1)
    monday = day - timedelta(days=day.weekday())
    year, week, _day = monday.isocalendar()
    return {
        Frequency.DAY: Period(day.isoformat(), timezone.make_aware(datetime.combine(day, ENDS_AT))),
        Frequency.WEEK: Period(f"{year}-W{week:02}", timezone.make_aware(datetime.combine(monday, ENDS_AT))),
    }


def promise_due(*, at: datetime) -> int:
    """Promise every digest of the periods that are over; how many. Twice, or at once, promises nobody a second one."""
    promised = 0
    for frequency, period in periods(at).items():
        note_dates(until=period.until)
        last = 0
        while keys := list(_due(period).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            promised += _promise_some(keys, frequency, period)
            last = keys[-1]
    return promised


def note_dates(*, until: datetime) -> None:
    """Phases that opened and dates that moved become news, once, like what people write."""
    recent = {"gte": until - LONGEST, "lt": until}
    opened = Phase.objects.filter(page__consultation__isnull=False, **_within("opens_at", recent))
    moved = Entry.objects.filter(subject_type="consult.consultation", verb__in=MOVED, **_within("at", recent))
    rows = [
        Happening(kind=HappeningKind.PHASE, subject=one, consultation_id=asked, at=when)
        for one, asked, when in opened.values_list("pk", "page__consultation", "opens_at")
    ]
    known = set(Consultation.objects.values_list("pk", flat=True))
    rows += [
        Happening(kind=HappeningKind.MOVED, subject=one, consultation_id=int(asked), at=when)
        for one, asked, when in moved.values_list("pk", "subject_key", "at")
        if int(asked) in known
    ]
    Happening.objects.bulk_create(rows, ignore_conflicts=True)


def _within(name: str, bounds: dict[str, datetime]) -> dict[str, datetime]:
    return {f"{name}__{end}": when for end, when in bounds.items()}


def _due(period: Period) -> QuerySet[Participant]:
    """Who follows something where something new happened since they were told, and can be reached."""
    told = Digest.objects.filter(participant=OuterRef("pk"))
    until = Coalesce(Subquery(told.order_by("-until").values("until")[:1]), _ALWAYS)
    reachable = Q(user__is_active=True) | Q(user=None, confirmed_at__isnull=False) & ~Q(email="")
    people = Participant.objects.filter(reachable, erased_at=None).annotate(told_until=until)
    follows = Follow.objects.filter(participant=OuterRef("pk"), stopped_at=None).annotate(
        told_until=OuterRef("told_until")
    )
    fresh = follows.filter(Exists(_news_of_a_follow(before=period.until)))
    return people.filter(Exists(fresh)).exclude(Exists(told.filter(period=period.name)))


def _news_of_a_follow(*, before: datetime) -> QuerySet[Happening]:
    """What those who follow the outer row have not been told, written by others."""
    about = Q(consultation=OuterRef("consultation")) | Q(proposition=OuterRef("proposition"))
    fresh = Happening.objects.filter(about, at__lt=before, at__gte=Greatest(OuterRef("since"), OuterRef("told_until")))
    return fresh.exclude(author=OuterRef("participant"))


@transaction.atomic
def _promise_some(keys: Sequence[int], frequency: Frequency, period: Period) -> int:
    """Under the rows of these people: who is being told by another worker is left to it."""
    held = Participant.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    people = {one.pk: one for one in held.filter(pk__in=keys).select_related("user")}
    due = _due(period).filter(pk__in=people).annotate(first=_first_follow()).values_list("pk", "told_until", "first")
    addresses = {pk: _address(people[pk]) for pk, _told, _first in due}
    chosen = preferences.chosen_by_many(DIGEST, [preferences.recipient_key(one) for one in addresses.values()])
    promised = 0
    for pk, told_until, first in due:
        address, since = addresses[pk], max(told_until, first, period.until - LONGEST)
        if address and since < period.until and chosen[preferences.recipient_key(address)] == frequency:
            _promise_one(people[pk], period, since=since, address=address)
            promised += 1
    return promised


def _first_follow() -> Subquery:
    active = Follow.objects.filter(participant=OuterRef("pk"), stopped_at=None)
    return Subquery(active.order_by("since").values("since")[:1])


def _promise_one(person: Participant, period: Period, *, since: datetime, address: str) -> None:
    digest = Digest.objects.create(participant=person, period=period.name, since=since, until=period.until)
    promise(
        DIGEST,
        key=digest.pk,
        campaign=f"{DIGEST}:{period.name}",
        recipient=address,
        address=address,
        is_mass=True,
        language=settings.LANGUAGE_CODE,
    )


def _address(person: Participant) -> str:
    return person.user.email if person.user else person.email


@dataclass
class About:
    """What is new about one proposition that somebody follows."""

    proposition: Proposition
    arguments: list[Argument] = field(default_factory=list)
    replies: int = 0
    versions: list[TextVersion] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    became: str = ""  # withdrawn or merged


@dataclass
class Chapter:
    """What is new in one consultation: to those who follow it all, then by proposition."""

    consultation: Consultation
    phases: list[Phase] = field(default_factory=list)
    moves: list[Entry] = field(default_factory=list)
    propositions: list[Proposition] = field(default_factory=list)
    arguments: int = 0
    decisions: int = 0
    followed: list[About] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.phases, self.moves, self.propositions, self.arguments, self.decisions, self.followed))


def read(digest: Digest) -> list[Chapter]:
    """What the digest may say now: what was hidden, withdrawn or taken down since is not in it. Constant questions."""
    follows = Follow.objects.filter(participant=digest.participant_id, stopped_at=None)
    all_of = dict(follows.exclude(consultation=None).values_list("consultation", "since"))
    some = dict(follows.exclude(proposition=None).values_list("proposition", "since"))
    about = Q(consultation__in=all_of) | Q(proposition__in=some)
    told = Happening.objects.filter(about, at__gte=digest.since, at__lt=digest.until)
    rows = told.exclude(author=digest.participant_id)
    news = [one for one in rows if _is_for(one, all_of, some)]
    return _Reading(news, all_of=all_of, some=some).chapters()


def _is_for(one: Happening, all_of: dict[int, datetime], some: dict[int, datetime]) -> bool:
    """Written after this person began to follow."""
    return any(
        since is not None and one.at >= since
        for since in (all_of.get(one.consultation_id), some.get(one.proposition_id or 0))
    )


class _Reading:
    """The rows behind the news, each kind in one question, through what everybody may read."""

    def __init__(self, news: Iterable[Happening], *, all_of: dict[int, Any], some: dict[int, Any]) -> None:
        self.news, self.all_of, self.some = list(news), all_of, some
        live = Consultation.objects.filter(page__live=True, pk__in={one.consultation_id for one in self.news})
        self.consultations = {one.pk: one for one in live.select_related("page")}
        shown = Proposition.objects.public().filter(consultation__in=self.consultations)
        keys = {one.proposition_id for one in self.news if one.proposition_id}
        found = shown.filter(pk__in=keys).select_related("consultation__page", "merged_into", "author")
        self.propositions = {one.pk: one for one in found.defer("search")}
        standing = Argument.objects.filter(is_shown=True, withdrawn_at=None, proposition__in=self.propositions)
        self.arguments = self._rows(HappeningKind.ARGUMENT, standing)
        replies = Reply.objects.filter(is_shown=True, withdrawn_at=None, argument__in=standing)
        self.replies = self._rows(HappeningKind.REPLY, replies)
        self.versions = self._rows(HappeningKind.VERSION, TextVersion.objects.filter(proposition__in=self.propositions))
        public = Decision.objects.standing().filter(proposition__in=self.propositions)
        self.decisions = self._rows(HappeningKind.DECISION, public)
        self.phases = self._rows(HappeningKind.PHASE, Phase.objects.all())
        self.moves = self._rows(HappeningKind.MOVED, Entry.objects.all())

    def _rows(self, kind: HappeningKind, rows: QuerySet) -> dict[int, Any]:
        keys = [one.subject for one in self.news if one.kind == kind]
        return {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}

    def chapters(self) -> list[Chapter]:
        made = {key: Chapter(one) for key, one in sorted(self.consultations.items())}
        about: dict[int, About] = {}
        for one in self.news:
            chapter = made.get(one.consultation_id)
            if chapter is None:
                continue
            if one.consultation_id in self.all_of and one.at >= self.all_of[one.consultation_id]:
                self._tell_all(chapter, one)
            if one.proposition_id in self.some and one.at >= self.some[one.proposition_id]:
                self._tell_one(about, one)
        for told in about.values():
            made[told.proposition.consultation_id].followed.append(told)
        return [chapter for chapter in made.values() if not chapter.is_empty]

    def _tell_all(self, chapter: Chapter, one: Happening) -> None:
        if one.kind == HappeningKind.PROPOSITION and one.subject in self.propositions:
            chapter.propositions.append(self.propositions[one.subject])
        elif one.kind == HappeningKind.PHASE and one.subject in self.phases:
            chapter.phases.append(self.phases[one.subject])
        elif one.kind == HappeningKind.MOVED and one.subject in self.moves:
            chapter.moves.append(self.moves[one.subject])
        chapter.arguments += one.kind == HappeningKind.ARGUMENT and one.subject in self.arguments
        chapter.decisions += one.kind == HappeningKind.DECISION and one.subject in self.decisions

    def _tell_one(self, about: dict[int, About], one: Happening) -> None:
        proposition = self.propositions.get(one.proposition_id)
        found: dict[str, dict[int, Any]] = {
            HappeningKind.ARGUMENT: self.arguments,
            HappeningKind.REPLY: self.replies,
            HappeningKind.VERSION: self.versions,
            HappeningKind.DECISION: self.decisions,
        }
        is_a_state = proposition is not None and proposition.state == one.kind
        row = found.get(one.kind, {}).get(one.subject)
        if proposition is None or not (row or is_a_state):
            return
        told = about.setdefault(proposition.pk, About(proposition))
        if is_a_state:
            told.became = one.kind
        elif one.kind == HappeningKind.REPLY:
            told.replies += 1
        else:
            getattr(told, f"{one.kind}s").append(row)
