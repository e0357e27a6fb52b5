"""Which documents asked again deserve a pain point: several services, or one that asks for what another issues."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from directory.models import Service, SupportingDocument
from feedback import policies
from feedback.models import DocumentCase, DocumentMention, PainPoint, Segment
from feedback.radar.matrix import Cell, counted

ENOUGH = 5  # different fiches that say « again »


@dataclass(frozen=True)
class Deserving:
    """One document and the services that ask for it again, the most told first; never raised so far."""

    document: SupportingDocument
    cells: list[Cell]

    @property
    def fiches(self) -> int:
        return sum(cell.again for cell in self.cells)

    @property
    def is_enough(self) -> bool:
        """Enough fiches of several services, or of one that asks for what another administration issues."""
        several = len(self.cells) > 1 or any(cell.is_elsewhere for cell in self.cells)
        return several and self.fiches >= ENOUGH


def deserving(mentions: QuerySet[DocumentMention]) -> list[Deserving]:
    """What nobody raised so far, by document, the most told first."""
    raised = set(DocumentCase.objects.values_list("document", "service"))
    by_document: dict[SupportingDocument, list[Cell]] = {}
    for cell in counted(mentions.filter(asked_again=True)):
        by_document.setdefault(cell.document, []).append(cell)
    found = [
        waiting(cells, raised={key for number, key in raised if number == one.pk}) for one, cells in by_document.items()
    ]
    return sorted(filter(None, found), key=lambda one: (-one.fiches, one.document.name))


def waiting(cells: Sequence[Cell], *, raised: Collection[int]) -> Deserving | None:
    """What these cells, all of one document, leave to raise; ``raised``: the services for which it was."""
    left = [cell for cell in cells if cell.again and not cell.issues_it and cell.service.pk not in raised]
    return Deserving(left[0].document, _fullest_first(left)) if left else None


def _fullest_first(cells: Iterable[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (-cell.again, cell.service.name))


def passages_of(document: SupportingDocument, services: Iterable[Service]) -> list[Segment]:
    """The passages of these services that say the document is asked again, with what holds each."""
    again = DocumentMention.objects.filter(document=document, fiche__service__in=list(services), asked_again=True)
    passages = Segment.objects.filter(pk__in=again.values("segment")).select_related("fiche", "membership")
    return list(passages.defer("vector").order_by("pk"))


def holder_of(document: SupportingDocument, passages: Sequence[Segment]) -> PainPoint | None:
    """The living pain point that is already about it: raised before for another service, or holding half of these."""
    living = PainPoint.objects.living()
    before = living.filter(document_cases__document=document).order_by("number").first()
    if before is not None:
        return before
    held: dict[int, int] = {}
    for passage in passages:
        membership = getattr(passage, "membership", None)
        if membership is not None:
            held[membership.pain_point_id] = held.get(membership.pain_point_id, 0) + 1
    number, most = max(held.items(), key=lambda pair: (pair[1], -pair[0]), default=(None, 0))
    return living.filter(pk=number).first() if 2 * most >= len(passages) else None


def issuing_service_of(document: SupportingDocument) -> Service | None:
    """The service to speak to at the issuer's: the one named; else the only one that it has here."""
    if document.issuing_service or document.issuer is None:
        return document.issuing_service
    only = list(document.issuer.services.all()[:2])
    return only[0] if len(only) == 1 else None


def cases_of(document: SupportingDocument, user: User) -> QuerySet[DocumentCase]:
    """What was raised about it, with ``is_seen``: whether this person sees the pain point."""
    seen = Exists(policies.pain_points_to_see(user).filter(pk=OuterRef("pain_point")))
    found = DocumentCase.objects.filter(document=document).annotate(is_seen=seen)
    return found.select_related("service", "pain_point").order_by("pk")
