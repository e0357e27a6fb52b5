"""What people decide about documents asked again: raise a pain point, say what a service asks for, change a word."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from directory.models import Service, SupportingDocument
from feedback import exports, policies, tasks
from feedback.choices import PainPointState, Source
from feedback.counting import recount
from feedback.errors import NothingToRaise
from feedback.exports import Table
from feedback.grouping.placing import lock_grouping, settle
from feedback.letters.promising import raise_alert
from feedback.models import DocumentCase, Membership, PainPoint, Segment
from feedback.moves import lock_pain_points
from feedback.radar import cases, reading
from feedback.radar.cases import Deserving
from feedback.radar.matrix import Matrix
from journal.actions import record


@transaction.atomic
def raise_document(document: SupportingDocument, *, by: User | None) -> PainPoint:
    """A pain point about this document, in charge of the service that asks most, told to it and to the issuer, once.

    The passages that nothing holds join it. One that already holds half of them, or was raised for another service, is
    taken instead of a new one. Raises ``NothingToRaise`` when nobody asks again, or when all that do were raised.
    """
    lock_grouping()
    found = next((one for one in cases.deserving(policies.mentions_to_count()) if one.document == document), None)
    if found is None:
        raise NothingToRaise
    passages = cases.passages_of(document, [cell.service for cell in found.cells])
    pain_point = cases.holder_of(document, passages) or _new(found, by=by)
    lock_pain_points([pain_point.pk])
    _title(pain_point, found, about=len(passages))
    _hold([one for one in passages if getattr(one, "membership", None) is None], pain_point, by=by)
    raised = _write_cases(found, pain_point, by=by)
    recount([pain_point])
    transaction.on_commit(lambda: tasks.ring(tasks.describe, [pain_point.pk]))
    services = [cell.service.name for cell in found.cells]
    record("pain_point.raised", pain_point, by=by, document=document.name, services=services)
    _tell(raised, pain_point)
    return pain_point


def suggest() -> list[PainPoint]:
    """Raise, as suggestions, what enough people say and nobody raised. Done twice, nothing is raised twice."""
    waiting = [one.document for one in cases.deserving(policies.mentions_to_count()) if one.is_enough]
    return [raise_document(document, by=None) for document in waiting]


def _title_of(document: SupportingDocument) -> str:
    return (_("Asked again: %(document)s") % {"document": document.name})[:160]


def _title(pain_point: PainPoint, found: Deserving, *, about: int) -> None:
    """One that the machine named, and that is mostly about this document, says so."""
    if not pain_point.is_title_human and 2 * about > pain_point.memberships.count():
        pain_point.title, pain_point.is_title_human = _title_of(found.document), True
        pain_point.save(update_fields=["title", "is_title_human"])


def _new(found: Deserving, *, by: User | None) -> PainPoint:
    return PainPoint.objects.create(
        title=_title_of(found.document),
        is_title_human=True,
        service=found.cells[0].service,
        state=PainPointState.CONFIRMED if by else PainPointState.SUGGESTED,
    )


def _hold(free: Sequence[Segment], pain_point: PainPoint, *, by: User | None) -> None:
    source = Source.PERSON if by else Source.MACHINE
    made = [Membership(segment=one, pain_point=pain_point, source=source, confirmed_by=by, score=1) for one in free]
    Membership.objects.bulk_create(made)
    settle(one.fiche_id for one in free)


def _write_cases(found: Deserving, pain_point: PainPoint, *, by: User | None) -> list[DocumentCase]:
    issuing = cases.issuing_service_of(found.document)
    made = [
        DocumentCase(
            document=found.document, service=cell.service, issuing_service=issuing, pain_point=pain_point, by=by
        )
        for cell in found.cells
    ]
    return DocumentCase.objects.bulk_create(made)


def _tell(raised: Iterable[DocumentCase], pain_point: PainPoint) -> None:
    """The owners of each service that asks and of the one that issues: a letter each, once for this pain point."""
    for case in raised:
        told = [case.service, *([case.issuing_service] if case.issuing_service else [])]
        for service in told:
            raise_alert(case, policies.members_of(service))


@transaction.atomic
def declare_documents(service: Service, *, documents: Iterable[SupportingDocument], by: User) -> None:
    """Say which documents this service asks for. Nothing is written when nothing changes."""
    service = Service.objects.select_for_update().get(pk=service.pk)
    before = set(service.required_documents.values_list("key", flat=True))
    chosen = list(documents)
    after = {document.key for document in chosen}
    if before != after:
        service.required_documents.set(chosen)
        record(
            "service.documents_declared", service, by=by, added=sorted(after - before), removed=sorted(before - after)
        )


@transaction.atomic
def save_document(document: SupportingDocument, *, by: User | None) -> SupportingDocument:
    """Keep a document and its words, and have all passages read again with them, in the background."""
    is_new = document.pk is None
    document.save()
    record("document.added" if is_new else "document.changed", document, by=by, key=document.key)
    _read_again()
    return document


@transaction.atomic
def delete_document(document: SupportingDocument, *, by: User | None) -> None:
    """Forget a document of this site; those that everybody knows stay (``directory.documents.CANONICAL``)."""
    record("document.deleted", document, by=by, key=document.key)
    document.delete()
    _read_again()


def _read_again() -> None:
    started = reading.start()
    if started:
        transaction.on_commit(lambda: tasks.ring(tasks.read_documents, started.pk))


def take_up_the_reading() -> None:
    """What the doorbell missed: words that changed, and readings whose worker was killed."""
    reading.start()
    for pk in reading.unfinished():
        tasks.ring(tasks.read_documents, pk)


@transaction.atomic
def export_matrix(matrix: Matrix, *, filters: Sequence[str], by: User) -> Table:
    """The table as it is shown with these filters."""
    record("radar.exported", by, by=by, documents=len(matrix.rows), filters=list(filters))
    return exports.table_of_documents(matrix)


__all__ = [
    "declare_documents",
    "delete_document",
    "export_matrix",
    "raise_document",
    "save_document",
    "suggest",
    "take_up_the_reading",
]
