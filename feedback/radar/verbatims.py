"""People's words about one document at one service, with the pain points that hold them."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Window

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


def said_about(mentions: QuerySet[DocumentMention], *, page: int) -> tuple[list[Said], int]:
    """One page of the passages of these mentions, all of fiches that the reader may open: those that say « again »
    first, the newest first; and how many there are in all (0 past the end)."""
    rows = mentions.select_related("segment__fiche__service", "segment__fiche__office", "document")
    rows = rows.defer("segment__vector").annotate(total=Window(Count("*")))
    start = (page - 1) * A_PAGE
    found = list(rows.order_by("-asked_again", "-fiche", "pk")[start : start + A_PAGE])
    words = gazetteer() if found else ()
    said = [
        Said(Passage(row.segment, at, _spans(row, words), may_read=True), row.asked_again)
        for at, row in enumerate(found, start=start + 1)
    ]
    return said, found[0].total if found else 0


def _spans(mention: DocumentMention, words) -> list[tuple[int, int]]:
    found = clustering.documents(mention.segment.text, gazetteer=words)
    return [(one.start, one.end) for one in found if one.document == mention.document.key]


def pain_points_about(document: SupportingDocument, services: QuerySet[Service], user: User) -> QuerySet[PainPoint]:
    """Those that this person sees and that hold passages naming the document at these services: ``named`` of them."""
    named = DocumentMention.objects.filter(document=document, fiche__service__in=services).values("segment")
    held = policies.pain_points_to_see(user).living().filter(memberships__segment__in=named)
    return held.annotate(named=Count("memberships", distinct=True)).order_by("-named", "number")
