"""How a regrouping is shared out: together while it is small, by administration and by service when it is not.

Together is better: « justificatif de domicile redemandé » is one pain point of four services. Past ``TOGETHER``
passages, each large service is a part of its own; what it leaves is grouped again with what the other services of its
administration left, and what remains with everybody's. A service that chose how finely it is grouped has its own part.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from directory.models import Service
from feedback.choices import PartState, Resolution, RunKind
from feedback.grouping.leases import UNFINISHED, held_now
from feedback.models import GroupingChoice, GroupingPart, GroupingRun, PainPoint, Segment

TOGETHER = 20_000  # passages: a few minutes of one worker, words being read
MOST = 50_000  # passages that nothing took, looked at together in a later stage: the newest
RING_AGAIN = 60  # seconds: a bell nobody heard is rung again by the clock
LEFT_BY_ADMINISTRATION, LEFT_BY_ALL = 1, 2  # stages


@transaction.atomic
def plan(kind: RunKind, *, service: Service | None = None, resolution: str = "") -> GroupingRun:
    """A run and its parts, waiting. ``resolution`` when given stands for the choice of the services."""
    run = GroupingRun.objects.create(kind=kind, service=service)
    chosen = dict(GroupingChoice.objects.values_list("service", "resolution"))
    if service is not None:
        parts = [GroupingPart(service=service)]
    else:
        parts = _shared_out(_sizes(kind), chosen if not resolution else {})
    for part in parts:
        part.run = run
        part.resolution = resolution or chosen.get(part.service_id, Resolution.MEDIUM)
    GroupingPart.objects.bulk_create(parts)
    return run


def segments_of(part: GroupingPart) -> QuerySet[Segment]:
    """The passages that the part groups."""
    read = Segment.objects.exclude(fiche__masked_text=None)
    if part.run.kind == RunKind.PROPOSE:
        in_charge = PainPoint.objects.living().filter(service=part.service)
        free = Segment.objects.unplaced().filter(fiche__service=part.service)
        return read.filter(Q(pk__in=free.values("pk")) | Q(membership__pain_point__in=in_charge))
    rows = covered_by(part)
    return rows.unplaced() if part.run.kind == RunKind.ADD else rows


def covered_by(part: GroupingPart) -> QuerySet[Segment]:
    """All the passages of the services of the part, placed or not."""
    rows = Segment.objects.exclude(fiche__masked_text=None)
    if part.service_id:
        return rows.filter(fiche__service=part.service_id)
    if part.administration_id:
        rows = rows.filter(fiche__service__administration=part.administration_id)
    if part.stage:
        return rows
    siblings = part.run.parts.filter(stage=0).exclude(pk=part.pk)
    apart = siblings.exclude(service=None).values_list("service", flat=True)
    return rows.exclude(fiche__service__in=list(apart))


def ready(run: GroupingRun) -> list[int]:
    """The parts that may start: those of the first stage that is not over, and that no living worker holds."""
    unfinished = list(run.parts.filter(state__in=UNFINISHED).values_list("stage", "pk"))
    first = min((stage for stage, _ in unfinished), default=None)
    held = held_now()
    return [pk for stage, pk in unfinished if stage == first and pk not in held]


def to_ring(run: GroupingRun) -> list[int]:
    """Those of ``ready`` that no worker was called for lately; from now on, one was."""
    lately = Now() - timedelta(seconds=RING_AGAIN)
    waiting = run.parts.filter(Q(rung_at=None) | Q(rung_at__lt=lately), pk__in=ready(run))
    keys = list(waiting.values_list("pk", flat=True))
    return [key for key in keys if waiting.filter(pk=key).update(rung_at=Now())]


def is_over(run: GroupingRun) -> bool:
    return not run.parts.filter(state__in=[PartState.WAITING, PartState.RUNNING]).exists()


def _sizes(kind: RunKind) -> dict[tuple[int | None, int | None], int]:
    """Passages to group by (administration, service)."""
    rows = Segment.objects.exclude(fiche__masked_text=None)
    rows = rows.unplaced() if kind == RunKind.ADD else rows
    counted = rows.order_by().values_list("fiche__service__administration", "fiche__service").annotate(n=Count("pk"))
    return {(administration, service): n for administration, service, n in counted}


def _shared_out(sizes: Mapping[tuple[int | None, int | None], int], chosen: Mapping[int, str]) -> list[GroupingPart]:
    alone = [service for _, service in sizes if service and chosen.get(service, Resolution.MEDIUM) != Resolution.MEDIUM]
    parts = [GroupingPart(service_id=service) for service in alone]
    rest = {key: n for key, n in sizes.items() if key[1] not in alone}
    if sum(rest.values()) <= TOGETHER:
        parts.append(GroupingPart())
    else:
        parts += _by_administration(rest)
    if len(parts) > 1:
        parts.append(GroupingPart(stage=LEFT_BY_ALL))
    return parts


def _by_administration(sizes: Mapping[tuple[int | None, int | None], int]) -> Iterable[GroupingPart]:
    services: dict[int, dict[int, int]] = defaultdict(dict)
    for (administration, service), n in sizes.items():
        if administration is not None and service is not None:  # a fiche of no service waits for the last stage
            services[administration][service] = n
    for administration, counted in sorted(services.items()):
        if sum(counted.values()) <= TOGETHER:
            yield GroupingPart(administration_id=administration)
            continue
        yield from (GroupingPart(service_id=service) for service in sorted(counted))
        yield GroupingPart(administration_id=administration, stage=LEFT_BY_ADMINISTRATION)
