"""Pain points put under a few themes, after each regrouping: from their titles and the middle of what they hold.

What a person decided stays: the theme they chose for a pain point, the name they gave, and what a theme held when they
named it. A theme goes on from one run to the next as long as most of it does (``clustering.families``).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from clustering import families, identity
from clustering.archetypes import family_names, family_of_groups
from feedback.choices import PainPointState
from feedback.grouping import frequent
from feedback.grouping.passages import vectors_of
from feedback.models import Membership, PainPoint, Segment, Theme
from feedback.models.themes import NAME_LIMIT
from feedback.moves import lock_pain_points
from journal.actions import record

_LOCK = 0x0CA7E3  # one arranging, or one person's act on themes, at a time
_MOST = 10_000  # pain points arranged at once, the largest: 13 seconds of one processor
_READ, _READ_OF_EACH = 20_000, (3, 40)  # passages whose vectors are read, over all pain points and in each
_NO_MORE = (PainPointState.DISMISSED, PainPointState.MERGED)
_ENOUGH = 2  # pain points in a theme that the machine makes


@dataclass(frozen=True)
class _Seen:
    """The living pain points, in the order of their numbers, with what says who they are like."""

    pain_points: list[PainPoint]
    vectors: np.ndarray | None  # (n, d)
    known: frequent.Known

    def kin(self) -> np.ndarray:
        """The family of each, (n,), -1 for none."""
        texts = [". ".join([one.title, *one.keyphrases]) for one in self.pain_points]
        firm = {one.theme_id for one in self.pain_points if _is_held(one)}
        return families.kindred(texts, vectors=self.vectors, previous=self.themes, firm=firm)

    @property
    def themes(self) -> list[int | None]:
        return [one.theme_id for one in self.pain_points]

    @property
    def mark(self) -> list[tuple]:
        """What must be unchanged for families to hold."""
        return [(one.pk, one.theme_id, _is_held(one)) for one in self.pain_points]


def arrange() -> int:
    """Put living pain points under themes; how many changed theme. Done twice, nothing changes.

    The thinking is done before the lock, and again under it only when somebody changed something meanwhile. Nothing
    is made while everything fits in one list.
    """
    pain_points, known = _living(), frequent.active()
    if len(pain_points) <= families.MANY and not Theme.objects.exists():
        return 0
    seen = _Seen(pain_points, _middles(pain_points), known)
    found = seen.kin()
    with transaction.atomic():
        lock_themes()
        fresh = _Seen(_living(), seen.vectors, known)
        if fresh.mark != seen.mark:
            seen = _Seen(fresh.pain_points, _middles(fresh.pain_points), known)
            found = seen.kin()
        changed = _write(seen, found)
        _let_go()
        _name_the_unnamed(seen)
    return changed


def lock_themes() -> None:
    """Until the end of the transaction, nobody else changes themes. Before any pain point is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _living() -> list[PainPoint]:
    rows = PainPoint.objects.living().filter(fiche_count__gt=0).select_related("theme", "archetype")
    largest = rows.order_by("-fiche_count", "-pk")[:_MOST]
    return sorted(largest, key=lambda one: one.pk)


def _is_held(one: PainPoint) -> bool:
    """A person put it there, or named the theme that holds it."""
    return one.is_theme_human or (one.theme is not None and one.theme.is_name_human)


def _middles(pain_points: Sequence[PainPoint]) -> np.ndarray | None:
    """The mean vector of the surest passages of each, (n, d); None as soon as one has no vector."""
    most = int(np.clip(_READ // max(len(pain_points), 1), *_READ_OF_EACH))
    ranked = Membership.objects.filter(pain_point__in=[one.pk for one in pain_points]).annotate(
        rank=Window(RowNumber(), partition_by=F("pain_point"), order_by=[F("score").desc(), F("segment").asc()])
    )
    surest = dict(ranked.filter(rank__lte=most).values_list("segment", "pain_point"))
    passages = Segment.objects.filter(pk__in=surest).only("vector", "vector_version").order_by("pk")
    held: dict[int, list[Segment]] = defaultdict(list)
    for passage in passages:
        held[surest[passage.pk]].append(passage)
    if len(held) < len(pain_points) or len({one.vector_version for rows in held.values() for one in rows}) != 1:
        return None
    middles = [vectors_of(held[one.pk]) for one in pain_points]
    return None if any(rows is None for rows in middles) else np.stack([rows.mean(axis=0) for rows in middles])


def _write(seen: _Seen, found: np.ndarray) -> int:
    """Give each free pain point the theme its family goes on as; a family that goes on as none makes one."""
    continued = identity.match(seen.themes, found.tolist())
    wanted: dict[int | None, list[PainPoint]] = defaultdict(list)
    for label in np.unique(found).tolist():
        rows = [row for row in np.flatnonzero(found == label) if not _is_held(seen.pain_points[row])]
        theme = continued.get(label) if label >= 0 else None
        if theme is None and label >= 0 and len(rows) >= _ENOUGH:
            theme = _theme_for(rows, seen, wanted)
        wanted[theme] += [seen.pain_points[row] for row in rows]
    moving = {theme: [one.pk for one in held if one.theme_id != theme] for theme, held in wanted.items()}
    lock_pain_points(key for keys in moving.values() for key in keys)
    changed = 0
    for theme, keys in moving.items():
        rows_ = PainPoint.objects.filter(pk__in=keys, is_theme_human=False).exclude(theme__is_name_human=True)
        changed += rows_.update(theme=theme) if keys else 0
    return changed


def _theme_for(rows: Sequence[int], seen: _Seen, wanted: dict[int | None, list[PainPoint]]) -> int:
    """A new theme for these pain points, or the one that already bears its name while it has room."""
    name = _name(rows, seen)
    same = Theme.objects.called(name).first() if name else None
    if same is not None:
        if seen.themes.count(same.pk) + len(wanted[same.pk]) + len(rows) <= families.MOST:
            return same.pk
        name = ""
    theme = Theme.objects.create(name=name)
    record("theme.suggested", theme, by=None, name=name, pain_points=[seen.pain_points[row].pk for row in rows])
    return theme.pk


def _name(rows: Sequence[int], seen: _Seen) -> str:
    """After the family of frequent pain points that stands out; else the words that titles share; else nothing."""
    members = [seen.pain_points[row] for row in rows]
    if key := _family(members, None if seen.vectors is None else seen.vectors[list(rows)], seen.known):
        return family_names().get(key, key.replace("_", " ").capitalize())[:NAME_LIMIT]
    return families.shared_words([one.title for one in members])[:NAME_LIMIT]


def _family(members: Sequence[PainPoint], vectors: np.ndarray | None, known: frequent.Known) -> str:
    close = known.profiles(vectors)
    if close is not None:
        return family_of_groups(close, [one.family for one in known.rows.values()])
    named = Counter(one.archetype.family for one in members if one.archetype and one.archetype.family)
    key, count = next(iter(named.most_common(1)), ("", 0))
    return key if count >= max(_ENOUGH, len(members) / 2) else ""


def _let_go() -> None:
    """A theme of the machine that holds fewer than two living pain points is none, unless a person put one there."""
    living = Q(pain_points__isnull=False) & ~Q(pain_points__state__in=_NO_MORE)
    chosen = Exists(PainPoint.objects.filter(theme=OuterRef("pk"), is_theme_human=True))
    small = Theme.objects.filter(~chosen, is_name_human=False).annotate(n=Count("pain_points", filter=living))
    keys = list(small.filter(n__lt=_ENOUGH).values_list("pk", flat=True))
    lock_pain_points(PainPoint.objects.filter(theme__in=keys).values_list("pk", flat=True))
    PainPoint.objects.filter(theme__in=keys).update(theme=None)
    Theme.objects.filter(pk__in=keys).delete()


def _name_the_unnamed(seen: _Seen) -> None:
    """Once plain words are found, they stay, whatever comes next."""
    held = dict(PainPoint.objects.living().exclude(theme=None).values_list("pk", "theme"))
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, one in enumerate(seen.pain_points):
        rows_of[held.get(one.pk, 0)].append(row)
    for theme in Theme.objects.filter(name="", pk__in=rows_of):
        name = _name(rows_of[theme.pk], seen)
        if name and not Theme.objects.called(name).exists():
            Theme.objects.filter(pk=theme.pk, name="").update(name=name)
