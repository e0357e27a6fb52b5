"""From a new grouping to sentences an owner can accept: new, grown, split, merge, moved, leaving. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import clustering
from clustering.identity import Change
from feedback.choices import ChangeKind
from feedback.grouping.links import Before

_SEVERAL = 3  # fiches: fewer are not a recurring pain point
_RANK = {kind: rank for rank, kind in enumerate(ChangeKind)}


@dataclass(frozen=True)
class Draft:
    """One change: ``rows`` of the passages it moves, most typical first. ``number`` grows, is split, is merged or
    loses them; ``into`` takes them. ``extra``: rows of « à trier » that come along with a split or a merge."""

    kind: ChangeKind
    rows: list[int]
    number: int | None = None
    into: int | None = None
    cohesion: float = 0.0
    extra: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Became:
    """A theme, its rows, the number that it keeps (None: a new one), and the numbers its passages come from."""

    theme: clustering.Theme
    rows: list[int]
    number: int | None
    parents: tuple[int, ...]


def drafts(was: Before, grouping: clustering.Grouping, *, loose: float, lonely: float) -> list[Draft]:
    """What the grouping changes, in the order in which it is read.

    Themes whose cohesion is under ``loose`` found nothing; passages whose score is under ``lonely`` stay
    « à trier ».
    """
    labels = [int(label) for label in grouping.labels]
    themes = _themes(was, labels, grouping, floor=lonely)
    swallowed = _swallowed(was, labels, themes)
    found: list[Draft] = []
    for one in themes:
        found += _founded(was, one, loose) if one.number is None else _continued(was, one, swallowed)
    found += _merged(was, themes, swallowed)
    found += _leaving(was, labels, set(swallowed))
    found = _in_two(one for one in found if _is_own(was, one))
    return sorted(found, key=lambda one: (_RANK[one.kind], -len(one.rows), one.number or 0))


def _is_own(was: Before, one: Draft) -> bool:
    """It is about pain points whose passages may move: what others hold is theirs to change."""
    own = {was.number[row] for row in was.own}
    return bool(one.rows) and {one.number, one.into} <= own | {None}


def _in_two(found: Iterable[Draft]) -> list[Draft]:
    """A pain point is split in two, never in five: the largest piece first, the rest at the next proposal."""
    kept, largest = [], {}
    for one in found:
        if one.kind != ChangeKind.SPLIT:
            kept.append(one)
        elif one.number not in largest or len(one.rows) > len(largest[one.number].rows):
            largest[one.number] = one
    return kept + list(largest.values())


def _themes(was: Before, labels: Sequence[int], grouping: clustering.Grouping, *, floor: float) -> list[_Became]:
    members = defaultdict(list)
    for row, label in enumerate(labels):
        members[label].append(row)
    themes = {theme.index: theme for theme in grouping.themes}
    found = []
    for event in clustering.compare(was.number, labels):
        if event.theme is None:
            continue
        rows = sorted(members[event.theme], key=lambda row: (-grouping.scores[row], row))
        rows = [
            row for row in rows if row in was.own and (was.number[row] is not None or grouping.scores[row] >= floor)
        ]
        number = next((was.number[row] for row in rows if was.is_kept[row]), event.former)
        if number is None and event.change == Change.MERGED:
            number = event.parents[0]
        found.append(_Became(themes[event.theme], rows, number, event.parents))
    return found


def _swallowed(was: Before, labels: Sequence[int], themes: Sequence[_Became]) -> dict[int, int]:
    """{a pain point that no theme continues: the one whose theme holds most of it}."""
    going_on = {one.number for one in themes}
    return {
        number: one.number
        for one in themes
        if one.number is not None
        for number in one.parents
        if number not in going_on and _mostly(was, labels, number, one.theme.index)
    }


def _mostly(was: Before, labels: Sequence[int], number: int, theme: int) -> bool:
    rows = _held(was, number)
    return 2 * sum(labels[row] == theme for row in rows) > len(rows)


def _held(was: Before, number: int) -> list[int]:
    return [row for row in was.own if was.number[row] == number]


def _continued(was: Before, one: _Became, swallowed: dict[int, int]) -> list[Draft]:
    """A pain point that keeps its number: what joins it, from « à trier » and from elsewhere."""
    coming: dict[int | None, list[int]] = defaultdict(list)
    for row in one.rows:
        if was.number[row] != one.number and not was.is_kept[row] and (row, one.number) not in was.ruled_out:
            coming[was.number[row]].append(row)
    found = []
    free = coming.pop(None, [])
    if free and one.number not in swallowed.values():  # else they come with the merge, or not at all
        found.append(Draft(ChangeKind.GROWN, free, one.number, cohesion=one.theme.cohesion))
    for number, moving in sorted(coming.items()):
        if number not in swallowed:
            found.append(Draft(ChangeKind.MOVE, moving, number, one.number))
    return found


def _merged(was: Before, themes: Sequence[_Became], swallowed: dict[int, int]) -> list[Draft]:
    """Pain points that go into another, with what would join both: the first of them brings it."""
    joining = {
        one.number: [row for row in one.rows if was.number[row] is None and (row, one.number) not in was.ruled_out]
        for one in themes
    }
    return [
        Draft(ChangeKind.MERGE, _held(was, number), number, into, extra=joining.pop(into, []))
        for number, into in sorted(swallowed.items())
    ]


def _founded(was: Before, one: _Became, loose: float) -> list[Draft]:
    """A theme that continues nothing: new, or split off the pain point that held most of it."""
    if one.theme.cohesion < loose:
        return []
    free = [row for row in one.rows if was.number[row] is None]
    if one.parents:
        parent = one.parents[0]
        own = [row for row in one.rows if was.number[row] == parent and not was.is_kept[row]]
        if _fiches(was, own) >= _SEVERAL and _fiches(was, sorted({*_held(was, parent)} - {*own})) >= _SEVERAL:
            return [Draft(ChangeKind.SPLIT, own, parent, cohesion=one.theme.cohesion, extra=free)]
    return [Draft(ChangeKind.NEW, free, cohesion=one.theme.cohesion)] if _fiches(was, free) >= _SEVERAL else []


def _fiches(was: Before, rows: Sequence[int]) -> int:
    return len({was.segments[row].fiche_id for row in rows})


def _leaving(was: Before, labels: Sequence[int], swallowed: set[int]) -> list[Draft]:
    """Passages that resemble nothing any more; a pain point that would lose half of them is left alone."""
    alone = defaultdict(list)
    for row in was.own:
        label, number = labels[row], was.number[row]
        if label < 0 and number is not None and not was.is_kept[row] and number not in swallowed:
            alone[number].append(row)
    sizes = Counter(was.number[row] for row in was.own)
    return [
        Draft(ChangeKind.LEAVE, rows, number) for number, rows in sorted(alone.items()) if 2 * len(rows) < sizes[number]
    ]
