"""Promising letters, in the transaction of the act. A letter is said once to each person, whatever they filed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from feedback.choices import ANSWERED_STATES, FicheState
from feedback.models import (
    Answer,
    DocumentCase,
    Fiche,
    FollowUp,
    Membership,
    Original,
    PainPoint,
    Recipient,
    SurgeAlert,
)
from feedback.moves import lock_fiches, move_fiches
from letters.actions import promise, recipient_key
from letters.choices import Channel
from letters.models import Letter

ANSWER = "feedback.answer"
FOLLOW_UP = "feedback.follow_up"
REOPENED = "feedback.reopened"
RAISED = "feedback.raised"
SURGE = "feedback.surge"


@dataclass(frozen=True)
class Reach:
    """Whom an answer reaches: people who get a message, letters to print, fiches that only show it on their page."""

    fiches: int
    messages: int
    papers: int
    pages: int


@transaction.atomic
def tell(answer: Answer, fiches: Iterable[Fiche]) -> None:
    """Give this answer to these fiches: each shows it, and each author who wished one is promised a letter.

    Done twice, or for several fiches of the same person, nobody receives it twice: the letter names them all.
    """
    keys = lock_fiches([fiche.pk for fiche in fiches])
    Recipient.objects.bulk_create([Recipient(answer=answer, fiche_id=key) for key in keys], ignore_conflicts=True)
    move_fiches(Fiche.objects.filter(pk__in=keys), FicheState.ANSWERED)
    told = Recipient.objects.filter(answer=answer, fiche__in=keys, fiche__wants_answer=True)
    for recipient in told.select_related("fiche__original"):
        said_in = _promise(ANSWER, recipient.pk, campaign=answer.campaign, fiche=recipient.fiche)
        if said_in not in (None, recipient.pk):
            Recipient.objects.filter(pk=recipient.pk).update(told_with=said_in)


@transaction.atomic
def tell_latecomer(fiche: Fiche) -> None:
    """A fiche that joined an answered pain point receives its last answer, unless already told."""
    answered = PainPoint.objects.filter(memberships__segment__fiche=fiche, state__in=ANSWERED_STATES)
    for pain_point in answered.distinct():
        last = pain_point.answers.last()
        if last and not Recipient.objects.filter(answer=last, fiche=fiche).exists():
            tell(last, [fiche])


def waiting_to_be_told() -> QuerySet[Fiche]:
    """Fiches in an answered pain point that were not given its last answer: a doorbell that did not ring."""
    last = Answer.objects.filter(pain_point=OuterRef("pain_point")).order_by("-pk").values("pk")[:1]
    held = Membership.objects.filter(segment__fiche=OuterRef("pk"), pain_point__state__in=ANSWERED_STATES)
    told = Recipient.objects.filter(answer=OuterRef("last"), fiche=OuterRef("segment__fiche"))
    untold = held.annotate(last=last).filter(last__isnull=False).exclude(Exists(told))
    return Fiche.objects.exclude(state=FicheState.DISMISSED).filter(Exists(untold))


@transaction.atomic
def ask(answer: Answer) -> int:
    """« Est-ce réglé ? », asked to each fiche that wished an answer, in one letter a person; how many fiches."""
    fiches = Fiche.objects.filter(answers_received__answer=answer, wants_answer=True)
    asked = [FollowUp(answer=answer, fiche=fiche) for fiche in fiches.exclude(state=FicheState.DISMISSED)]
    lock_fiches([one.fiche_id for one in asked])
    FollowUp.objects.bulk_create(asked, ignore_conflicts=True)
    for follow_up in answer.follow_ups.select_related("fiche__original"):
        _promise(FOLLOW_UP, follow_up.pk, campaign=f"follow_up:{answer.pk}", fiche=follow_up.fiche)
    return len(asked)


def alert(follow_up: FollowUp, members: Iterable[User]) -> None:
    """Tell those who answer for the service that a person said « non ». Once for each answer, not for each « non ».

    In the language of the site: that of the request is the language of whom they write about.
    """
    for member in members:
        promise(
            REOPENED,
            key=follow_up.pk,
            campaign=f"reopened:{follow_up.answer_id}",
            recipient=member.email,
            address=member.email,
            language=settings.LANGUAGE_CODE,
        )


def tell_surge(alert: SurgeAlert, members: Iterable[User]) -> int:
    """Tell those who answer for the service that people write about it more than usual; how many. Once an alert."""
    promised = [
        promise(
            SURGE,
            key=alert.pk,
            campaign=f"surge:{alert.pk}",
            recipient=member.email,
            address=member.email,
            language=settings.LANGUAGE_CODE,
        )
        for member in members
    ]
    return sum(letter is not None for letter in promised)


def raise_alert(case: DocumentCase, members: Iterable[User]) -> None:
    """Tell those who answer for a service that a document is asked again: once for each pain point and document."""
    for member in members:
        promise(
            RAISED,
            key=case.pk,
            campaign=f"radar:{case.pain_point_id}:{case.document_id}",
            recipient=member.email,
            address=member.email,
            language=settings.LANGUAGE_CODE,
        )


def reach_of(fiches: QuerySet[Fiche]) -> Reach:
    """Whom an answer to these fiches would reach."""
    found = list(fiches.select_related("original").only("pk", "wants_answer", "original"))
    ways = [way for fiche in found if (way := _way_to(fiche))]
    papers = sum(channel == Channel.PRINT for channel, _ in ways)
    addresses = {address.strip().lower() for channel, address in ways if channel != Channel.PRINT}
    return Reach(fiches=len(found), messages=len(addresses), papers=papers, pages=len(found) - len(ways))


def _promise(kind: str, key: int, *, campaign: str, fiche: Fiche) -> int | None:
    """By e-mail, by text message, or on paper: the way the person left; the key of their letter of this campaign.

    None for who left no way, or chose not to receive such letters.
    """
    way = _way_to(fiche)
    if way is None:
        return None
    channel, address = way
    recipient = f"fiche:{fiche.pk}" if channel == Channel.PRINT else address
    letter = promise(
        kind,
        key=key,
        campaign=campaign,
        recipient=recipient,
        channel=channel,
        address=address,
        is_mass=True,
        language=fiche.language,
    )
    theirs = Letter.objects.filter(campaign=campaign, recipient_key=recipient_key(recipient))
    return letter.key if letter else theirs.values_list("key", flat=True).first()


def _way_to(fiche: Fiche) -> tuple[Channel, str] | None:
    if not fiche.wants_answer:
        return None
    return next(((channel, address) for channel, address in _ways(fiche.original) if address), None)


def _ways(original: Original) -> Iterator[tuple[Channel, str]]:
    yield Channel.EMAIL, original.contact_email
    yield Channel.SMS, original.contact_phone
    yield Channel.PRINT, original.postal_name
