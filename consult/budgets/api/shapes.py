"""What programs read of a budget: public columns, one by one. A new column is never published by itself."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from ninja import Schema

from consult.api.shapes import PhaseOut
from consult.budgets import eligibility, exports, plain_words, policies
from consult.budgets.models import Project
from consult.budgets.public import Shared
from consult.budgets.results import Result
from consult.budgets.rules import read_rules


class EnvelopeOut(Schema):
    """``amount`` in cents."""

    id: int
    title: str
    kind: str
    amount: int


class BudgetOut(Schema):
    """``total`` in cents. ``state``: coming, open or closed; ``phases`` of one budget say what is open."""

    slug: str
    title: str
    lead: str
    administration: str
    state: str
    total: int
    url: str


class RegulationOut(Schema):
    """What is promised to voters. ``hash``: SHA-256 of ``content``, once it is frozen; null before."""

    sentences: list[str]
    frozen_at: datetime | None
    hash: str | None
    content: dict | None


class BudgetDetail(BudgetOut):
    phases: list[PhaseOut]
    envelopes: list[EnvelopeOut]
    conditions: list[str]
    regulation: RegulationOut


class MoveOut(Schema):
    """A state that the project entered."""

    state: str
    on: date
    reason: str


class StepOut(Schema):
    title: str
    planned_on: date | None
    done_on: date | None
    note: str


class SpendingOut(Schema):
    """``amount`` in cents; below zero for a credit note."""

    on: date
    label: str
    amount: int


class NewsOut(Schema):
    on: date
    title: str
    text: str


class ProjectOut(Schema):
    """``cost`` and ``paid`` in cents, ``running_cost`` in cents a year. ``ideas``: the numbers it comes of."""

    number: int
    title: str
    summary: str
    envelope: int
    theme: str
    place: str
    latitude: float | None
    longitude: float | None
    cost: int | None
    running_cost: int
    state: str
    reason: str
    ideas: list[int]
    states: list[MoveOut]
    milestones: list[StepOut]
    spendings: list[SpendingOut]
    paid: int
    news: list[NewsOut]
    url: str


def project(row: Project, shared: Shared) -> dict:
    plain = ("number", "title", "summary", "theme", "place", "latitude", "longitude", "cost", "running_cost", "state")
    return {
        **{name: getattr(row, name) for name in (*plain, "reason")},
        "envelope": row.envelope_id,
        "ideas": [origin.suggestion.number for origin in row.public_origins],
        **_story(row, shared),
        "url": settings.BASE_URL + reverse("budgets:project", args=[shared.slug, row.number]),
    }


def _story(row: Project, shared: Shared) -> dict[str, Any]:
    """What everybody reads on its page: days, not hours."""
    zone, spendings = shared.page.zone, list(row.spendings.all())
    return {
        "states": [
            {"state": one.state, "on": timezone.localtime(one.at, zone).date(), "reason": one.reason}
            for one in row.moves.all()
        ],
        "milestones": list(row.milestones.all()),
        "spendings": spendings,
        "paid": sum(one.amount for one in spendings),
        "news": [
            {"on": timezone.localtime(one.published_at, zone).date(), "title": one.title, "text": one.text}
            for one in row.news.all()
        ],
    }


def budget(shared: Shared) -> dict:
    return {
        "slug": shared.slug,
        "title": shared.page.title,
        "lead": shared.page.lead,
        "administration": shared.page.administration.name if shared.page.administration else "",
        "state": _state(shared),
        "total": shared.total,
        "url": settings.BASE_URL + shared.budget.page.get_absolute_url(),
    }


def _state(shared: Shared) -> str:
    if any(one.opens_at <= shared.at < one.closes_at for one in shared.phases):
        return "open"
    return "coming" if any(one.opens_at > shared.at for one in shared.phases) else "closed"


def detail(shared: Shared) -> dict:
    with timezone.override(shared.page.zone):
        return {
            **budget(shared),
            "phases": [
                {
                    "kind": one.kind,
                    "title": str(one),
                    "opens_at": one.opens_at,
                    "closes_at": one.closes_at,
                    "level": one.level,
                }
                for one in shared.phases
            ],
            "envelopes": [
                {"id": one.pk, "title": one.title, "kind": one.kind, "amount": one.amount} for one in shared.envelopes
            ],
            "conditions": [str(one) for one in eligibility.asked_of(shared.budget)],
            "regulation": _regulation(shared),
        }


def _regulation(shared: Shared) -> dict:
    frozen = policies.frozen_regulation(shared.budget)
    rules = read_rules(frozen.content["rules"] if frozen else shared.budget.page.rules)
    return {
        "sentences": plain_words.sentences(rules, shared.envelopes) if rules else [],
        "frozen_at": frozen.frozen_at if frozen else None,
        "hash": frozen.hash if frozen else None,
        "content": frozen.content if frozen else None,
    }


class DecisionOut(Schema):
    """A departure from the count, signed apart."""

    project: int
    funded: bool
    reason: str
    signatory: str
    signed_on: date


class OutcomeOut(Schema):
    """``outcome`` is what the kernel says: amounts in cents; ``files`` are those to count again."""

    envelope: str
    amount: int
    signatory: str
    signed_on: date
    regulation: dict[str, Any]
    outcome: dict[str, Any]
    decisions: list[DecisionOut]
    files: list[str]


def outcome(result: Result, shared: Shared) -> dict[str, Any]:
    count = result.count
    return {
        "envelope": result.envelope.title,
        "amount": result.envelope.amount,
        "signatory": count.signatory,
        "signed_on": timezone.localdate(count.signed_at),
        "regulation": count.regulation,
        "outcome": count.outcome,
        "decisions": [
            {
                "project": int(number),
                "funded": one.funded,
                "reason": one.reason,
                "signatory": one.signatory,
                "signed_on": timezone.localdate(one.signed_at),
            }
            for number, one in sorted(result.decisions.items(), key=lambda pair: int(pair[0]))
        ],
        "files": [
            settings.BASE_URL + reverse("budgets:recount_file", args=[shared.slug, count.envelope_id, name])
            for name in exports.FILES
        ],
    }
