"""A fiche that has just come in: attach its passages to pain points, or find a new one, within seconds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models.functions import Now

import clustering
import copying
from directory.models import Service
from feedback.choices import FicheState, Source
from feedback.counting import recount
from feedback.grouping.describing import Named, name, name_new
from feedback.grouping.measuring import measure
from feedback.grouping.passages import cut, vectors_of
from feedback.models import Fiche, GroupingRun, Membership, Original, PainPoint, Ruling, Segment
from feedback.moves import among, lock_fiches, lock_pain_points, move_locked
from journal.actions import record, record_all

_LOCK = 0x0CA41E  # one placing or rebuilding writes memberships at a time, on any number of workers
_POOL = 300  # unplaced passages of the service that may found a pain point together
_REMEMBERED = 60  # passages by which a pain point is known to newcomers


def place(fiche: Fiche) -> list[PainPoint]:
    """Cut, attach, or found; returns the pain points that changed. Doing it twice changes nothing.

    The thinking is done before the lock, so that newcomers do not wait for one another: inside, one checks that
    nothing that was read has changed.
    """
    if fiche.masked_text is None:
        return []
    segments = [] if _is_erased(fiche) else cut_once(fiche)
    token, chosen = _token(), nearest(segments)
    with transaction.atomic():
        lock_grouping()
        fiche.refresh_from_db()  # not locked yet: pain points come first, and who places or sets aside waits above
        if fiche.placed_at or fiche.state == FicheState.DISMISSED:
            return []
        chosen = chosen if _token() == token else nearest(segments)
        changed = attach(still_true(chosen))
        changed |= found_from_pool(fiche.service)
        settle([fiche.pk])
        record("fiche.placed", fiche, by=None, pain_points=sorted(one.pk for one in changed))
    return sorted(changed, key=lambda one: one.pk)


def _is_erased(fiche: Fiche) -> bool:
    """Its author took the words back: what stands in their place is not a grievance."""
    return Original.objects.filter(fiche=fiche, erased_at__isnull=False).exists()


def cut_once(fiche: Fiche) -> list[Segment]:
    """The passages in a transaction of their own: the encoder's work is kept if what follows is interrupted."""
    with transaction.atomic():
        return cut(Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk))


def lock_grouping() -> None:
    """Until the end of the transaction, nobody else writes memberships by machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def holding(fiche: Fiche) -> list[int]:
    """Numbers of the pain points that hold this fiche; once the grouping is locked, they stay the same."""
    return list(Membership.objects.filter(segment__fiche=fiche).values_list("pain_point", flat=True).distinct())


Chosen = list[tuple[Segment, int, float]]  # a passage, the number of a pain point, how near (0..1)


def nearest(segments: Sequence[Segment]) -> Chosen:
    """The living pain point of each passage that has one near enough and not ruled out. Writes nothing."""
    known = _known()
    if not segments or known is None:
        return []
    vectors = vectors_of(segments) if known.has_vectors else None
    if known.has_vectors and vectors is None:
        return []  # the encoder failed for these: a person, or the night, will see to them
    at_home = [known.at_home(segment) for segment in segments]
    assigned = known.model.assign([segment.text for segment in segments], vectors, at_home=at_home)
    ruled_out = rulings_on(segments)
    return [
        (segment, assignment.label, assignment.score)
        for segment, assignment in zip(segments, assigned, strict=True)
        if assignment.label is not None and (segment.pk, assignment.label) not in ruled_out
    ]


def still_true(chosen: Iterable[tuple[Segment, int, float]]) -> Chosen:
    """Under the lock: those whose passage is still free, whose pain point lives, and that nobody ruled out."""
    chosen = list(chosen)
    free = set(
        Segment.objects.unplaced().filter(among("pk", [one.pk for one, _, _ in chosen])).values_list("pk", flat=True)
    )
    living = set(PainPoint.objects.living().filter(pk__in={n for _, n, _ in chosen}).values_list("pk", flat=True))
    ruled_out = rulings_on([segment for segment, _, _ in chosen])
    return [
        (segment, number, score)
        for segment, number, score in chosen
        if segment.pk in free and number in living and (segment.pk, number) not in ruled_out
    ]


def rulings_on(segments: Sequence[Segment]) -> set[tuple[int, int]]:
    """(passage, number): what people said does not belong there."""
    said = Ruling.objects.filter(among("segment", [segment.pk for segment in segments]))
    return set(said.values_list("segment_id", "pain_point_id"))


def attach(chosen: Iterable[tuple[Segment, int, float]], *, run=None) -> set[PainPoint]:
    """Write machine memberships (segment, number, score) and bring the counters in line."""
    chosen = list(chosen)
    changed = set(lock_pain_points({number for _, number, _ in chosen}))
    copying.insert(
        [
            Membership(segment=segment, pain_point_id=number, source=Source.MACHINE, score=score, run=run)
            for segment, number, score in chosen
        ]
    )
    recount(changed)
    measure(changed)
    return changed


def found_from_pool(service: Service | None) -> set[PainPoint]:
    """New pain points among the unplaced passages of one service, when enough of them say the same thing.

    Those of a file that is being cut wait: they are grouped together once it is all there.
    """
    if service is None:
        return set()
    free = Segment.objects.unplaced().filter(fiche__service=service)
    free = free.exclude(fiche__imported_in__isnull=False, fiche__placed_at__isnull=True)
    pool = list(free.order_by("-pk")[:_POOL])
    groups = clustering.nucleate([segment.text for segment in pool], vectors=vectors_of(pool))
    lock_fiches({pool[row].fiche_id for rows in groups for row in rows})
    return {
        found([pool[row] for row in rows], service=service) for rows in groups if are_several([pool[r] for r in rows])
    }


def are_several(segments: Sequence[Segment]) -> bool:
    """Three passages of one fiche are one person's insistence, not a recurring pain point."""
    return len({segment.fiche_id for segment in segments}) >= 3


@dataclass(frozen=True)
class Founding:
    """Unplaced passages that make a new pain point. ``named``: its words, when they were found beforehand."""

    segments: Sequence[Segment]
    service: Service
    cohesion: float = 0.0
    named: Named | None = None


def found(segments: Sequence[Segment], *, service: Service) -> PainPoint:
    """A new suggested pain point that holds these unplaced passages; their fiches become *grouped*."""
    return found_all([Founding(segments, service)])[0]


def found_all(foundings: Sequence[Founding], *, run: GroupingRun | None = None) -> list[PainPoint]:
    """The same for many, in a few queries whatever their number; the grouping is locked."""
    if not foundings:
        return []
    rows = [PainPoint(title="…", service=one.service, cohesion=one.cohesion) for one in foundings]
    numbers = [one.pk for one in PainPoint.objects.bulk_create(rows)]
    pairs = list(zip(numbers, foundings, strict=True))
    chosen = [(segment, number, score) for number, one in pairs for segment, score in _typical(one.segments)]
    changed = attach(chosen, run=run)
    new = {one.pk: one for one in changed}
    name_new([(new[number], one.named) for number, one in pairs if one.named])
    name([new[number] for number, one in pairs if not one.named])
    told = ((new[number], {"fiches": new[number].fiche_count}) for number in numbers)
    record_all("pain_point.suggested", told, by=None)
    settle(segment.fiche_id for one in foundings for segment in one.segments)
    return [new[number] for number in numbers]


def _typical(segments: Sequence[Segment]) -> list[tuple[Segment, float]]:
    """Each with how much it says what they all say, 1 at most; without vectors, the first are the most typical."""
    vectors = vectors_of(segments)
    if vectors is None:
        return [(segment, 1 - rank / len(segments)) for rank, segment in enumerate(segments)]
    middle = vectors.mean(axis=0)
    near = vectors @ middle / max(float(np.linalg.norm(middle)), 1e-9)
    return [(segment, float(score)) for segment, score in zip(segments, near, strict=True)]


def majority_service(segments: Sequence[Segment]) -> Service | None:
    """The service most of these passages are about; None when none of them names one."""
    named = Counter(segment.fiche.service_id for segment in segments if segment.fiche.service_id)
    return Service.objects.get(pk=named.most_common(1)[0][0]) if named else None


def settle(fiches: Iterable[int]) -> None:
    """Mark the fiches of these keys as shown to the grouping, and move them to *grouped* or *being read*."""
    keys = lock_fiches(set(fiches))
    rows = Fiche.objects.filter(among("pk", keys))
    rows.filter(placed_at__isnull=True).update(placed_at=Now())
    held = set(Membership.objects.filter(among("segment__fiche", keys)).values_list("segment__fiche", flat=True))
    grouped = Fiche.objects.filter(among("pk", held)).exclude(state=FicheState.ANSWERED)
    move_locked(grouped, FicheState.GROUPED)
    alone = Fiche.objects.filter(among("pk", set(keys) - held), state=FicheState.RECEIVED)
    move_locked(alone, FicheState.IN_REVIEW)


@dataclass(frozen=True)
class _Known:
    """The living pain points, as the newcomers' model knows them."""

    token: tuple
    model: clustering.Model
    has_vectors: bool
    of_service: dict[int | None, set[int]]
    of_document: dict[str, set[int]]

    def at_home(self, segment: Segment) -> set[int]:
        """The pain points of the passage's service, and those about a document it names, whoever asks for it."""
        found = set(self.of_service.get(segment.fiche.service_id, ()))
        return found.union(*(self.of_document.get(key, ()) for key in segment.documents))


_cache: dict[str, _Known] = {}


def _known() -> _Known | None:
    """The model of this process, built again only when pain points appear, disappear or change hands."""
    token = _token()
    if token is None:
        return None
    cached = _cache.get("known")
    if cached is None or cached.token != token:
        cached = _cache["known"] = _build(token)
    return cached


def _token() -> tuple | None:
    """What must be unchanged for the model to hold: which pain points live, and what people attached.

    A number alone does not tell: in a database that was restored, the same one may be about something else.
    """
    living = list(PainPoint.objects.living().filter(fiche_count__gt=0).values_list("pk", "created_at").order_by("pk"))
    by_people = Membership.objects.filter(source=Source.PERSON).order_by("-pk").values_list("pk", flat=True).first()
    return (tuple(living), by_people) if living else None


def _build(token: tuple) -> _Known:
    segments: list[Segment] = []
    labels: list[int] = []
    numbers = [number for number, _ in token[0]]
    for number in numbers:
        held = Segment.objects.filter(membership__pain_point=number).order_by("-membership__source", "pk")
        passages = list(held.only("text", "vector", "vector_version")[:_REMEMBERED])
        segments += passages
        labels += [number] * len(passages)
    vectors = vectors_of(segments)
    model = clustering.Model.from_labelled([segment.text for segment in segments], labels, vectors=vectors)
    return _Known(token, model, vectors is not None, *_homes(numbers))


def _homes(numbers: Iterable[int]) -> tuple[dict[int | None, set[int]], dict[str, set[int]]]:
    """Numbers of pain points by service touched, and by document involved."""
    of_service: dict[int | None, set[int]] = {}
    of_document: dict[str, set[int]] = {}
    living = PainPoint.objects.filter(pk__in=numbers)
    for number, service in living.values_list("pk", "services"):
        of_service.setdefault(service, set()).add(number)
    for number, key in living.exclude(documents=None).values_list("pk", "documents__key"):
        of_document.setdefault(key, set()).add(number)
    return of_service, of_document
