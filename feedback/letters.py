"""What the room writes to people. Promising here, rendering by the worker; a letter is said once to each person."""

from collections.abc import Iterable

from feedback.choices import ANSWERED_STATES
from feedback.models import Answer, Fiche, Original, Recipient
from letters.actions import promise
from letters.choices import Channel

ANSWER = "feedback.answer"


def tell_latecomer(fiche: Fiche) -> None:
    """A fiche that joined an answered pain point receives its last answer, unless already told."""
    answered = Answer.objects.filter(
        pain_point__memberships__segment__fiche=fiche, pain_point__state__in=ANSWERED_STATES
    ).order_by("pain_point", "-pk")
    for answer in answered.distinct("pain_point"):
        tell(answer, [fiche])


def tell(answer: Answer, fiches: Iterable[Fiche]) -> None:
    """Give this answer to these fiches: each shows it, and each author who wished one is promised a letter."""
    keys = [fiche.pk for fiche in fiches]
    Recipient.objects.bulk_create([Recipient(answer=answer, fiche_id=key) for key in keys], ignore_conflicts=True)
    told = Recipient.objects.filter(answer=answer, fiche__in=keys, fiche__wants_answer=True)
    originals = {original.fiche_id: original for original in Original.objects.filter(fiche__in=keys)}
    for recipient in told.select_related("fiche"):
        _promise(recipient, originals[recipient.fiche_id])


def _promise(recipient: Recipient, original: Original) -> None:
    """By e-mail, by text message, or on paper: the way the person asked for. Nothing for who left no way."""
    ways = (
        (Channel.EMAIL, original.contact_email),
        (Channel.SMS, original.contact_phone),
        (Channel.PRINT, original.postal_name),
    )
    way = next(((channel, address) for channel, address in ways if address), None)
    if way is None:
        return
    channel, address = way
    promise(
        ANSWER,
        key=recipient.pk,
        campaign=f"answer:{recipient.answer_id}",
        recipient=f"fiche:{recipient.fiche_id}" if channel == Channel.PRINT else address,
        channel=channel,
        address=address,
        is_mass=True,
        language=recipient.fiche.language,
    )
