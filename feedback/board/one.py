"""Everything the page of one pain point shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.policies import services_owned_by
from feedback import policies
from feedback.board.rows import with_due_on, with_names
from feedback.choices import FollowUpReply
from feedback.models import Answer, Membership, Note, PainPoint, SurgeAlert, Transfer
from journal.models import Entry

# A passage that was never compared is a group of its own.
_FOLD = Coalesce("segment__fold", "segment")
NEARBY, LIKE_ENOUGH = 5, 0.35
HISTORY = 100
# What most pain points have none of: it is only asked for where there is some.
_BESIDE = {
    "answers": Answer.objects.order_by(),
    "transfers": Transfer.objects.order_by(),
    "notes": Note.objects.order_by(),
    "alert": SurgeAlert.objects.open().order_by(),
}


def pain_points_shown_to(user: User) -> QuerySet[PainPoint]:
    """With what the head of the page says, and ``may_act``: whether this person's service is in charge.

    ``has_answers``, ``has_transfers``, ``has_notes``, ``has_alert``, ``has_kin`` say what is worth another query.
    """
    held = Membership.objects.filter(pain_point=OuterRef("pk")).order_by().values("pain_point")
    beside = policies.pain_points_to_see(user).living().values("pk")
    return (
        with_due_on(with_names(policies.pain_points_to_see(user)))
        .select_related("merged_into", "split_from")
        .annotate(
            may_act=Exists(services_owned_by(user).filter(pk=OuterRef("service"))),
            passage_count=_number(held.annotate(n=Count("pk")).values("n")),
            fold_count=_number(held.annotate(n=Count(_FOLD, distinct=True)).values("n")),
            **{f"has_{name}": Exists(rows.filter(pain_point=OuterRef("pk"))) for name, rows in _BESIDE.items()},
            has_kin=Exists(PainPoint.objects.filter(Q(merged_into=OuterRef("pk")) | Q(split_from=OuterRef("pk")))),
            previous=Subquery(beside.filter(pk__lt=OuterRef("pk")).order_by("-pk")[:1]),
            next=Subquery(beside.filter(pk__gt=OuterRef("pk")).order_by("pk")[:1]),
        )
    )


@dataclass(frozen=True)
class Kin:
    """What a pain point took over, and what was made of part of it, each by number."""

    absorbed: list[PainPoint]
    children: list[PainPoint]


def kin_of(pain_point: PainPoint) -> Kin:
    """In one query."""
    kin = list(PainPoint.objects.filter(Q(merged_into=pain_point) | Q(split_from=pain_point)).order_by("pk"))
    absorbed = [one for one in kin if one.merged_into_id == pain_point.pk]
    return Kin(absorbed, [one for one in kin if one.split_from_id == pain_point.pk and one not in absorbed])


def places_of(pain_point: PainPoint) -> dict[str, list[tuple[str, int]]]:
    """Number of fiches by ``service``, ``office`` and ``channel``, largest first, in one query."""
    fiches = Membership.objects.filter(pain_point=pain_point).order_by()
    columns = {
        "service": "segment__fiche__service__name",
        "office": "segment__fiche__office__name",
        "channel": "segment__fiche__channel",
    }
    counts: dict[str, dict[str, int]] = {kind: {} for kind in columns}
    for row in fiches.values(*columns.values()).annotate(n=Count("segment__fiche", distinct=True)):
        for kind, column in columns.items():
            if row[column]:
                counts[kind][row[column]] = counts[kind].get(row[column], 0) + row["n"]
    return {kind: sorted(found.items(), key=lambda pair: (-pair[1], pair[0])) for kind, found in counts.items()}


def nearby(pain_point: PainPoint, user: User) -> QuerySet[PainPoint]:
    """Living pain points that share fiches with this one (``shared``), then those whose title resembles it."""
    fiches = Membership.objects.filter(pain_point=pain_point).values("segment__fiche")
    theirs = Membership.objects.filter(pain_point=OuterRef("pk"), segment__fiche__in=fiches).order_by()
    shared = theirs.values("pain_point").annotate(n=Count("segment__fiche", distinct=True)).values("n")
    others = policies.pain_points_to_see(user).living().exclude(pk=pain_point.pk)
    compared = others.annotate(shared=_number(shared), likeness=TrigramSimilarity("title", pain_point.title))
    near = compared.filter(Q(shared__gt=0) | Q(likeness__gte=LIKE_ENOUGH))
    return near.order_by("-shared", "-likeness", "-fiche_count")[:NEARBY]


def history_of(pain_point: PainPoint) -> Sequence[Entry]:
    """What was done to it, newest first."""
    lines = Entry.objects.filter(subject_type=PainPoint._meta.label_lower, subject_key=str(pain_point.pk))
    return list(lines.order_by("-pk")[:HISTORY])


def rising_alert(pain_point: PainPoint) -> SurgeAlert | None:
    """Its alert, while it rises."""
    return pain_point.surge_alerts.rising().select_related("acknowledged_by").first()


def answers_to(pain_point: PainPoint) -> QuerySet[Answer]:
    """Newest first, with how many said that it is settled: ``yes``, ``partly``, ``no``."""

    def said(reply: FollowUpReply) -> Count:
        return Count("follow_ups", filter=Q(follow_ups__reply=reply))

    replies: dict[str, Any] = {reply.value: said(reply) for reply in FollowUpReply}
    return pain_point.answers.select_related("author").annotate(**replies).order_by("-pk")


def notes_on(pain_point: PainPoint) -> QuerySet[Note]:
    return pain_point.notes.select_related("author")


def transfers_of(pain_point: PainPoint) -> QuerySet[Transfer]:
    return pain_point.transfers.select_related("from_service", "to_service", "by").order_by("-pk")


def _number(counted: QuerySet) -> Coalesce:
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
