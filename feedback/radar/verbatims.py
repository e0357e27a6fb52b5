"""People's words about one document at one service, with the pain points that hold them."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

import clustering
from accounts.models import User
from directory.models import Service, SupportingDocument
from feedback import policies
from feedback.board.passages import Passage
from feedback.models import DocumentMention, PainPoint
from feedback.radar.reading import gazetteer

A_PAGE = 10


@dataclass(frozen=True)
class Said:
    """A passage, and whether it says that the document is asked again."""

    passage: Passage
    asked_again: bool


def said_about(mentions: QuerySet[DocumentMention], user: User, *, page: int) -> list[Said]:
    """One page of the passages of these mentions, those that say « again » first, the newest first."""
    may_read = Exists(policies.fiches_to_read(user).filter(pk=OuterRef("fiche")))
    rows = mentions.select_related("segment__fiche__service", "segment__fiche__office", "document")
    rows = rows.defer("segment__vector").annotate(may_read=may_read).order_by("-asked_again", "-fiche", "pk")
    start, words = (page - 1) * A_PAGE, gazetteer()
    return [
        Said(Passage(row.segment, at, _spans(row, words), row.may_read), row.asked_again)
        for at, row in enumerate(rows[start : start + A_PAGE], start=start + 1)
    ]


def _spans(mention: DocumentMention, words) -> list[tuple[int, int]]:
    found = clustering.documents(mention.segment.text, gazetteer=words)
    return [(one.start, one.end) for one in found if one.document == mention.document.key]


def pain_points_about(document: SupportingDocument, services: QuerySet[Service], user: User) -> QuerySet[PainPoint]:
    """Those that this person sees and that hold passages naming the document at these services: ``named`` of them."""
    named = DocumentMention.objects.filter(document=document, fiche__service__in=services).values("segment")
    held = policies.pain_points_to_see(user).living().filter(memberships__segment__in=named)
    return held.annotate(named=Count("memberships", distinct=True)).order_by("-named", "number")
