"""What the administration decided, told to those who proposed and to those who agreed: one letter each.

The outbox holds keys only: words are put together when the letter leaves.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.choices import Opinion
from consult.models import Decision, Participant, Proposition, Told, Vote
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates

DECISIONS = "consult.decisions"
AT_ONCE = 200  # letters promised in one transaction
SUPPORTED_NAMED = 10  # propositions one agreed with that the letter names; the results page has them all


def people_to_tell(propositions: Iterable[int]) -> QuerySet[Participant]:
    """Who proposed these, or agreed with them, or did so with one that was merged into them, and can be reached."""
    decided = Proposition.objects.filter(Q(pk__in=list(propositions)) | Q(merged_into__in=list(propositions)))
    authors = decided.filter(is_shown=True).order_by().values("author")
    agreed = Vote.objects.filter(proposition__in=decided.order_by().values("pk"), opinion=Opinion.AGREE)
    concerned = Participant.objects.filter(Q(pk__in=authors) | Q(pk__in=agreed.values("participant")))
    reachable = Q(user__is_active=True) | Q(user=None, confirmed_at__isnull=False) & ~Q(email="")
    return concerned.filter(reachable, erased_at=None)


def tell(publication: int) -> int:
    """Promise the letters of a publication that are not promised yet; how many. Twice at once tells nobody twice."""
    promised = 0
    while count := _tell_some(publication):
        promised += count
    return promised


@transaction.atomic
def _tell_some(publication: int) -> int:
    waiting = Told.objects.select_for_update(of=("self",), skip_locked=True).select_related("participant__user")
    some = list(waiting.filter(publication=publication, is_promised=False).order_by("pk")[:AT_ONCE])
    for told in some:
        person = told.participant
        address = person.user.email if person.user else person.email
        if address:
            promise(
                DECISIONS,
                key=told.pk,
                campaign=f"{DECISIONS}:{publication}",
                recipient=address,
                address=address,
                is_mass=True,
                language=settings.LANGUAGE_CODE,
            )
    Told.objects.filter(pk__in=[told.pk for told in some]).update(is_promised=True)
    return len(some)


def publications_to_tell() -> list[int]:
    """Those of which somebody was not told yet: a doorbell that did not ring."""
    return list(Told.objects.filter(is_promised=False).values_list("publication", flat=True).distinct())


def render_decisions(letter: Letter) -> Message:
    """What was decided of what this person wrote, then of what they agreed with."""
    told = Told.objects.select_related("publication__consultation__page", "participant").get(pk=letter.key)
    consultation = told.publication.consultation
    mine, agreed = _decisions_for(told)
    context = {
        "page": consultation.page,
        "mine": [_said(one) for one in mine],
        "agreed": [_said(one) for one in agreed[:SUPPORTED_NAMED]],
        "more": max(0, len(agreed) - SUPPORTED_NAMED),
        "link": settings.BASE_URL + reverse("consult:results", args=[consultation.page.slug]),
    }
    if len(mine) == 1:
        subject = _("What was decided about your proposition #%(number)d") % {"number": mine[0].proposition.number}
    elif mine:
        subject = _("What was decided about your propositions")
    else:
        subject = _("What was decided about the propositions you supported")
    return from_templates("consult_decisions", subject=subject, context=context)


def _decisions_for(told: Told) -> tuple[list[Decision], list[Decision]]:
    """Those of the publication that are about this person's own propositions, then those about what they supported."""
    person = told.participant_id
    rows = Decision.objects.filter(publication=told.publication_id, proposition__is_shown=True).select_related(
        "proposition__consultation__page", "service", "corrects"
    )
    theirs = Proposition.objects.filter(author=person)
    mine = rows.filter(
        Q(proposition__author=person) | Q(proposition__in=theirs.exclude(merged_into=None).values("merged_into"))
    )
    voted = Vote.objects.filter(participant=person, opinion=Opinion.AGREE)
    agreed = rows.filter(
        Q(proposition__in=voted.values("proposition"))
        | Q(proposition__in=voted.exclude(proposition__merged_into=None).values("proposition__merged_into"))
    ).exclude(pk__in=mine.values("pk"))
    return list(mine.order_by("proposition__number")), list(agreed.order_by("proposition__number"))


def _said(decision: Decision) -> dict[str, Any]:
    proposition = decision.proposition
    return {
        "decision": decision,
        "proposition": proposition,
        "link": settings.BASE_URL + proposition.get_absolute_url(),
        "speaker": decision.service or proposition.consultation.page.administration or "",
    }


RENDERERS = {DECISIONS: render_decisions}
