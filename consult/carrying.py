"""Votes that follow a proposition into the one that took it in, and back.

The caller holds the propositions; the database counts each move (migration 0005 and after).
"""

from collections.abc import Iterable

from django.db.models import F
from django.db.models.functions import Now

from consult.choices import Opinion
from consult.models import Merge, MergeVoice, Vote


def carry(merge: Merge, voices: Iterable[MergeVoice]) -> int:
    """Move the « agree » of these people to what the merging gave, unless they voted there; how many moved.

    Who agreed with several of the sources has one vote moved, the first given: the others stay where they are.
    """
    people = [voice.participant_id for voice in voices]
    there = set(
        Vote.objects.filter(proposition=merge.into_id, participant__in=people).values_list("participant", flat=True)
    )
    agreed = Vote.objects.filter(
        proposition__in=merge.sources.values("pk"), participant__in=people, opinion=Opinion.AGREE
    ).order_by("created_at", "pk")
    first: dict[int, Vote] = {}
    for vote in agreed.exclude(participant__in=there).select_for_update():
        first.setdefault(vote.participant_id, vote)
    for vote in first.values():
        MergeVoice.objects.filter(merge=merge, participant=vote.participant_id).update(
            carried_from=vote.proposition_id, carried_at=Now(), given_at=vote.created_at
        )
    Vote.objects.filter(pk__in=[vote.pk for vote in first.values()]).update(
        carried_from=F("proposition"), proposition=merge.into_id
    )
    return len(first)


def put_back(merge: Merge, voices: Iterable[MergeVoice]) -> None:
    """Put each vote that moved back where it was given. What was said on the result since then stays there."""
    for voice in voices:
        if voice.carried_from_id is None:
            continue
        row = Vote.objects.filter(
            proposition=merge.into_id, participant=voice.participant_id, carried_from=voice.carried_from_id
        )
        if not row.filter(changed_at__lte=voice.carried_at).update(
            proposition=voice.carried_from_id, carried_from=None
        ):
            row.update(carried_from=None)
            Vote.objects.create(
                proposition_id=voice.carried_from_id,
                participant_id=voice.participant_id,
                opinion=Opinion.AGREE,
                created_at=voice.given_at,
            )
        MergeVoice.objects.filter(pk=voice.pk).update(carried_from=None, carried_at=None, given_at=None)
