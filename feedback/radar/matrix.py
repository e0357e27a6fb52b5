"""The table of documents by services: how many fiches name each, and how many say it is asked again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from directory.models import Service, SupportingDocument
from feedback.models import DocumentMention

ORDERS = ("again", "fiches", "name")


class Role(StrEnum):
    """What the service of a cell is to the document of its row."""

    ISSUES = "issues"  # its administration issues it
    ELSEWHERE = "elsewhere"  # another administration of this site issues it
    ASKS = "asks"  # nobody here issues it


@dataclass(frozen=True)
class Cell:
    """``fiches`` name the document at this service; ``again`` of them say that it is asked again."""

    document: SupportingDocument
    service: Service
    fiches: int
    again: int

    @property
    def role(self) -> Role:
        issuer = self.document.issuer_id
        if issuer is None:
            return Role.ASKS
        return Role.ISSUES if issuer == self.service.administration_id else Role.ELSEWHERE

    @property
    def is_elsewhere(self) -> bool:
        return self.role == Role.ELSEWHERE

    @property
    def issues_it(self) -> bool:
        return self.role == Role.ISSUES


@dataclass(frozen=True)
class Row:
    """One document: a cell for each column, None where nobody names it."""

    document: SupportingDocument
    cells: list[Cell | None]

    @cached_property
    def told(self) -> list[Cell]:
        """The cells that hold something, the fullest first."""
        return sorted(filter(None, self.cells), key=lambda cell: (-cell.again, -cell.fiches, cell.service.name))

    @property
    def fiches(self) -> int:
        return sum(cell.fiches for cell in self.told)

    @property
    def again(self) -> int:
        return sum(cell.again for cell in self.told)


@dataclass(frozen=True)
class Matrix:
    """Columns by number of fiches; rows as asked for. A fiche counts once in each document that it names."""

    services: list[Service]
    rows: list[Row]

    @property
    def totals(self) -> list[int]:
        """Documents named, by column."""
        columns = zip(*[row.cells for row in self.rows], strict=True)
        return [sum(cell.fiches for cell in column if cell) for column in columns]

    @property
    def fiches(self) -> int:
        return sum(row.fiches for row in self.rows)

    @property
    def again(self) -> int:
        return sum(row.again for row in self.rows)

    def elsewhere(self, most: int) -> list[Cell]:
        """Where people are asked again for what another administration issues: the fullest cell of each document."""
        firsts = (next((cell for cell in row.told if cell.is_elsewhere and cell.again), None) for row in self.rows)
        cells = [cell for cell in firsts if cell is not None]
        return sorted(cells, key=lambda cell: (-cell.again, -cell.fiches, cell.document.name, cell.service.name))[:most]


def counted(
    mentions: QuerySet[DocumentMention], *, document: SupportingDocument | None = None, service: Service | None = None
) -> list[Cell]:
    """The cells of these mentions, in three queries however many they are; a ``document`` or a ``service`` that all of
    them are known to be about costs one less."""
    rows = list(
        mentions.order_by()
        .values_list("document", "fiche__service")
        .annotate(fiches=Count("pk"), again=Count("pk", filter=Q(asked_again=True)))
    )
    documents = {document.pk: document} if document else _documents({row[0] for row in rows})
    services = {service.pk: service} if service else _services({row[1] for row in rows})
    return [Cell(documents[document], services[service], n, again) for document, service, n, again in rows]


def _documents(keys: set[int]) -> dict[int, SupportingDocument]:
    return SupportingDocument.objects.select_related("issuer").in_bulk(keys)


def _services(keys: set[int]) -> dict[int, Service]:
    return Service.objects.select_related("administration").in_bulk(keys)


def table(cells: Iterable[Cell], *, order: str = "again") -> Matrix:
    """The matrix of these cells. ``order`` of the rows is one of ``ORDERS``."""
    by_place = {(cell.document.pk, cell.service.pk): cell for cell in cells}
    services = _columns(by_place.values())
    documents = {cell.document.pk: cell.document for cell in by_place.values()}.values()
    rows = [Row(one, [by_place.get((one.pk, service.pk)) for service in services]) for one in documents]
    return Matrix(services, _ordered(rows, order))


def _columns(cells: Iterable[Cell]) -> list[Service]:
    fiches: dict[Service, int] = {}
    for cell in cells:
        fiches[cell.service] = fiches.get(cell.service, 0) + cell.fiches
    return sorted(fiches, key=lambda service: (-fiches[service], service.name))


def _ordered(rows: Sequence[Row], order: str) -> list[Row]:
    if order == "name":
        return sorted(rows, key=lambda row: row.document.name)
    if order == "fiches":
        return sorted(rows, key=lambda row: (-row.fiches, row.document.name))
    return sorted(rows, key=lambda row: (-row.again, -row.fiches, row.document.name))
