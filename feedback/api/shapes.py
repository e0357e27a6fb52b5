"""What programs read and write: public columns, one by one. A new column of a model is never published by itself."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from ninja import Schema
from pydantic import ConfigDict, Field

from directory.models import Service
from feedback import receipts, references
from feedback.choices import PAIN_POINT_PUBLIC_WORDS, PainPointState
from feedback.figures import FEW, ServiceFigures
from feedback.following import Story
from feedback.intake_text import TEXT_LIMIT
from feedback.letters.links import tracking_url
from feedback.models import Answer, Fiche, PainPoint
from feedback.public import Said, Settled
from feedback.radar.matrix import Cell


class ServiceOut(Schema):
    slug: str
    name: str
    administration: str
    description: str
    postal_address: str
    email: str
    phone: str
    is_open: bool
    response_target_days: int
    url: str


class OfficeOut(Schema):
    id: int
    name: str
    address: str
    opening_hours: str


class FiguresOut(Schema):
    """Null stands for fewer than five."""

    fiches: int | None
    rated: int | None
    satisfaction: float | None
    answered: int | None
    median_days: int | None


class ServiceDetail(ServiceOut):
    offices: list[OfficeOut]
    figures: FiguresOut


class ThemeOut(Schema):
    """What a pain point stands under with others; the id stays, the name may change."""

    id: int
    name: str


class PainPointOut(Schema):
    """``fiches`` is null under five; months, because a day would say too much about a person."""

    number: int
    title: str
    state: str
    state_words: str
    service: str
    theme: ThemeOut | None
    fiches: int | None
    first_month: str | None
    last_month: str | None
    url: str


class AnswerOut(Schema):
    outcome: str
    outcome_words: str
    changes: str
    does_not_change: str
    planned_for: date | None
    given_on: date


class SettledOut(Schema):
    yes_at_least: int
    replied: int
    asked: int


class PainPointDetail(PainPointOut):
    services: list[str]
    said: list[str]
    answers: list[AnswerOut]
    settled: SettledOut | None


class DocumentCellOut(Schema):
    """One document at one service, named by five fiches or more. ``asked_again`` is null under five, or when those
    that do not say so are fewer than five; ``issued_elsewhere``: by another administration of this site."""

    document: str
    document_name: str
    issued_by: str
    service: str
    service_name: str
    fiches: int
    asked_again: int | None
    issued_elsewhere: bool


class DocumentsMatrix(Schema):
    counted_on: date
    fewest: int
    cells: list[DocumentCellOut]


class FicheIn(Schema):
    """``contact`` is an e-mail address or a mobile number; given, it is a wish to be answered."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=TEXT_LIMIT * 2)
    satisfaction: int | None = Field(None, ge=1, le=5)
    occurred_on: date | None = None
    office: int | None = Field(None, ge=1, lt=2**63)
    step: str = Field("", max_length=40)
    wants_answer: bool | None = None
    contact: str = Field("", max_length=254)

    def typed(self, key: uuid.UUID) -> dict[str, Any]:
        """As the form of the page receives it."""
        wish = {True: "yes", False: "no", None: ""}[self.wants_answer]
        given = self.model_dump(mode="json", exclude_none=True)
        return {**given, "wants_answer": wish, "idempotency_key": str(key)}


class FicheReceipt(Schema):
    """What CRPA R112-11-1 asks to be handed over, and the key to follow the fiche: it is shown here only."""

    reference: str
    key: str
    tracking_url: str
    received_on: date
    expected_on: date | None
    service: ServiceOut


class FicheOut(Schema):
    reference: str
    state: str
    state_words: str
    received_on: date
    expected_on: date | None
    service: str | None
    pain_points: list[int]
    answers: list[AnswerOut]


def service(one: Service) -> dict[str, Any]:
    same = ("slug", "name", "description", "postal_address", "email", "phone", "is_open", "response_target_days")
    return {
        **{name: getattr(one, name) for name in same},
        "administration": one.administration.name,
        "url": settings.BASE_URL + one.get_absolute_url(),
    }


def service_detail(one: Service, figures: ServiceFigures) -> dict[str, Any]:
    same = ("id", "name", "address", "opening_hours")
    offices = [{name: getattr(office, name) for name in same} for office in one.offices.all()]
    return {
        **service(one),
        "offices": offices,
        "figures": {
            "fiches": _enough(figures.fiches),
            "rated": _enough(figures.rated),
            "satisfaction": figures.satisfaction,
            "answered": _enough(figures.answered),
            "median_days": figures.median_days,
        },
    }


def pain_point(one: PainPoint, themes: Mapping[int, str]) -> dict[str, Any]:
    """``themes``: what everybody may call them, by key."""
    named = themes.get(one.theme_id)
    return {
        "number": one.number,
        "title": one.title,
        "state": one.state,
        "state_words": str(PAIN_POINT_PUBLIC_WORDS[PainPointState(one.state)]),
        "service": one.service.slug,
        "theme": {"id": one.theme_id, "name": named} if named else None,
        "fiches": _enough(one.fiche_count),
        "first_month": one.first_on and one.first_on.strftime("%Y-%m"),
        "last_month": one.last_on and one.last_on.strftime("%Y-%m"),
        "url": f"{settings.BASE_URL}/vous-avez-dit/{one.number}/",
    }


def pain_point_detail(
    told: Said, answers: Sequence[Answer], services: Sequence[Service], themes: Mapping[int, str]
) -> dict[str, Any]:
    return {
        **pain_point(told.pain_point, themes),
        "services": [one.slug for one in services],
        "said": told.passages,
        "answers": [answer(given) for given in answers],
        "settled": _settled(told.settled),
    }


def answer(given: Answer) -> dict[str, Any]:
    return {
        "outcome": given.outcome,
        "outcome_words": given.get_outcome_display(),
        "changes": given.changes,
        "does_not_change": given.does_not_change,
        "planned_for": given.planned_for,
        "given_on": timezone.localdate(given.created_at),
    }


def documents_matrix(cells: Sequence[Cell]) -> dict[str, Any]:
    shown = [cell for cell in cells if cell.fiches >= FEW]
    shown.sort(key=lambda cell: (cell.document.key, cell.service.slug))
    return {"counted_on": timezone.localdate(), "fewest": FEW, "cells": [_cell(cell) for cell in shown]}


def _cell(cell: Cell) -> dict[str, Any]:
    others = cell.fiches - cell.again
    return {
        "document": cell.document.key,
        "document_name": cell.document.name,
        "issued_by": cell.document.issuer_name,
        "service": cell.service.slug,
        "service_name": cell.service.name,
        "fiches": cell.fiches,
        "asked_again": None if 0 < others < FEW else _enough(cell.again),
        "issued_elsewhere": cell.is_elsewhere,
    }


def receipt(fiche: Fiche) -> dict[str, Any]:
    return {
        "reference": fiche.reference,
        "key": references.tracking_key(fiche),
        "tracking_url": tracking_url(fiche),
        "received_on": fiche.received_on,
        "expected_on": receipts.expected_on(fiche),
        "service": service(fiche.service),
    }


def story(told: Story) -> dict[str, Any]:
    fiche = told.fiche
    return {
        "reference": fiche.reference,
        "state": fiche.state,
        "state_words": told.words,
        "received_on": fiche.received_on,
        "expected_on": told.expected_on,
        "service": fiche.service.slug if fiche.service else None,
        "pain_points": [one.number for one in told.pain_points],
        "answers": [answer(received.answer) for received in told.answers],
    }


def _enough(count: int) -> int | None:
    return count if count >= FEW else None


def _settled(settled: Settled | None) -> dict[str, int] | None:
    """As the page: nothing while too few have replied, and a « yes » never counted when the others are too few."""
    if settled is None or not settled.is_shown or settled.yes < FEW:
        return None
    return {"yes_at_least": settled.yes_at_least, "replied": settled.replied, "asked": settled.asked}
