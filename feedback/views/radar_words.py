"""The sentences of the pages about documents, and the rows of their table."""

from dataclasses import dataclass
from hashlib import blake2b

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import SupportingDocument
from feedback import policies
from feedback.radar.matrix import Cell, Matrix


def administrations() -> list[tuple[str, str]]:
    """The choices of the filter, by name."""
    found = {str(one.administration_id): one.administration.name for one in policies.services_to_read()}
    return sorted(found.items(), key=lambda pair: pair[1])


def summary(table: Matrix) -> str:
    """The figure first: how often a document is named, and how often it is asked again."""
    named = ngettext(
        "%(count)s time, a fiche names a document.", "%(count)s times, a fiche names a document.", table.fiches
    )
    again = ngettext(
        "%(count)s time, it says that it is asked again.",
        "%(count)s times, it says that it is asked again.",
        table.again,
    )
    return f"{_counted(named, table.fiches)} {_counted(again, table.again)}"


def _counted(words: str, count: int) -> str:
    return words % {"count": number_format(count, force_grouping=True)}


@dataclass(frozen=True)
class ShownCell:
    """A cell with its words and address made beforehand: a page may hold six hundred."""

    url: str
    service: str
    fiches: int
    again: str
    is_elsewhere: bool
    is_issuer: bool


@dataclass(frozen=True)
class ShownRow:
    url: str
    name: str
    issuer: str
    fiches: int
    again: str
    cells: list[ShownCell | None]


def shown_rows(table: Matrix, *, query: str) -> list[ShownRow]:
    """The rows of the table, ready to be written."""
    suffix = f"?{query}" if query else ""
    said = {0: ""}

    def again(count: int) -> str:
        if count not in said:
            said[count] = ngettext("%(n)s again", "%(n)s again", count) % {"n": count}
        return said[count]

    def cell(one: Cell, row_url: str) -> ShownCell:
        elsewhere = one.is_elsewhere and one.again > 0
        url = f"{row_url}chez/{one.service.slug}/{suffix}"
        return ShownCell(url, one.service.name, one.fiches, again(one.again), elsewhere, one.issues_it)

    rows = []
    for row in table.rows:
        url = f"{row.document.key}/"  # from the page of the table: six hundred addresses without what they share
        cells = [cell(one, url) if one else None for one in row.cells]
        document = row.document
        rows.append(ShownRow(url, document.name, document.issuer_name, row.fiches, again(row.again), cells))
    return rows


def issuer_line(document: SupportingDocument) -> str:
    """Who issues it; empty when nobody said."""
    if not document.issuer_name:
        return ""
    said = {"issuer": document.issuer_name, "service": document.issuing_service}
    if document.issuing_service:
        return _("Issued by: %(issuer)s (%(service)s).") % said
    return _("Issued by: %(issuer)s.") % said


def version_of(table: Matrix) -> str:
    """Another one as soon as a figure, a name or the order of the table is another."""
    names = [(one.pk, one.name, one.slug, one.administration_id) for one in table.services]
    rows = [
        (
            row.document.key,
            row.document.name,
            row.document.issuer_name,
            [cell and (cell.fiches, cell.again, cell.role) for cell in row.cells],
        )
        for row in table.rows
    ]
    return blake2b(repr((names, rows)).encode(), digest_size=16).hexdigest()
