"""Asking those who agreed with propositions about to be merged: who they are, the letter, and the link it holds."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from consult import recipients
from consult.choices import MergeState, Opinion
from consult.models import Merge, MergeVoice, Vote
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates

SUPPORTERS = "consult.merge_supporters"
AT_ONCE = 200  # letters promised in one transaction


def add_voices(merge: Merge) -> int:
    """A voice for each person who agrees with one of them and can be reached; how many there are in all."""
    keys = [*merge.sources.values_list("pk", flat=True), *([merge.into_id] if merge.into_id else [])]
    agreed = Vote.objects.filter(proposition__in=keys, opinion=Opinion.AGREE)
    reached = recipients.reachable().filter(pk__in=agreed.values("participant")).values_list("pk", flat=True)
    rows = (MergeVoice(merge=merge, participant_id=key) for key in reached)
    MergeVoice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return MergeVoice.objects.filter(merge=merge).count()


def tell(merge: int) -> int:
    """Promise the letters that are not promised yet; how many. Twice at once asks nobody twice."""
    promised = 0
    while count := _tell_some(merge):
        promised += count
    return promised


@transaction.atomic
def _tell_some(merge: int) -> int:
    waiting = MergeVoice.objects.select_for_update(of=("self",), skip_locked=True).select_related("participant__user")
    some = list(waiting.filter(merge=merge, is_promised=False).order_by("pk")[:AT_ONCE])
    for voice in some:
        if address := recipients.address_of(voice.participant):
            promise(
                SUPPORTERS,
                key=voice.pk,
                campaign=f"{SUPPORTERS}:{merge}",
                recipient=address,
                address=address,
                is_mass=True,
                language=settings.LANGUAGE_CODE,
            )
    MergeVoice.objects.filter(pk__in=[voice.pk for voice in some]).update(is_promised=True)
    return len(some)


def merges_to_ask() -> list[int]:
    """Those of which somebody was not asked yet: a doorbell that did not ring."""
    late = MergeVoice.objects.filter(is_promised=False, merge__state__in=[MergeState.ASKED, MergeState.DONE])
    return list(late.order_by().values_list("merge", flat=True).distinct())


def path(voice: MergeVoice) -> str:
    """The page where this person answers, without signing in."""
    return reverse("consult:merge_voice", args=[_signer().sign(str(voice.pk))])


def voice_of(token: str) -> int | None:
    """The key that this token opens; None when it was altered or has another purpose."""
    try:
        return int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    # A purpose of its own: no other signed value opens this page.
    return Signer(sep=".", salt="consult.merge_voice")


def render(letter: Letter) -> Message:
    """What would be merged, and a link to say yes or no."""
    rows = MergeVoice.objects.select_related("merge__into", "merge__consultation__page")
    voice = rows.get(pk=letter.key)
    merge = voice.merge
    context = {
        "page": merge.consultation.page,
        "merge": merge,
        "sources": list(merge.sources.order_by("number")),
        "into": merge.into,
        "is_done": merge.state == MergeState.DONE,
        "link": settings.BASE_URL + path(voice),
    }
    return from_templates(
        "consult_merge_supporters", subject=_("Two propositions become one: do you agree?"), context=context
    )
