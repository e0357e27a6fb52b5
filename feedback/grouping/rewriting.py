"""Everything a person did not decide, grouped again and written at once: ``manage.py regroup --full --apply``.

Numbers, attachments by a person, exclusions, and pain points that somebody confirmed or named stay as they are.
"""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from feedback.choices import ChangeKind, PainPointState, PartStep, Source
from feedback.counting import recount
from feedback.grouping import encoding
from feedback.grouping.adding import LOOSE, are_several, lonely
from feedback.grouping.describing import describe, suggest
from feedback.grouping.drafts import Draft, drafts
from feedback.grouping.leases import fence
from feedback.grouping.links import Before, before
from feedback.grouping.partition import covered_by, segments_of
from feedback.grouping.placing import (
    Founding,
    attach,
    found_all,
    lock_grouping,
    majority_service,
    settle,
    still_true,
)
from feedback.grouping.proposing import grouped
from feedback.models import GroupingPart, Membership, PainPoint, Segment
from feedback.moves import lock_fiches, lock_pain_points

Say = Callable[[PartStep, int, int], None]
Moves = list[tuple[Segment, int | None, int | None]]  # a passage, where it was, where it goes (None: « à trier »)


def rewrite(part: GroupingPart, *, say: Say) -> dict[str, int]:
    """Group the part again and write what changed, in one go. Raises ``TakenOver``."""
    encoding.complete(covered_by(part), tell=lambda done, total: say(PartStep.READING, done, total))
    was = before(segments_of(part).select_related("fiche").order_by("pk"), keeps_confirmed=True)
    say(PartStep.GROUPING, 0, len(was.segments))
    grouping = grouped(was, resolution=part.resolution)
    changes = drafts(was, grouping, loose=LOOSE, lonely=lonely(grouping.scores))
    say(PartStep.COMPARING, len(was.segments), len(was.segments))
    founded = [one for one in changes if one.kind in (ChangeKind.NEW, ChangeKind.SPLIT)]
    named = suggest([[was.segments[row] for row in one.rows] for one in founded]) if founded else []
    with transaction.atomic():
        lock_grouping()
        fence(part)
        changed, arrived = _move(_moves(was, changes), part)
        new = sum(_found(was, one, words, part) for one, words in zip(founded, named, strict=True))
        retired = _merge_empty(changes) + _retire_empty(changed)
        settle(one.fiche_id for one in was.segments)
    describe(PainPoint.objects.living().filter(pk__in=[one.pk for one in changed]))
    return {"passages": len(was.segments), "moved": arrived, "new": new, "retired": retired}


def _moves(was: Before, changes: Sequence[Draft]) -> Moves:
    """Every passage that changes hands; what founds a pain point first leaves the one it was in."""
    found: Moves = []
    for one in changes:
        into = {ChangeKind.GROWN: one.number, ChangeKind.MERGE: one.into, ChangeKind.MOVE: one.into}.get(one.kind)
        rows = [row for row in one.rows if not was.is_kept[row]]
        found += [(was.segments[row], was.number[row], into) for row in rows]
        if one.kind == ChangeKind.MERGE:
            found += [(was.segments[row], None, into) for row in one.extra]
    return found


def _move(moves: Moves, part: GroupingPart) -> tuple[set[PainPoint], int]:
    """Take away what is still where it was, by machine; attach what may be. Returns what changed, and how many came."""
    numbers = {number for _, former, into in moves for number in (former, into) if number is not None}
    lock_pain_points(numbers)
    lock_fiches({segment.fiche_id for segment, _, _ in moves})
    held = dict(
        Membership.objects.filter(
            segment__in=[one.pk for one, _, _ in moves],
            source=Source.MACHINE,
            pain_point__state=PainPointState.SUGGESTED,
            pain_point__is_title_human=False,
        ).values_list("segment", "pain_point")
    )
    leaving = [segment.pk for segment, former, _ in moves if former is not None and held.get(segment.pk) == former]
    Membership.objects.filter(segment__in=leaving).delete()
    arriving = still_true([(segment, into, 1.0) for segment, _, into in moves if into is not None])
    changed = attach(arriving, run=part.run)
    left = set(PainPoint.objects.filter(pk__in={held[key] for key in leaving})) - changed
    recount(left)
    return changed | left, len(arriving)


def _found(was: Before, one: Draft, named, part: GroupingPart) -> bool:
    """A new pain point of what is free now; it says which one it mostly comes from."""
    keys = [was.segments[row].pk for row in (*one.rows, *one.extra)]
    free = list(Segment.objects.unplaced().filter(pk__in=keys).select_related("fiche").order_by("pk"))
    service = majority_service(free)
    if service is None or not are_several(free):
        return False
    (new,) = found_all([Founding(free, service, one.cohesion, named)], run=part.run)
    if one.number is not None:
        PainPoint.objects.filter(pk=new.pk).update(split_from=one.number)
    return True


def _merge_empty(changes: Sequence[Draft]) -> int:
    """A suggestion whose passages all went into another says so under its number."""
    merged = 0
    for one in changes:
        if one.kind == ChangeKind.MERGE and PainPoint.objects.living().filter(pk=one.into).exists():
            empty = _untouched_and_empty([one.number])
            merged += empty.update(state=PainPointState.MERGED, merged_into=one.into, state_changed_at=Now())
    return merged


def _retire_empty(pain_points: set[PainPoint]) -> int:
    """A suggestion that lost all its passages is set aside under its number; nobody had touched it."""
    empty = _untouched_and_empty([one.pk for one in pain_points])
    return empty.update(state=PainPointState.DISMISSED, state_changed_at=Now(), is_public=False)


def _untouched_and_empty(numbers: Sequence[int | None]) -> QuerySet[PainPoint]:
    return PainPoint.objects.filter(pk__in=numbers, fiche_count=0, state=PainPointState.SUGGESTED, is_title_human=False)
