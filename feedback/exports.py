"""What owners take away as tables: the pain points of a board, the masked passages of one. Never words as typed.

Rows are read while they are sent, in one query however many they are, from querysets that a policy gave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import spreadsheets
from accounts.models import User
from feedback import policies
from feedback.board.passages import ORDERS
from feedback.board.rows import with_due_on, with_names, with_recent
from feedback.choices import Effort, IntakeChannel, PainPointState, Source
from feedback.figures import FEW
from feedback.models import PainPoint, Segment, Theme, Verbatim
from feedback.radar.matrix import Matrix
from feedback.radar.published import AskedAgain

AT_ONCE = 500  # rows read at a time
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads accents as two letters each


@dataclass(frozen=True)
class Table:
    """Names of columns, and rows read as they are asked for; every word is already in the reader's language."""

    header: list[str]
    rows: Iterator[list[Any]]

    def lines(self, *, separator: str) -> Iterator[str]:
        """CSV in which no cell is a formula, a row at a time."""
        yield BYTE_ORDER_MARK
        yield from spreadsheets.lines(self.header, self.rows, separator=separator)


def table_of_pain_points(pain_points: QuerySet[PainPoint]) -> Table:
    """One row a pain point, in the order given."""
    header = [
        pgettext("export", "Number"),
        _("Title"),
        _("State"),
        pgettext("column", "Fiches"),
        _("Fiches of the last 7 days"),
        _("First fiche"),
        _("Last fiche"),
        _("Answer expected"),
        _("Planned for"),
        _("Service in charge"),
        _("Services touched"),
        _("Documents asked"),
        _("Key phrases"),
        pgettext("column", "Followed by"),
        _("Effort"),
        _("Impact"),
        _("Public"),
        _("Theme"),
    ]
    exported = PainPoint.objects.filter(pk__in=pain_points.order_by().values("pk"))
    theme = Theme.objects.labelled(exported).filter(pk=OuterRef("theme")).values("label")
    named = with_names(pain_points).annotate(theme_label=Coalesce(Subquery(theme), Value("")))
    return Table(header, _pain_point_rows(with_recent(with_due_on(named)), _labels()))


def table_of_passages(pain_point: PainPoint, user: User, *, order: str) -> Table:
    """One row a passage, masked. The fiche is named to those who may read it."""
    header = [
        _("Passage"),
        pgettext("column", "Fiche"),
        _("Received on"),
        _("Service"),
        _("Office"),
        _("Channel"),
        _("Joined"),
        _("Quoted in public"),
    ]
    quoted = Exists(Verbatim.objects.filter(pain_point=pain_point, segment=OuterRef("pk")))
    may_read = Exists(policies.fiches_to_read(user).filter(pk=OuterRef("fiche")))
    passages = policies.passages_to_read(pain_point, user).select_related(
        "fiche__service", "fiche__office", "membership"
    )
    shown = passages.defer("vector").annotate(is_quoted=quoted, may_read=may_read).order_by(*ORDERS[order])
    return Table(header, _passage_rows(shown, _labels()))


def table_of_documents(matrix: Matrix) -> Table:
    """One row for each document and service that people name together."""
    header = [
        pgettext("supporting", "Document"),
        _("Issued by"),
        _("Service"),
        _("Administration"),
        pgettext("column", "Fiches"),
        _("of which asked again"),
        _("Issued by another public administration"),
    ]
    words = _labels()
    rows = (
        [
            row.document.name,
            row.document.issuer_name,
            cell.service.name,
            cell.service.administration.name,
            cell.fiches,
            cell.again,
            words[cell.is_elsewhere],
        ]
        for row in matrix.rows
        for cell in row.told
    )
    return Table(header, rows)


def table_of_asked_again(found: Sequence[AskedAgain], *, on: date) -> Table:
    """Open data: one row for each document and service that asks for it again, under the names that the API gives.

    ``fiches_asked_again`` is empty under five, and ``fewer_than_5`` says so.
    """
    header = ["document", "document_name", "issuer", "service", "service_name", "administration"]
    header += ["fiches_asked_again", "fewer_than_5", "pain_points", "counted_on"]
    rows = (
        [
            one.document.key,
            one.document.name,
            one.document.issuer_name,
            cell.service.slug,
            cell.service.name,
            cell.service.administration.name,
            cell.again if cell.again >= FEW else None,
            int(cell.again < FEW),
            " ".join(str(said.pain_point.number) for said in one.said),
            on,
        ]
        for one in found
        for cell in one.cells
    )
    return Table(header, rows)


def _labels() -> dict[Any, str]:
    """The words of every choice, now: rows are written later, when no language is set any more."""
    choices = (PainPointState, IntakeChannel, Source)
    words: dict[Any, str] = {(kind, value): str(label) for kind in choices for value, label in kind.choices}
    words |= {(Effort, value): str(label) for value, label in Effort.choices}
    return words | {True: str(pgettext("cell", "yes")), False: str(pgettext("cell", "no")), (Effort, None): ""}


def _pain_point_rows(pain_points: QuerySet[PainPoint], words: dict[Any, str]) -> Iterator[list[Any]]:
    for one in pain_points.iterator(chunk_size=AT_ONCE):
        is_waiting = one.state in (PainPointState.SUGGESTED, PainPointState.CONFIRMED)
        yield [
            one.number,
            one.title,
            words[PainPointState, one.state],
            one.fiche_count,
            one.recent,
            one.first_on,
            one.last_on,
            one.due_on if is_waiting else None,
            one.planned_for,
            one.service.name,
            ", ".join(one.service_names),
            ", ".join(one.document_names),
            ", ".join(one.keyphrases),
            str(one.assigned_to or ""),
            words[Effort, one.effort],
            words[Effort, one.impact],
            words[one.is_public],
            one.theme_label,
        ]


def _passage_rows(passages: QuerySet[Segment], words: dict[Any, str]) -> Iterator[list[Any]]:
    for passage in passages.iterator(chunk_size=AT_ONCE):
        fiche = passage.fiche
        yield [
            passage.text,
            fiche.reference if passage.may_read else "",
            fiche.received_on,
            str(fiche.service or ""),
            str(fiche.office or ""),
            words[IntakeChannel, fiche.channel],
            words[Source, passage.membership.source],
            words[passage.is_quoted],
        ]
