"""What a new grouping of one service would change, written down for its owners. The board does not move."""

from collections.abc import Callable, Sequence

import numpy as np
from django.db import transaction

import clustering
from clustering.verbatims import telling
from feedback.choices import ChangeKind, PartStep, ProposalState, Resolution
from feedback.grouping import encoding, frequent
from feedback.grouping.adding import LOOSE, context_of, lonely
from feedback.grouping.describing import Named, suggest
from feedback.grouping.drafts import Draft, drafts
from feedback.grouping.kin import alike
from feedback.grouping.leases import TakenOver, fence
from feedback.grouping.links import Before, before
from feedback.grouping.partition import segments_of
from feedback.grouping.passages import vectors_of
from feedback.models import GroupingChoice, GroupingPart, PainPoint, Proposal, ProposedChange, Segment

Say = Callable[[PartStep, int, int], None]
MOST_OF_A_KIND = 40  # changes an owner reads at once; the others come with the next proposal
_CENTRAL = 3
_CONTRAST = 3_000  # passages, with those of others, from which a group stands out by itself


def propose(part: GroupingPart, *, say: Say) -> dict[str, int]:
    """Group the service's passages again and write what would change. Raises ``TakenOver``.

    Nothing when the proposal was left aside meanwhile, or was written by a worker killed right after.
    """
    if not Proposal.objects.filter(run=part.run, state=ProposalState.COMPUTING).exists():
        return {"passages": 0}
    encoding.complete(segments_of(part), tell=lambda done, total: say(PartStep.READING, done, total))
    own = list(segments_of(part).select_related("fiche").order_by("pk"))
    was = before(own, keeps_confirmed=False, beside=_beside(part, len(own)))
    say(PartStep.GROUPING, 0, len(own))
    grouping = grouped(was, resolution=part.resolution, remembers=part.resolution == _usual(part))
    say(PartStep.COMPARING, len(own), len(own))
    found = drafts(was, grouping, loose=LOOSE, lonely=lonely(grouping.scores))
    found = [one for one in found if not _is_said_by_what_people_put(was, one)]
    found += [Draft(ChangeKind.MERGE, [], number, into) for number, into in alike(part.service, besides=found)]
    figures = {"passages": len(own), **_by_kind(found)}
    changes = _changes(was, [one for kind in ChangeKind for one in _first(found, kind)])
    _write(part, changes, figures)
    return figures


def _beside(part: GroupingPart, own: int) -> list[Segment]:
    """Passages that other services' pain points hold: alone, twenty complaints about one counter would look like five
    subjects, for want of anything else."""
    held = Segment.objects.filter(membership__pain_point__in=PainPoint.objects.living().exclude(service=part.service))
    read = held.exclude(fiche__masked_text=None).select_related("fiche").order_by("-pk")
    return list(read[: max(0, _CONTRAST - own)])[::-1]


def _usual(part: GroupingPart) -> str:
    """How finely the service is grouped now."""
    chosen = GroupingChoice.objects.filter(service=part.service_id).values_list("resolution", flat=True).first()
    return chosen or Resolution.MEDIUM


def grouped(was: Before, *, resolution: str, remembers: bool = True) -> clustering.Grouping:
    """The passages grouped again, people's decisions as law. ``remembers``: what is together tends to stay together;
    not so for somebody who asks for larger or smaller groups."""
    vectors = vectors_of(was.segments) if was.segments else None
    return clustering.group(
        [segment.text for segment in was.segments],
        vectors=vectors,
        archetypes=frequent.active().profiles(vectors),
        contexts=[context_of(segment) for segment in was.segments],
        previous=was.number if remembers else None,
        must=was.must,
        cannot=was.cannot,
        resolution=resolution,
        named=False,  # ``suggest`` writes the words of what is proposed
    )


def _is_said_by_what_people_put(was: Before, one: Draft) -> bool:
    """Whether a piece to split off says what a person put in that pain point, at least as much as it says itself.

    Two subjects that somebody merged have no middle of their own: newcomers about one of them would leave, though
    they say word for word what that person wants there.
    """
    kept = [row for row in was.own if was.is_kept[row] and was.number[row] == one.number]
    if one.kind != ChangeKind.SPLIT or not kept:
        return False
    different = {was.segments[row].text: row for row in one.rows}
    vectors = vectors_of([was.segments[row] for row in [*different.values(), *kept]])
    if vectors is None:
        return False
    leaving, staying = np.split(vectors, [len(different)])
    alike = leaving @ leaving.T
    alike_others = (alike.sum() - alike.trace()) / max(1, len(different) * (len(different) - 1))
    return bool((leaving @ staying.T).max(axis=1).mean() >= alike_others)


def _first(found: Sequence[Draft], kind: ChangeKind) -> list[Draft]:
    return [one for one in found if one.kind == kind][:MOST_OF_A_KIND]


def _by_kind(found: Sequence[Draft]) -> dict[str, int]:
    return {kind.value: sum(one.kind == kind for one in found) for kind in ChangeKind}


def _changes(was: Before, found: Sequence[Draft]) -> list[ProposedChange]:
    names = _names(was, found)
    counts = dict(PainPoint.objects.filter(pk__in=_numbers(found)).values_list("pk", "fiche_count"))
    return [
        _change(was, one, names.get(position), counts, position=position) for position, one in enumerate(found, start=1)
    ]


def _numbers(found: Sequence[Draft]) -> set[int]:
    return {number for one in found for number in (one.number, one.into) if number is not None}


def _names(was: Before, found: Sequence[Draft]) -> dict[int, Named]:
    """Words for what would be a new pain point, by position."""
    founded = [
        (position, [was.segments[row] for row in one.rows])
        for position, one in enumerate(found, start=1)
        if one.kind in (ChangeKind.NEW, ChangeKind.SPLIT)
    ]
    named = suggest([segments for _, segments in founded]) if founded else []
    return {position: words for (position, _), words in zip(founded, named, strict=True)}


def _change(
    was: Before, one: Draft, named: Named | None, counts: dict[int | None, int], *, position: int
) -> ProposedChange:
    segments = [was.segments[row] for row in one.rows]
    fiches = len({segment.fiche_id for segment in segments})
    first = counts.get(one.number, 0)
    if one.kind == ChangeKind.GROWN:
        then = first + fiches
    elif one.kind == ChangeKind.MERGE:
        then = first + counts.get(one.into, 0)
    else:
        then = fiches
    return ProposedChange(
        kind=one.kind,
        position=position,
        pain_point_id=one.number,
        other_id=one.into,
        title=named.title if named else "",
        keyphrases=named.phrases if named else [],
        segments=_moving(was, one),
        central=_central(segments) or _central_of(one.number),
        fiches_before=first,
        fiches_after=then,
        cohesion=one.cohesion,
    )


def _moving(was: Before, one: Draft) -> list[int]:
    """Keys of the passages that change hands; a merge takes all those of the pain point, whatever they are by then."""
    rows = one.extra if one.kind == ChangeKind.MERGE else [*one.rows, *one.extra]
    return [was.segments[row].pk for row in rows]


def _central(segments: Sequence[Segment]) -> list[int]:
    """The most typical passages that read well, never the same words twice."""
    first = {segment.text: segment.pk for segment in reversed(segments)}
    texts = list(dict.fromkeys(segment.text for segment in segments))
    return [first[texts[row]] for row in telling(texts, count=_CENTRAL)]


def _central_of(number: int | None) -> list[int]:
    held = Segment.objects.filter(membership__pain_point=number).order_by("-membership__score", "pk")
    return _central(list(held[: 4 * _CENTRAL]))


def _write(part: GroupingPart, changes: Sequence[ProposedChange], figures: dict[str, int]) -> None:
    with transaction.atomic():
        fence(part)
        proposal = Proposal.objects.select_for_update(of=("self",)).filter(run=part.run).first()
        if proposal is None or proposal.state != ProposalState.COMPUTING:
            raise TakenOver
        for change in changes:
            change.proposal = proposal
        ProposedChange.objects.bulk_create(changes)
        proposal.state, proposal.figures = ProposalState.READY, figures
        proposal.save(update_fields=["state", "figures"])
