"""Regrouping: everything nobody placed (each night), or everything a person did not decide (``--full``).

Identity is stable: a pain point keeps its number, and a person's acts — attaching, excluding, confirming, merging,
splitting — are obeyed. A number is never used again.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from django.db import transaction
from django.db.models.functions import Now

import clustering
from directory.models import Service
from feedback.choices import PainPointState, Source
from feedback.counting import recount
from feedback.grouping.describing import describe
from feedback.grouping.passages import give_vectors, vectors_of
from feedback.grouping.placing import attach, attach_to_known, found, lock_grouping, majority_service, settle
from feedback.models import Fiche, GroupingRun, Membership, PainPoint, Ruling, Segment
from feedback.moves import lock_fiches, lock_pain_points
from journal.actions import record

Progress = Callable[[int, int], None]

# Below these, a person sorts. On the demo town: half of the isolated fiches, and one in twenty of the others.
_LONELY = 0.7  # of the median score: a passage that nothing really resembles
_LOOSE = 0.2  # cohesion of a group that only its service holds (demo town: .07 to .18, the others .24 to .71)
_FEW = 100  # passages under which neighbours say little: each is near all the others


def regroup(*, service: Service | None = None, full: bool = False, progress: Progress | None = None) -> GroupingRun:
    """Group again the passages of ``service`` (of all when None) and return the run with its figures.

    Without ``full`` it only adds: unplaced passages join a living pain point or found new ones.
    """
    run = GroupingRun.objects.create(service=service)
    segments = _segments(service, full=full)
    run.total = len(segments)
    run.save(update_fields=["total"])
    _complete_vectors(segments, run, progress)
    with transaction.atomic():
        lock_grouping()
        figures = _rebuild(segments, run) if full else _add(segments, run)
        run.figures, run.finished_at = figures, Now()
        run.save(update_fields=["figures", "finished_at"])
        record("regroup.done", run, by=None, **figures)
    return run


def _segments(service: Service | None, *, full: bool) -> list[Segment]:
    rows = Segment.objects.select_related("fiche", "membership").order_by("pk")
    rows = rows if full else rows.unplaced()
    rows = rows.exclude(fiche__masked_text=None)
    return list(rows if service is None else rows.filter(fiche__service=service))


def _complete_vectors(segments: Sequence[Segment], run: GroupingRun, progress: Progress | None) -> None:
    """Encode what lacks a vector, batch by batch, saving each: killed in the middle, nothing is done twice."""
    for start in range(0, len(segments), 256):
        batch = [segment for segment in segments[start : start + 256] if not segment.vector_version]
        give_vectors(batch)
        Segment.objects.bulk_update(batch, ["vector", "vector_version"])
        run.done = min(start + 256, len(segments))
        run.save(update_fields=["done"])
        if progress:
            progress(run.done, run.total)


def _add(segments: Sequence[Segment], run: GroupingRun) -> dict[str, int]:
    """Attach what fits a living pain point; found new ones from the rest, across services."""
    free = list(Segment.objects.unplaced().filter(pk__in=[s.pk for s in segments]).select_related("fiche"))
    changed = attach_to_known(free)
    rest = list(Segment.objects.unplaced().filter(pk__in=[s.pk for s in free]).select_related("fiche").order_by("pk"))
    lock_fiches({segment.fiche_id for segment in rest})
    new = _found_groups(rest, run)
    settle(Fiche.objects.filter(segments__in=[s.pk for s in free]).distinct())
    left = Segment.objects.unplaced().filter(pk__in=[s.pk for s in free]).count()
    return {"passages": len(segments), "grown": len(changed), "new": len(new), "unplaced": left}


def _found_groups(segments: Sequence[Segment], run: GroupingRun) -> list[PainPoint]:
    """New pain points among passages that nothing took; what is about nothing in particular is left to a person."""
    groups = _nuclei(segments) if len(segments) < _FEW else _themes(segments)
    new = []
    for members, cohesion in groups:
        service = majority_service(members)
        if service and len({s.fiche_id for s in members}) >= 3:
            new.append(found(members, service=service, run=run, cohesion=cohesion))
    return new


def _nuclei(segments: Sequence[Segment]) -> list[tuple[list[Segment], float]]:
    """Among few passages, only those that clearly say the same thing."""
    rows = clustering.nucleate([s.text for s in segments], vectors=vectors_of(segments)) if len(segments) >= 3 else []
    return [([segments[row] for row in group], 1.0) for group in rows]


def _themes(segments: Sequence[Segment]) -> list[tuple[list[Segment], float]]:
    grouping = clustering.group(
        [s.text for s in segments], vectors=vectors_of(segments), contexts=[_context(s) for s in segments]
    )
    floor = _LONELY * float(np.median(grouping.scores))
    found_rows = [
        (np.flatnonzero((grouping.labels == theme.index) & (grouping.scores >= floor)), theme.cohesion)
        for theme in grouping.themes
        if theme.cohesion >= _LOOSE
    ]
    return [([segments[row] for row in rows], cohesion) for rows, cohesion in found_rows]


def _rebuild(segments: Sequence[Segment], run: GroupingRun) -> dict[str, int]:
    """Group everything again, keeping former groups as memory and people's decisions as law."""
    fresh = list(
        Segment.objects.filter(pk__in=[s.pk for s in segments]).select_related("fiche", "membership__pain_point")
    )
    fresh.sort(key=lambda s: s.pk)
    former = [_former(s) for s in fresh]
    locked = [_is_locked(s) for s in fresh]
    must, cannot = _links(fresh, former, locked)
    grouping = clustering.group(
        [s.text for s in fresh],
        vectors=vectors_of(fresh),
        contexts=[_context(s) for s in fresh],
        previous=former,
        must=must,
        cannot=cannot,
    )
    moved = _apply(fresh, former, locked, grouping, run)
    return {"passages": len(fresh), **moved}


def _context(segment: Segment) -> str:
    """The weak hint given to the grouping: the document asked for when one is named, else the service.

    The service alone would cut « justificatif de domicile redemandé » into one pain point per service, and hide the
    very thing the product looks for. On the demo town: .59 AMI without any hint, .79 with the service.
    """
    return segment.documents[0] if segment.documents else f"service {segment.fiche.service_id}"


def _former(segment: Segment) -> int | None:
    membership = getattr(segment, "membership", None)
    return membership.pain_point_id if membership else None


def _is_locked(segment: Segment) -> bool:
    """A person attached it, or a person has already taken its pain point in hand."""
    membership = getattr(segment, "membership", None)
    return membership is not None and (
        membership.source == Source.PERSON
        or membership.pain_point.state != PainPointState.SUGGESTED
        or membership.pain_point.is_title_human
    )


def _links(
    segments: Sequence[Segment], former: Sequence[int | None], locked: Sequence[bool]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Rows that must stay together (locked in one pain point) and rows that must stay apart."""
    row_of = {segment.pk: row for row, segment in enumerate(segments)}
    heads: dict[int, int] = {}
    must = []
    for row, (number, is_locked) in enumerate(zip(former, locked, strict=True)):
        if is_locked and number is not None:
            head = heads.setdefault(number, row)
            if head != row:
                must.append((head, row))
    kept_apart = sorted(heads.values())
    cannot = [(a, b) for i, a in enumerate(kept_apart) for b in kept_apart[i + 1 :]]
    rulings = Ruling.objects.filter(segment__in=row_of, pain_point__in=heads).values_list("segment_id", "pain_point_id")
    cannot += [(row_of[segment], heads[number]) for segment, number in rulings if former[row_of[segment]] != number]
    return must, cannot


def _apply(segments, former, locked, grouping: clustering.Grouping, run: GroupingRun) -> dict[str, int]:
    """Write what changed for the passages nobody locked."""
    members: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(grouping.labels):
        members[int(label)].append(row)
    target: dict[int, int] = {}
    new_groups: list[list[int]] = []
    ruled_out = set(
        Ruling.objects.filter(segment__in=[s.pk for s in segments]).values_list("segment_id", "pain_point_id")
    )
    for theme in grouping.themes:
        rows = members[theme.index]
        number = next((former[row] for row in rows if locked[row]), theme.previous)
        if number is None:
            if theme.cohesion >= _LOOSE:
                new_groups.append(rows)
            continue
        target |= {row: number for row in rows if not locked[row] and (segments[row].pk, number) not in ruled_out}
    lock_pain_points({number for number in [*former, *target.values()] if number is not None})
    lock_fiches({segment.fiche_id for segment in segments})
    leaving = [row for row in range(len(segments)) if not locked[row] and former[row] not in (None, target.get(row))]
    Membership.objects.filter(segment__in=[segments[row].pk for row in leaving], source=Source.MACHINE).delete()
    arriving = [row for row, number in target.items() if former[row] != number]
    changed = attach([(segments[row], target[row], float(grouping.scores[row])) for row in arriving], run=run)
    new = [_found_rows(segments, rows, locked, run) for rows in new_groups]
    left = set(PainPoint.objects.filter(pk__in={former[row] for row in leaving}))
    recount(left)
    describe(changed | left)
    retired = _retire_empty(left)
    settle(Fiche.objects.filter(segments__in=[s.pk for s in segments]).distinct())
    return {"moved": len(arriving), "new": len([n for n in new if n]), "retired": retired}


def _found_rows(segments, rows, locked, run) -> PainPoint | None:
    free = [segments[row] for row in rows if not locked[row]]
    service = majority_service(free)
    if service is None or len({segment.fiche_id for segment in free}) < 3:
        return None
    return found(free, service=service, run=run)


def _retire_empty(pain_points) -> int:
    """A suggestion that lost all its passages is set aside under its number; nobody had touched it."""
    empty = [one for one in pain_points if one.fiche_count == 0 and one.state == PainPointState.SUGGESTED]
    return PainPoint.objects.filter(pk__in=[one.pk for one in empty]).update(
        state=PainPointState.DISMISSED, state_changed_at=Now(), is_public=False
    )
