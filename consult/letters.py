"""What the administration decided, told to those who proposed and agreed; what is new, to those who follow.

The outbox holds keys only: words are put together when the letter leaves.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consult import digests, meeting_letters, policies, taken_out
from consult.choices import Opinion, PropositionState, Side
from consult.drawing_lots import letters as panel_letters
from consult.models import Decision, Digest, Participant, Proposition, Told, Vote
from letters.actions import promise
from letters.choices import Frequency
from letters.models import Letter
from letters.renderers import Message, NothingLeft, from_templates
from letters.topics import Topic
from pages.dates import long_moment

DECISIONS = "consult.decisions"
EXCERPT = 200  # characters of an argument that a digest quotes
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


def render_digest(letter: Letter) -> Message:
    """Everything new in what this person follows. Raises ``NothingLeft`` when it was all hidden meanwhile."""
    digest = Digest.objects.get(pk=letter.key)
    chapters = digests.read(digest)
    if not chapters:
        raise NothingLeft
    names = [chapter.consultation.page.title for chapter in chapters]
    subject = ngettext("New in “%(name)s”", "New in what you follow: %(n)d consultations", len(names))
    context = {
        "since": digest.since,
        "chapters": [_chapter(one) for one in chapters],
        "settings_url": settings.BASE_URL + reverse("consult:follows"),
    }
    named = {"name": names[0], "n": len(names)}
    return from_templates("consult_digest", subject=subject % named, context=context, has_html=True)


def _chapter(one: digests.Chapter) -> dict[str, Any]:
    page = one.consultation.page
    with timezone.override(page.zone):
        return {
            "title": page.title,
            "url": settings.BASE_URL + reverse("consult:consultation", args=[page.slug]),
            "lines": _lines(one),
            "propositions": [_named(found) for found in one.propositions[: digests.LISTED]],
            "more": max(0, len(one.propositions) - digests.LISTED),
            "followed": [_followed(about) for about in one.followed],
        }


def _lines(one: digests.Chapter) -> list[str]:
    """What concerns the whole consultation, a sentence each."""
    said = [
        _("The phase “%(phase)s” is open until %(moment)s.") % {"phase": phase, "moment": long_moment(phase.closes_at)}
        for phase in one.phases
    ]
    if one.moves:
        said.append(_("Dates have moved: see the rules of the consultation."))
    if one.decisions:
        many = ngettext("%(n)d decision is published.", "%(n)d decisions are published.", one.decisions)
        said.append(many % {"n": one.decisions})
    if one.arguments:
        many = ngettext("%(n)d new argument.", "%(n)d new arguments.", one.arguments)
        said.append(many % {"n": one.arguments})
    if found := len(one.propositions):
        many = ngettext("%(n)d new proposition:", "%(n)d new propositions:", found)
        said.append(many % {"n": found})
    return said


def _named(proposition: Proposition) -> dict[str, Any]:
    return {
        "number": proposition.number,
        "title": proposition.title,
        "url": settings.BASE_URL + proposition.get_absolute_url(),
    }


def _followed(about: digests.About) -> dict[str, Any]:
    said = [_("Decision: %(verdict)s.") % {"verdict": one.get_verdict_display()} for one in about.decisions]
    if about.became == PropositionState.WITHDRAWN:
        said.append(_("Its author withdrew it."))
    if about.became == PropositionState.MERGED and about.proposition.merged_into:
        said.append(_("It was merged into proposition #%(number)d.") % {"number": about.proposition.merged_into.number})
    said += [_("A new version: %(reason)s") % {"reason": one.reason or _("without a word")} for one in about.versions]
    sides = [sum(one.side == side for one in about.arguments) for side in (Side.FOR, Side.AGAINST)]
    if any(sides):
        said.append(_("New arguments: %(for)d for, %(against)d against.") % {"for": sides[0], "against": sides[1]})
    if about.replies:
        said.append(
            ngettext("%(n)d answer to an argument.", "%(n)d answers to arguments.", about.replies)
            % {"n": about.replies}
        )
    quoted = [
        {"side": one.get_side_display(), "text": Truncator(" ".join(one.text.split())).chars(EXCERPT)}
        for one in about.arguments[: digests.QUOTED]
    ]
    return {**_named(about.proposition), "lines": said, "quoted": quoted}


RENDERERS = {DECISIONS: render_decisions, digests.DIGEST: render_digest}
TOPICS = (
    Topic(
        "consult.follow_up",
        gettext_lazy("The follow-up that you promised"),
        gettext_lazy("Always sent to editors: the day by which a consultation says what became of contributions."),
        ("consult.follow_up",),
        concerns=policies.may_decide,
    ),
    taken_out.TOPIC,
    Topic(
        "consult.decisions",
        gettext_lazy("What was decided about your propositions"),
        gettext_lazy("One letter when decisions are published about what you proposed or supported."),
        (DECISIONS, "consult.news", "consult.merge_supporters"),
        choices=(Frequency.AT_ONCE, Frequency.NEVER),
    ),
    digests.TOPIC,
    meeting_letters.TOPIC,
    panel_letters.TOPIC,
    Topic(
        "consult.address",
        gettext_lazy("Taking part without an account"),
        gettext_lazy("Always sent: the link that confirms your address, and publishes what you wrote."),
        ("consult.confirm",),
    ),
)
