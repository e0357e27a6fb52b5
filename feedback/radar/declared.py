"""What a service says that it asks for, beside what people tell: three lists."""

from dataclasses import dataclass

from django.db.models import QuerySet

from directory.models import Service, SupportingDocument
from feedback.models import DocumentMention
from feedback.radar.matrix import Cell, counted

TOLD_AT_LEAST = 2  # fiches: one person may speak of a paper that nobody asks for


@dataclass(frozen=True)
class Compared:
    """Documents that a service declares, and that people name: both, told only, declared only."""

    both: list[Cell]
    told_only: list[Cell]
    declared_only: list[SupportingDocument]


def compared(service: Service, mentions: QuerySet[DocumentMention]) -> Compared:
    """The three lists of one service; what its own administration issues is no paper that it asks for."""
    declared = list(service.required_documents.select_related("issuer"))
    keys = {document.pk for document in declared}
    told_here = counted(mentions.filter(fiche__service=service), service=service)
    cells = sorted(told_here, key=lambda cell: (-cell.fiches, cell.document.name))
    told = {cell.document.pk for cell in cells}
    return Compared(
        both=[cell for cell in cells if cell.document.pk in keys],
        told_only=[
            cell
            for cell in cells
            if cell.document.pk not in keys and cell.fiches >= TOLD_AT_LEAST and not cell.issues_it
        ],
        declared_only=[document for document in declared if document.pk not in told],
    )
