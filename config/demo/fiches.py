"""The fiches of the town, filed one by one, then grouped as every night."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from config.demo.files import day, read_lines
from directory.models import Office, Service
from feedback.actions.intake import submit_fiche
from feedback.choices import IntakeChannel
from feedback.models import Fiche


def file_fiches(people: dict[str, User]) -> list[Fiche]:
    """File every line of ``fiches.jsonl``, in order."""
    services = {service.slug: service for service in Service.objects.all()}
    offices = {(office.service_id, office.name): office for office in Office.objects.all()}
    clerk = people["guichet@demo.example"]
    return [_file(row, services, offices, clerk) for row in read_lines("fiches")]


def _file(row: dict[str, Any], services: dict[str, Service], offices, clerk: User) -> Fiche:
    service = services.get(row["service"])
    by_clerk = row["channel"] in {IntakeChannel.PAPER, IntakeChannel.COUNTER, IntakeChannel.PHONE}
    return submit_fiche(
        text=row["text"],
        service=service,
        office=offices[(service.pk, row["office"])] if service and row["office"] else None,
        channel=row["channel"],
        received_on=day(row["received_on"]),
        occurred_on=day(row["occurred_on"]),
        satisfaction=row["satisfaction"],
        wants_answer=row["wants_answer"],
        email=row["contact"] or "",
        postal_name=row["postal_name"] or "",
        step=row["step"] or "",
        by=clerk if by_clerk else None,
    )


def keys() -> list[str | None]:
    """For the stories only: which pain point each line of ``fiches.jsonl`` is about."""
    return [row["pain_point"] for row in read_lines("fiches")]


def passages_about(fiches: Iterable[Fiche], key: str) -> list:
    """The first passage of each fiche about ``key``."""
    return [
        fiche.segments.order_by("position").first() for fiche, about in zip(fiches, keys(), strict=True) if about == key
    ]
