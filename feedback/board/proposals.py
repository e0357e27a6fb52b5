"""What an owner reads before accepting a new grouping, and what became of it, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet, Sum

import clustering
from accounts.models import User
from accounts.policies import services_owned_by
from clustering.cohesion import WEAK_AMONG_ALL
from directory.models import Service
from feedback import policies
from feedback.board.passages import Passage, chosen_among
from feedback.choices import ChangeKind, PartState
from feedback.models import GroupingPart, GroupingRun, Proposal, ProposedChange, Segment

SHOWN = 3  # verbatims of a change


@dataclass(frozen=True)
class Change:
    """A change with its verbatims. ``may_accept``: every pain point it touches is this person's to change;
    ``names_other``: this person may read the other pain point."""

    row: ProposedChange
    verbatims: list[Passage]
    may_accept: bool
    names_other: bool

    @property
    def passages(self) -> int:
        return len(self.row.segments)

    @property
    def is_weak(self) -> bool:
        """Its passages hardly resemble one another more than they resemble others."""
        founds = self.row.kind in (ChangeKind.NEW, ChangeKind.SPLIT, ChangeKind.GROWN)
        return founds and self.row.cohesion < WEAK_AMONG_ALL

    @property
    def is_ticked(self) -> bool:
        """Before anything is read: what undoes nothing, and is not weak."""
        return self.may_accept and self.row.is_safe and not self.is_weak


def changes_of(proposal: Proposal, user: User) -> list[Change]:
    """The changes in their order, with the verbatims that this person may read today."""
    rows = list(proposal.changes.select_related("pain_point__service", "other__service", "made"))
    owned = set(services_owned_by(user).values_list("pk", flat=True))
    seen = set(
        policies.pain_points_to_see(user)
        .filter(pk__in=[row.other_id for row in rows if row.other_id])
        .values_list("pk", flat=True)
    )
    verbatims = _verbatims(rows, user)
    return [
        Change(
            row,
            [_marked(verbatims[key], row) for key in row.central if key in verbatims][:SHOWN],
            may_accept=all(one.service_id in owned for one in (row.pain_point, row.other) if one),
            names_other=row.other_id in seen,
        )
        for row in rows
    ]


def _verbatims(rows: Sequence[ProposedChange], user: User) -> dict[int, Passage]:
    """Passages of this person's services, or of the pain points they answer for: by key."""
    owned = services_owned_by(user)
    keys = {key for row in rows for key in row.central}
    mine = Segment.objects.filter(pk__in=keys).exclude(fiche__masked_text=None)
    mine = mine.filter(Q(fiche__service__in=owned) | Q(membership__pain_point__service__in=owned))
    return {one.segment.pk: one for one in chosen_among(mine, user)}


def _marked(passage: Passage, row: ProposedChange) -> Passage:
    """With the key phrases of what it would make, or of what holds it."""
    phrases = row.keyphrases or (row.pain_point.keyphrases if row.pain_point else [])
    return replace(passage, spans=clustering.keyphrase_spans(passage.segment.text, phrases))


def part_of(proposal: Proposal) -> GroupingPart | None:
    """The work that prepares it."""
    return proposal.run.parts.first()


def services_of(user: User) -> QuerySet[Service]:
    return services_owned_by(user).select_related("grouping_choice").order_by("name")


def runs_of(user: User) -> QuerySet[GroupingRun]:
    """Newest first, with how far each is: ``parts_done``, ``parts_total``, ``failed``, ``cpu``."""
    visible = GroupingRun.objects.filter(pk__in=policies.runs_to_see(user).values("pk"))
    return visible.annotate(
        parts_total=Count("parts"),
        parts_done=Count("parts", filter=Q(parts__state=PartState.DONE)),
        failed=Count("parts", filter=Q(parts__state=PartState.FAILED)),
        cpu=Sum("parts__cpu_seconds"),
    ).order_by("-pk")


def parts_of(run: GroupingRun, user: User) -> QuerySet[GroupingPart]:
    """The parts of a run that touch this person's services."""
    owned = services_owned_by(user)
    theirs = Q(service__in=owned) | Q(administration__services__in=owned) | Q(service=None, administration=None)
    return run.parts.filter(theirs).select_related("service", "administration").distinct().order_by("stage", "pk")
