"""Which supporting documents the fiches of a pain point name, at which services: « dites-le-nous une fois »."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, Func, OuterRef
from django.utils.translation import gettext as _

from directory.models import Service, SupportingDocument
from feedback.models import Membership, PainPoint


@dataclass(frozen=True)
class Paper:
    """One document: who issues it, and for each service what it does with it and how many fiches say so."""

    name: str
    issuer: str
    rows: list[tuple[str, str, int]]


def papers_of(pain_point: PainPoint) -> list[Paper]:
    """The documents named, the most often named first, in two queries."""
    named: dict[str, list[tuple[int | None, str, int | None, int]]] = {}
    for row in _counts(pain_point):
        named.setdefault(row["key"], []).append((row["service_id"], row["service"], row["owner"], row["n"]))
    requiring = Service.objects.filter(required_documents=OuterRef("pk")).values("pk")
    documents = SupportingDocument.objects.filter(key__in=named).select_related("issuer")
    papers = [
        Paper(document.name, str(document.issuer or ""), [_line(document, *line) for line in named[document.key]])
        for document in documents.annotate(required_by=ArraySubquery(requiring))
    ]
    return sorted(papers, key=lambda paper: -sum(count for *_rest, count in paper.rows))


def _counts(pain_point: PainPoint):
    held = Membership.objects.filter(pain_point=pain_point).exclude(segment__documents=[])
    return (
        held.annotate(key=Func("segment__documents", function="unnest", output_field=CharField()))
        .values(
            "key",
            service_id=F("segment__fiche__service"),
            service=F("segment__fiche__service__name"),
            owner=F("segment__fiche__service__administration"),
        )
        .annotate(n=Count("segment__fiche", distinct=True))
        .order_by("-n", "service")
    )


def _line(document: SupportingDocument, service: int | None, name: str, owner: int | None, count: int):
    if document.issuer_id is not None and document.issuer_id == owner:
        role = _("issues it")
    elif service in document.required_by:
        role = _("asks for it")
    else:
        role = _("named by its users")
    return (name or _("No service"), role, count)
