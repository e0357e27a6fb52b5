"""What people decided about passages, as pairs of rows: together, or apart. No grouping violates them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.choices import PainPointState, Source
from feedback.models import Membership, PainPoint, Ruling, Segment

Pairs = list[tuple[int, int]]
_MOST = 50  # passages of a pain point that one ruled out of it is kept apart from


@dataclass(frozen=True)
class Before:
    """Passages in their order, with what was true when they were read.

    ``number``: of the pain point that holds each, None for none. ``is_kept``: no machine may take it from there.
    ``ruled_out``: rows, each with the number of a pain point to which somebody said that it does not belong.
    ``beside``: how many, at the end, are passages of others: they only show what is common and what is particular.
    """

    segments: list[Segment]
    number: list[int | None]
    is_kept: list[bool]
    must: Pairs
    cannot: Pairs
    ruled_out: frozenset[tuple[int, int]] = frozenset()
    beside: int = 0

    @property
    def own(self) -> range:
        """The rows that may move."""
        return range(len(self.segments) - self.beside)


def before(segments: Sequence[Segment], *, keeps_confirmed: bool, beside: Sequence[Segment] = ()) -> Before:
    """``keeps_confirmed``: what a person confirmed or named stays whole; else only what a person attached stays put."""
    own, others = list(segments), list(beside)
    rows = own + others
    held = {
        one.segment_id: one
        for one in Membership.objects.filter(segment__in=[s.pk for s in rows]).select_related("pain_point")
    }
    memberships = [held.get(segment.pk) for segment in rows]
    number = [one.pain_point_id if one else None for one in memberships]
    is_kept = [one is not None and _is_kept(one, keeps_confirmed) for one in memberships]
    ruled_out = _ruled_out(own, numbers={one for one in number[: len(own)] if one is not None})
    must, cannot = _links(number[: len(own)], is_kept[: len(own)], ruled_out)
    return Before(rows, number, is_kept, must, cannot, ruled_out, beside=len(others))


def _is_kept(membership: Membership, keeps_confirmed: bool) -> bool:
    pain_point = membership.pain_point
    if membership.source == Source.PERSON or pain_point.state == PainPointState.DISMISSED:
        return True
    return keeps_confirmed and (pain_point.state != PainPointState.SUGGESTED or pain_point.is_title_human)


def _ruled_out(rows: list[Segment], *, numbers: set[int]) -> frozenset[tuple[int, int]]:
    row_of = {segment.pk: row for row, segment in enumerate(rows)}
    said = Ruling.objects.filter(segment__in=row_of, pain_point__in=numbers).values_list("segment_id", "pain_point")
    return frozenset((row_of[segment], number) for segment, number in said)


def _links(number: list[int | None], is_kept: list[bool], ruled_out: frozenset[tuple[int, int]]) -> tuple[Pairs, Pairs]:
    heads: dict[int, int] = {}
    must = []
    for row, (held_by, kept) in enumerate(zip(number, is_kept, strict=True)):
        if kept and held_by is not None:
            head = heads.setdefault(held_by, row)
            if head != row:
                must.append((head, row))
    return must, _apart(number, heads, ruled_out)


def _apart(number: list[int | None], heads: dict[int, int], ruled_out: frozenset[tuple[int, int]]) -> Pairs:
    """Pain points in which people put something are different; so are a passage and what it was taken out of."""
    kept_apart = sorted(heads.values())
    cannot = [(a, b) for i, a in enumerate(kept_apart) for b in kept_apart[i + 1 :]]
    members = defaultdict(list)
    for row, held_by in enumerate(number):
        if held_by is not None:
            members[held_by].append(row)
    for row, out_of in sorted(ruled_out):
        if number[row] != out_of:
            others = [heads[out_of]] if out_of in heads else members[out_of][:_MOST]
            cannot += [(other, row) for other in others]
    return cannot


def split_by_people(numbers: set[int]) -> set[frozenset[int]]:
    """Pairs of pain points that somebody took apart: nobody proposes to merge them again."""
    children = PainPoint.objects.filter(pk__in=numbers, split_from__in=numbers).values_list("pk", "split_from")
    return {frozenset(pair) for pair in children}
