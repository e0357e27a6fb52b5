"""The queue of moderators: what waits, ranked, with the reasons given and the clues; near-identical texts together.

What waits to be published comes first, then what is reported and what the clues point at, then the oldest.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Sum

from accounts.policies import Person
from moderation import kinds, policies, reading
from moderation.choices import CaseState, Clue
from moderation.models import Case
from moderation.reading import Clues

READ_AT_ONCE = 200  # cases ranked together; the others come when these are judged
READ_AS = 2  # changes with what is kept of a reading
KEPT_FOR = 24 * 60 * 60  # seconds that the clues of a text are kept
WEIGHTS = {Clue.PERSONAL_DATA: 3, Clue.COPIES: 1, Clue.LINKS: 1, Clue.CAPITALS: 1}


@dataclass
class Waiting:
    """One case of the queue. ``rules`` counts the open notices by reason; ``copies``: the others that say the same.

    ``last`` is the key of the last decision on it: what a moderator must have read to decide again.
    """

    case: Case
    shown: kinds.Shown
    clues: Clues
    rules: Counter[str] = field(default_factory=Counter)
    last: int | None = None
    copies: list["Waiting"] = field(default_factory=list)

    @property
    def clue_names(self) -> list[Clue]:
        """Those of this text, the weightiest first."""
        found = [*self.clues.counts, *([Clue.COPIES] if self.copies else [])]
        return sorted(found, key=lambda clue: (-WEIGHTS[clue], clue))

    @property
    def waits_since(self) -> datetime:
        return self.case.first_notice_at or self.case.created_at

    @property
    def rank(self) -> tuple[bool, float, datetime]:
        """Smaller comes first. Notices count by doublings: a crowd does not bury the rest."""
        weight = 2 * math.log2(1 + self.case.open_notices) + sum(WEIGHTS[clue] for clue in self.clue_names)
        return (self.case.state != CaseState.WAITING, -weight, self.waits_since)


@dataclass(frozen=True)
class Queue:
    """What a moderator is shown: ``entries`` are the first ``READ_AT_ONCE``, ranked; ``cases`` counts them all."""

    entries: list[Waiting]
    cases: int
    notices: int

    @property
    def oldest(self) -> datetime | None:
        return min((one.waits_since for one in self.entries), default=None)

    def about(self, pk: int | None) -> Waiting | None:
        return next((one for one in self.entries if one.case.pk == pk), None)

    def after(self, judged: Iterable[int]) -> Waiting | None:
        """The first that is none of these."""
        gone = set(judged)
        return next((one for one in self.entries if one.case.pk not in gone), None)


def of(user: Person) -> Queue:
    """Six questions and one to three for each kind of contribution, whatever waits."""
    waiting = policies.cases_to_judge(user)
    first = list(_in_order(waiting)[:READ_AT_ONCE])
    entries = together(entries_of(first))
    figures = waiting.aggregate(cases=Count("pk"), notices=Sum("open_notices"))
    return Queue(entries=entries, cases=figures["cases"], notices=figures["notices"] or 0)


def entries_of(cases: list[Case]) -> list[Waiting]:
    """These cases with what they are about; one whose contribution is gone is left out."""
    about = kinds.shown(cases)
    read = _clues({key: f"{one.title}\n{one.text}" for key, one in about.items()})
    rules = rules_of(cases)
    return [
        Waiting(case, about[case.pk], read[case.pk], rules.get(case.pk, Counter()))
        for case in cases
        if case.pk in about
    ]


def together(entries: list[Waiting]) -> list[Waiting]:
    """Ranked, each followed by those that say nearly the same."""
    first = reading.copies([one.shown.text for one in entries])
    groups: dict[int, list[Waiting]] = {}
    for entry, rank in zip(entries, first, strict=True):
        groups.setdefault(rank, []).append(entry)
    for group in groups.values():
        for entry in group:
            entry.copies = [other for other in group if other is not entry]
        group.sort(key=lambda one: one.rank)
    return [entry for group in sorted(groups.values(), key=lambda group: group[0].rank) for entry in group]


def rules_of(cases: list[Case]) -> dict[int, Counter[str]]:
    """The open notices of each case, by reason, the most frequent first."""
    found: dict[int, Counter[str]] = {}
    rows = policies.open_notices_on(cases).order_by().values_list("case", "rule").annotate(n=Count("pk"))
    for case, rule, count in rows.order_by("-n", "rule"):
        found.setdefault(case, Counter())[rule] = count
    return found


def _in_order(cases: QuerySet[Case]) -> QuerySet[Case]:
    waits_first = ExpressionWrapper(Q(state=CaseState.WAITING), output_field=BooleanField())
    return cases.order_by(waits_first.desc(), F("open_notices").desc(), "pk")


def _clues(texts: dict[int, str]) -> dict[int, Clues]:
    """Read once a text: only counts and offsets are kept, in plain lists that outlive our classes; never words."""
    names = {key: f"moderation:clues:{READ_AS}:{_digest(text)}" for key, text in texts.items()}
    kept = cache.get_many(list(names.values()))
    fresh = {names[key]: reading.read(text).packed() for key, text in texts.items() if names[key] not in kept}
    if fresh:
        cache.set_many(fresh, KEPT_FOR)
    return {key: Clues.unpacked((kept | fresh)[name]) for key, name in names.items()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
