"""Deciding about propositions: prepared in private, published together, corrected in front of everybody.

Lock order, as everywhere: phase (``alone``) → propositions, by key → their decisions.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from consult import letters, phases, policies, tasks
from consult.choices import TAKING_PART, Verdict
from consult.errors import ChangedMeanwhile, CorrectionUnexplained, NothingToPublish, StillOpen
from consult.models import Consultation, Decision, DecisionNote, Phase, Proposition, Publication, Told
from directory.models import Service
from journal.actions import record, record_all


@transaction.atomic
def prepare(
    propositions: Iterable[Proposition],
    *,
    verdict: Verdict,
    reason: str,
    by: User,
    service: Service | None = None,
    correction_reason: str = "",
) -> int:
    """Write the same decision for these propositions, in private; how many.

    What was prepared before is replaced. Where a decision is public, this one will correct it.
    Raises ``CorrectionUnexplained`` when ``correction_reason`` is missing for one of those.
    """
    keys = [proposition.pk for proposition in propositions]
    rows = Proposition.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    locked = [proposition.pk for proposition in rows]
    standing = {one.proposition_id: one for one in Decision.objects.standing().filter(proposition__in=locked)}
    if standing and not correction_reason.strip():
        raise CorrectionUnexplained([one.proposition.number for one in standing.values()])
    Decision.objects.prepared().filter(proposition__in=locked).delete()
    Decision.objects.bulk_create(
        Decision(
            proposition_id=key,
            verdict=verdict,
            reason=reason.strip(),
            service=service,
            corrects=standing.get(key),
            correction_reason=correction_reason.strip() if key in standing else "",
            prepared_by=by,
        )
        for key in locked
    )
    return len(locked)


@transaction.atomic
def discard(propositions: Iterable[Proposition]) -> int:
    """Forget what was prepared for these propositions; how many. What is public stays."""
    keys = [proposition.pk for proposition in propositions]
    list(Proposition.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    return Decision.objects.prepared().filter(proposition__in=keys).delete()[0]


def note(proposition: Proposition, text: str, *, by: User) -> DecisionNote:
    """Tell colleagues something about a proposition. Never public."""
    return DecisionNote.objects.create(proposition=proposition, text=text.strip(), by=by)


def note_many(propositions: Iterable[Proposition], text: str, *, by: User) -> int:
    """The same note about each of these; how many."""
    said = text.strip()
    rows = [DecisionNote(proposition=proposition, text=said, by=by) for proposition in propositions]
    return len(DecisionNote.objects.bulk_create(rows))


def ready(consultation: Consultation) -> QuerySet[Decision]:
    """What the next publication makes public: the decisions prepared for propositions that stand."""
    listed = policies.propositions_to_decide(consultation)
    return Decision.objects.prepared().filter(proposition__in=listed.values("pk")).order_by("proposition__number")


def fingerprint(decisions: Iterable[Decision]) -> str:
    """What somebody saw before they confirmed: it changes when any of these decisions does."""
    seen = "|".join(f"{one.pk}:{one.prepared_at.isoformat()}" for one in decisions)
    return sha256(seen.encode()).hexdigest()[:32]


@transaction.atomic
def publish(consultation: Consultation, *, seen: str, by: User, on: datetime | None = None) -> Publication:
    """Make every prepared decision public at once, and promise one letter to each person concerned.

    ``seen``: the fingerprint of what was confirmed. ``on``: when it was made public, if not now (a past told again).
    Raises ``StillOpen``, ``NothingToPublish``, ``ChangedMeanwhile``.
    """
    phases.alone(consultation)
    last = last_day_of_taking_part(consultation)
    if last is not None and last > phases.clock():
        raise StillOpen(last)
    decisions = _held(consultation)
    if not decisions:
        raise NothingToPublish
    if fingerprint(decisions) != seen:
        raise ChangedMeanwhile
    publication = Publication.objects.create(consultation=consultation, by=by, published_at=on or Now())
    Decision.objects.filter(pk__in=[one.pk for one in decisions]).update(publication=publication)
    _journal(publication, decisions, by=by)
    people = letters.people_to_tell([one.proposition_id for one in decisions])
    told = (Told(publication=publication, participant_id=key) for key in people.values_list("pk", flat=True))
    Told.objects.bulk_create(told, batch_size=1000)
    transaction.on_commit(lambda: tasks.ring(tasks.tell_decisions, publication.pk))
    return publication


def last_day_of_taking_part(consultation: Consultation) -> datetime | None:
    """When the last phase in which people write is over; None when there is none."""
    writing = Phase.objects.filter(page=consultation.page_id, kind__in=TAKING_PART)
    return writing.order_by("-closes_at").values_list("closes_at", flat=True).first()


def _held(consultation: Consultation) -> list[Decision]:
    """The decisions to publish: nobody prepares another one, nor hides a proposition, meanwhile."""
    prepared = Decision.objects.prepared().filter(proposition__consultation=consultation)
    keys = list(prepared.values_list("proposition", flat=True))
    list(Proposition.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    return list(ready(consultation).select_related("proposition"))


def _journal(publication: Publication, decisions: Sequence[Decision], *, by: User) -> None:
    told: dict[str, list] = {}
    record("decisions.published", publication.consultation, by=by, count=len(decisions), publication=publication.pk)
    for one in decisions:
        verb = "proposition.decision_corrected" if one.corrects_id else "proposition.decided"
        told.setdefault(verb, []).append((one.proposition, {"verdict": one.verdict, "number": one.proposition.number}))
    for verb, rows in told.items():
        record_all(verb, rows, by=by)
