"""Which supporting documents the fiches of a pain point name, at which services: « dites-le-nous une fois »."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, Func, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Service, SupportingDocument
from feedback.models import DocumentMention, Membership, PainPoint


@dataclass(frozen=True)
class Paper:
    """One document: who issues it, and for each service what it does with it and how many fiches say so.

    ``once`` is the sentence of « dites-le-nous une fois », when an administration could have it without asking people.
    """

    name: str
    issuer: str
    rows: list[tuple[str, str, int]]
    once: str = ""


def papers_of(pain_point: PainPoint) -> list[Paper]:
    """The documents named, the most often named first, in three queries.

    A service asks for a document when it declares so, or when its users say that it asks again.
    """
    named: dict[str, list[dict[str, Any]]] = {}
    for row in _counts(pain_point):
        named.setdefault(row["key"], []).append(row)
    requiring = Service.objects.filter(required_documents=OuterRef("pk")).values("pk")
    documents = SupportingDocument.objects.filter(key__in=named).select_related("issuer")
    again = _asked_again(pain_point) if named else set()
    papers = []
    for document in documents.annotate(required_by=ArraySubquery(requiring)):
        rows = named[document.key]
        asking = {*document.required_by, *(service for key, service in again if key == document.key)}
        lines = [_line(document, row, is_told=(document.key, row["service_id"]) in again) for row in rows]
        once = _once(document, [row for row in rows if row["service_id"] in asking])
        papers.append(Paper(document.name, str(document.issuer or ""), lines, once))
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
            owner_name=F("segment__fiche__service__administration__name"),
        )
        .annotate(n=Count("segment__fiche", distinct=True))
        .order_by("-n", "service")
    )


def _asked_again(pain_point: PainPoint) -> set[tuple[str, int | None]]:
    """Keys of documents, each with a service whose users say here that it asks for it again."""
    said = DocumentMention.objects.filter(asked_again=True, fiche__segments__membership__pain_point=pain_point)
    return set(said.values_list("document__key", "fiche__service").distinct())


def _line(document: SupportingDocument, row: dict[str, Any], *, is_told: bool) -> tuple[str, str, int]:
    if document.issuer_id is not None and document.issuer_id == row["owner"]:
        role = _("issues it")
    elif is_told:
        role = _("asks for it again, its users say")
    elif row["service_id"] in document.required_by:
        role = _("asks for it")
    else:
        role = _("named by its users")
    return (row["service"] or _("No service"), role, row["n"])


def _once(document: SupportingDocument, asking: list[dict[str, Any]]) -> str:
    """Another administration issues it; else, several of those that ask for it are one administration."""
    others = [row for row in asking if row["owner"] != document.issuer_id]
    if document.issuer_id is not None and others:
        words = ngettext(
            "Tell us once: %(issuer)s issues it, and %(count)d service of another administration asks for it.",
            "Tell us once: %(issuer)s issues it, and %(count)d services of other administrations ask for it.",
            len(others),
        )
        return words % {"issuer": document.issuer, "count": len(others)}
    owner, most = next(iter(Counter(row["owner_name"] for row in asking).most_common(1)), ("", 0))
    if most < 2:
        return ""
    words = _("Tell us once: of the %(count)d services that ask for it, %(most)d are one administration, %(name)s.")
    return words % {"most": most, "count": len(asking), "name": owner}
