"""What a night adds: passages that nothing holds join a living pain point or found new ones. Nothing else moves.

The thinking is done on what was read, without holding anything; then each small write checks under the lock that it
still holds. Killed in the middle, what was written stands, and the next attempt looks at the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from django.db import transaction
from django.db.models import Max

import clustering
from clustering.cohesion import WEAK_AMONG_ALL
from clustering.surroundings import lonely
from feedback.choices import PartStep
from feedback.grouping import encoding, frequent
from feedback.grouping.describing import suggest
from feedback.grouping.leases import fence
from feedback.grouping.partition import MOST, covered_by, segments_of
from feedback.grouping.passages import vectors_of
from feedback.grouping.placing import (
    Chosen,
    Founding,
    are_several,
    attach,
    found_all,
    lock_grouping,
    majority_service,
    nearest,
    settle,
    still_true,
)
from feedback.models import Fiche, GroupingPart, PainPoint, Segment
from feedback.moves import among, lock_fiches

Say = Callable[[PartStep, int, int], None]
T = TypeVar("T")

# The themes of the town go from .36 to .99. On draws of 150 and 340, 2 % of the true ones are under .2, 4 % under .3;
# mixtures are seldom under either: what is doubtful is said by ``is_weak``.
LOOSE = 0.2  # cohesion of a group that hardly anything but its service holds
_FEW = 100  # passages under which neighbours say little: each is near all the others
_AT_A_TIME = 500  # passages read, attached or settled before others get their turn
_FOUNDED_AT_A_TIME = 2_000  # passages: the largest pain points are on the board after a second
# What is read of a passage and of its fiche: the rest of ten thousand rows takes a second.
COLUMNS = ("text", "vector", "vector_version", "documents", "fold", "fiche__service", "fiche__placed_at")
_MOSTLY = 0.5  # of the passages of a group: where they go, the group goes


def add(part: GroupingPart, *, say: Say) -> dict[str, int]:
    """Group what nothing holds in this part; returns what it gave."""
    encoding.complete(covered_by(part), tell=lambda done, total: say(PartStep.READING, done, total))
    free = list(segments_of(part).select_related("fiche").only(*COLUMNS).order_by("-pk")[:MOST])[::-1]
    say(PartStep.GROUPING, 0, len(free))
    latest = _latest()
    chosen: Chosen = []
    for rank, some in enumerate(_by(free, _AT_A_TIME)):
        chosen += nearest(some)
        say(PartStep.GROUPING, rank * _AT_A_TIME + len(some), len(free))
    taken = {segment.pk for segment, _, _ in chosen}
    foundings = foundings_among([segment for segment in free if segment.pk not in taken], part=part)
    grown = _write_chosen(chosen, part)
    new = _write_foundings(foundings, part, since=latest)
    _settle(free, part)
    left = Segment.objects.unplaced().filter(among("pk", [segment.pk for segment in free])).count()
    return {"passages": len(free), "grown": grown, "new": new, "unplaced": left}


def foundings_among(segments: Sequence[Segment], *, part: GroupingPart) -> list[Founding]:
    """New pain points among passages that nothing took; what is about nothing in particular is left to a person."""
    groups = _groups(segments, resolution=part.resolution)
    named = suggest([members for members, _ in groups]) if groups else []
    found_groups = []
    for (members, cohesion), words in zip(groups, named, strict=True):
        service = majority_service(members)
        if service:
            found_groups.append(Founding(members, service, cohesion, words))
    return found_groups


def heard(segments: Sequence[Segment], *, most: int) -> list[tuple[str, int]]:
    """What these passages clearly say most, before any pain point holds them: at most `most` titles, and of how many
    fiches. Writes nothing."""
    clear = [members for members, cohesion in _groups(segments, resolution="medium") if cohesion >= WEAK_AMONG_ALL]
    first = sorted(clear, key=len, reverse=True)[:most]
    named = suggest(first) if first else []
    return [(one.title, len({s.fiche_id for s in members})) for one, members in zip(named, first, strict=True)]


def _groups(segments: Sequence[Segment], *, resolution: str) -> list[tuple[list[Segment], float]]:
    """Groups of several people's passages, and how well each holds."""
    copies, others = _campaign(segments)
    groups = [(copies, 1.0)] if copies else []
    groups += _nuclei(others) if len(others) < _FEW else _themes(others, resolution=resolution)
    return [(members, cohesion) for members, cohesion in groups if are_several(members)]


def _campaign(segments: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """The copies of one text when they are most of many passages, then the others.

    Themes are told apart by what differs: among 300 copies of one text that only a figure tells apart, it was the
    figures, 10 of them held together and 290 were left to sort.
    """
    counts = Counter(segment.fold_id for segment in segments if segment.fold_id)
    first, count = counts.most_common(1)[0] if counts else (None, 0)
    if len(segments) < _FEW or count <= _MOSTLY * len(segments):
        return [], list(segments)
    return [s for s in segments if s.fold_id == first], [s for s in segments if s.fold_id != first]


def context_of(segment: Segment) -> str:
    """The weak hint given to the grouping: the document asked for when one is named, else the service.

    The service alone would cut « justificatif de domicile redemandé » into one pain point per service, and hide the
    very thing the product looks for. On the demo town: .59 AMI without any hint, .79 with the service.
    """
    return segment.documents[0] if segment.documents else f"service {segment.fiche.service_id}"


def _nuclei(segments: Sequence[Segment]) -> list[tuple[list[Segment], float]]:
    """Among few passages, only those that clearly say the same thing."""
    rows = clustering.nucleate([s.text for s in segments], vectors=vectors_of(segments)) if len(segments) >= 3 else []
    return [([segments[row] for row in group], 1.0) for group in rows]


def _themes(segments: Sequence[Segment], *, resolution: str) -> list[tuple[list[Segment], float]]:
    vectors = vectors_of(segments)
    grouping = clustering.group(
        [s.text for s in segments],
        vectors=vectors,
        archetypes=frequent.active().profiles(vectors),
        contexts=[context_of(s) for s in segments],
        resolution=resolution,
        named=False,  # ``suggest`` does, beside the pain points that live
    )
    floor = lonely(grouping.scores)
    found_rows = [
        (np.flatnonzero((grouping.labels == theme.index) & (grouping.scores >= floor)), theme.cohesion)
        for theme in grouping.themes
        if theme.cohesion >= LOOSE
    ]
    # The most typical first: the words of a new pain point are looked for there.
    return [
        ([segments[row] for row in sorted(rows, key=lambda r: -grouping.scores[r])], cohesion)
        for rows, cohesion in found_rows
        if len(rows)
    ]


def _write_chosen(chosen: Chosen, part: GroupingPart) -> int:
    """Attach what still holds; returns how many pain points grew."""
    grown: set[int] = set()
    for some in _by(chosen, _AT_A_TIME):
        with transaction.atomic():
            lock_grouping()
            fence(part)
            true = still_true(some)
            grown |= {one.pk for one in attach(true, run=part.run)}
            settle(segment.fiche_id for segment, _, _ in true)
    return len(grown)


def _write_foundings(foundings: Sequence[Founding], part: GroupingPart, *, since: int) -> int:
    """Found what is still enough for a pain point, and is not what another worker founded meanwhile; returns how many.

    ``since``: the last number when what lives was read. A group that mostly goes to a pain point born since then
    joins it, whole; the thinking holds nothing, and begins again when more of them were born before the lock.
    """
    own: set[int] = set()
    for some in _largest_first(foundings):
        joining: dict[int, Chosen] = {}
        known: set[int] = set()
        while True:
            with transaction.atomic():
                lock_grouping()
                fence(part)
                rivals = _born(since) - own
                if rivals <= known:
                    own |= _write(some, joining, part)
                    break
            known, joining = rivals, _joining(some, rivals)
    return len(own)


def _largest_first(foundings: Sequence[Founding]) -> Iterator[list[Founding]]:
    """A few groups at a time: others get their turn, and what most people say is on the board first."""
    some: list[Founding] = []
    for one in sorted(foundings, key=lambda one: -len(one.segments)):
        some.append(one)
        if sum(len(founding.segments) for founding in some) >= _FOUNDED_AT_A_TIME:
            yield some
            some = []
    if some:
        yield some


def _write(foundings: Sequence[Founding], joining: Mapping[int, Chosen], part: GroupingPart) -> set[int]:
    """Attach the groups (by rank) that join a pain point, found the others; their numbers."""
    chosen = still_true([one for some in joining.values() for one in some])
    attach(chosen, run=part.run)
    alone = [one for rank, one in enumerate(foundings) if rank not in joining]
    keys = {segment.pk for one in alone for segment in one.segments}
    lock_fiches({segment.fiche_id for one in foundings for segment in one.segments})
    settle(segment.fiche_id for segment, _, _ in chosen)
    free = set(Segment.objects.unplaced().filter(among("pk", keys)).values_list("pk", flat=True))
    left = (replace(one, segments=[s for s in one.segments if s.pk in free]) for one in alone)
    still = [one for one in left if are_several(one.segments)]
    return {one.pk for one in found_all(still, run=part.run)}


def _joining(foundings: Sequence[Founding], rivals: set[int]) -> dict[int, Chosen]:
    """The groups, by rank, most of whose passages are near one of these pain points, and how near each is."""
    of = {segment.pk: rank for rank, one in enumerate(foundings) for segment in one.segments}
    near: dict[int, dict[int, dict[int, float]]] = {rank: {} for rank in range(len(foundings))}
    for segment, number, score in nearest([segment for one in foundings for segment in one.segments]):
        near[of[segment.pk]].setdefault(number, {})[segment.pk] = score
    found: dict[int, Chosen] = {}
    for rank, by_number in near.items():
        number = max(by_number, key=lambda one: (len(by_number[one]), -one), default=None)
        segments = foundings[rank].segments
        if number in rivals and len(by_number[number]) >= _MOSTLY * len(segments):
            scores = by_number[number]
            found[rank] = [(one, number, scores.get(one.pk, min(scores.values()))) for one in segments]
    return found


def _latest() -> int:
    """The greatest number given so far."""
    return PainPoint.objects.aggregate(last=Max("pk"))["last"] or 0


def _born(since: int) -> set[int]:
    """Numbers of the pain points that live and were born after this one."""
    return set(PainPoint.objects.living().filter(pk__gt=since, fiche_count__gt=0).values_list("pk", flat=True))


def _settle(segments: Sequence[Segment], part: GroupingPart) -> None:
    """Every fiche that was looked at says so, in a pain point or not."""
    keys = {segment.fiche_id for segment in segments if not segment.fiche.placed_at}
    waiting = Fiche.objects.filter(among("pk", keys), placed_at=None).order_by("pk").values_list("pk", flat=True)
    for some in _by(list(waiting), _AT_A_TIME):
        with transaction.atomic():
            lock_grouping()
            fence(part)
            settle(some)


def _by(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[at : at + size] for at in range(0, len(items), size))
